import { canonicalJson } from "../../foundation/canonical-json.ts";
import type { ListedTool } from "../../tools/definitions/tool-definition.ts";
import { revealed } from "./hidden-characters.ts";

/** One place where a definition differs from the accepted one. An absent side: the field was added or removed. */
export interface DefinitionChange {
  /** JSON pointer, such as `/inputSchema/properties/order_id/type`. */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
  /** The same for people, on one line. */
  readonly text: string;
}

const MOST_CHANGES = 200;
const VALUE_CHARACTERS = 2_000;
const LINE_CHARACTERS = 300;

/**
 * What changed between two definitions of a tool, field by field, and in schemas key by key. Hidden characters are
 * shown.
 */
export function differenceOf(before: ListedTool, after: ListedTool): readonly DefinitionChange[] {
  const changes: DefinitionChange[] = [];
  compare(before, after, "", changes);
  return changes;
}

function compare(before: unknown, after: unknown, path: string, changes: DefinitionChange[]): void {
  if (changes.length >= MOST_CHANGES || before === after) return;
  if (isObject(before) && isObject(after)) {
    for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted())
      compare(own(before, key), own(after, key), `${path}/${revealed(key).replaceAll("~", "~0").replaceAll("/", "~1")}`, changes);
    return;
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index += 1)
      compare(before[index], after[index], `${path}/${index}`, changes);
    return;
  }
  if (canonicalJson(before) === canonicalJson(after) && (before === undefined) === (after === undefined)) return;
  const last = changes.length === MOST_CHANGES - 1;
  changes.push(last ? { path, text: `${path}: and more changes than are listed here` } : changeOf(before, after, path));
}

function changeOf(before: unknown, after: unknown, path: string): DefinitionChange {
  return {
    path,
    ...(before === undefined ? {} : { before: shown(before) }),
    ...(after === undefined ? {} : { after: shown(after) }),
    text: `${path}: ${line(before)} → ${line(after)}`,
  };
}

function shown(value: unknown): unknown {
  if (typeof value === "string") return cut(revealed(value), VALUE_CHARACTERS);
  if (typeof value !== "object" || value === null) return value;
  const text = revealed(JSON.stringify(value));
  return text.length > VALUE_CHARACTERS || text !== JSON.stringify(value) ? cut(text, VALUE_CHARACTERS) : value;
}

function line(value: unknown): string {
  return value === undefined ? "(nothing)" : cut(revealed(JSON.stringify(value)), LINE_CHARACTERS);
}

function cut(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters)} … (cut: ${text.length} characters)`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
