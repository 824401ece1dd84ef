import { html, type TemplateResult } from "lit";
import type { AuditEntry } from "../../api/types.ts";
import { valueDifference } from "../assistants/editor/value-difference.ts";
import { textOfValue } from "../assistants/editor/value-text.ts";
import { voiceWords } from "../assistants/voice/voice-words.ts";
import { auditFieldWords, labelOf } from "./audit-field-words.ts";
import { nameOf } from "./sentence.ts";

interface Changed {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Field by field: what was and what is. What was made or deleted has its values on one side only. */
export function changedFields(entry: AuditEntry): readonly TemplateResult[] {
  const isWhole = entry.before === undefined || entry.after === undefined;
  return differences("", entry.before, entry.after).map(({ path, before, after }) => {
    const [was, is] = [readable(entry, path, before), readable(entry, path, after)];
    return html`<h4>${labelOf(path)}</h4>
      ${isWhole ? html`<p class="said">${textOfValue(path, was ?? is)}</p>` : valueChange(path, was, is)}`;
  });
}

function valueChange(path: string, was: unknown, is: unknown): TemplateResult {
  if (isEmpty(was)) return html`<pre class="difference"><ins>${textOfValue(path, is)}</ins></pre>`;
  if (isEmpty(is)) return html`<pre class="difference"><del>${textOfValue(path, was)}</del></pre>`;
  return valueDifference(path, was, is);
}

/** The deepest fields that differ; lists are one value. */
function differences(path: string, before: unknown, after: unknown): readonly Changed[] {
  const [one, other] = [fieldsOf(before), fieldsOf(after)];
  const isBranch = one !== undefined || other !== undefined;
  const isThing = isNamed(one) || isNamed(other);
  if (!isBranch || isThing || (one === undefined && !isEmpty(before)) || (other === undefined && !isEmpty(after)))
    return isEmpty(before) && isEmpty(after) ? [] : same(before, after) ? [] : [{ path, before, after }];
  const names = [...new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})])];
  return names.flatMap((name) => differences(`${path}/${name}`, one?.[name], other?.[name]));
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** A person, a group or a key. */
function isNamed(fields: Fields | undefined): boolean {
  return typeof fields?.["kind"] === "string" && typeof fields["id"] === "string";
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** People by their names, engines of calls on a line, whatever else as it is. */
function readable(entry: AuditEntry, path: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((inner: unknown) => lineOf(readable(entry, path, inner)));
  const fields = fieldsOf(value);
  if (path === "/person" && typeof value === "string") return nameOf(entry, "person", value);
  if (path === "/server" && typeof value === "string") return nameOf(entry, "mcp-server", value);
  if (path === "/groups" && typeof value === "string") return nameOf(entry, "group", value);
  if (fields === undefined) return value;
  const { kind, id, name, grantee, level, provider } = fields;
  if (typeof name === "string" && isNamed(fields)) return name;
  if (typeof kind === "string" && typeof id === "string") return nameOf(entry, kind, id);
  if (grantee !== undefined) return `${lineOf(readable(entry, path, grantee))}: ${auditFieldWords.levels[String(level)] ?? String(level)}`;
  if (typeof provider === "string") return engineLine(provider, fields);
  return value;
}

/** What an assistant hears or speaks with, on one line. */
function engineLine(provider: string, { model, voice, language, speed, sampleRate, baseUrl }: Fields): string {
  const name = Object.hasOwn(voiceWords.providers, provider) ? voiceWords.providers[provider as "openai"] : provider;
  return [name, model, voice, language, speed, sampleRate, baseUrl].filter((one) => !isEmpty(one)).join(", ");
}

function lineOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
