import type { StoredResult } from "../ports/store.ts";

/** Nobody reads a shape that is deeper or longer than this. */
const MOST_LEVELS = 12;
const MOST_KEYS = 100;
const MOST_CHARACTERS = 4_096;

/**
 * The part of a result that may be kept when its values may not: the keys, where they are names of fields, and the kind
 * and size of each value.
 */
export function redactedShape({ content, structured }: StoredResult): string {
  const shape =
    structured === undefined
      ? content.map((piece) => (piece.kind === "text" ? shapeOfText(piece.text) : `[${piece.kind}]`)).join("\n")
      : JSON.stringify(shapeOf(structured, 0));
  return shape.length <= MOST_CHARACTERS ? shape : `${shape.slice(0, MOST_CHARACTERS)} …`;
}

function shapeOfText(text: string): string {
  const isJson = /^\s*[[{]/.test(text);
  if (!isJson) return sizeOfText(text);
  try {
    return JSON.stringify(shapeOf(JSON.parse(text), 0));
  } catch {
    return sizeOfText(text);
  }
}

function shapeOf(value: unknown, level: number): unknown {
  if (value === null) return "[nothing]";
  if (typeof value === "string") return sizeOfText(value);
  if (typeof value !== "object") return typeof value === "boolean" ? "[yes or no]" : `[${typeof value}]`;
  const size = Array.isArray(value) ? value.length : Object.keys(value).length;
  if (level >= MOST_LEVELS) return `[${size} more]`;
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0], level + 1), ...(size > 1 ? [`[${size} in all]`] : [])];
  const entries = Object.entries(value).slice(0, MOST_KEYS);
  const shapes = entries.map(([key, entry]) => [shapeOfKey(key), shapeOf(entry, level + 1)] as const);
  return Object.fromEntries(size > MOST_KEYS ? [...shapes, ["…", `[${size} in all]`]] : shapes);
}

/** Some servers put what a person is called, or their number, where others put a name of a field. */
function shapeOfKey(key: string): string {
  const isName = /^[@$_]?\p{L}[\p{L}\p{M}\d_$-]{0,39}$/u.test(key) && (key.match(/\d/g) ?? []).length <= 4;
  return isName ? key : `[key of ${key.length} characters]`;
}

function sizeOfText(text: string): string {
  return `[text of ${text.length} characters]`;
}
