import { addressEnd, afterBlank, endOf, readTarget, titleEnd, type Target } from "./link-target.ts";

const LABEL = /\[((?:[^\\[\]]|\\[^]){1,999})\]/y;
const LINE_END = /[ \t]*(?:\n|$)/y;

/** What reference links lead to, by their labels. The first definition of a label counts. */
export type References = Map<string, Target>;

/** Labels are the same whatever their case and blanks. */
export function normalLabel(label: string): string {
  return label.trim().replace(/\s+/g, " ").toLowerCase().toUpperCase();
}

/** The label between brackets that begins at `at`, and where it ends. */
export function readLabel(text: string, at: number): { readonly label: string; readonly end: number } | undefined {
  const end = endOf(LABEL, text, at);
  const label = text.slice(at + 1, end - 1);
  return end > 0 && label.trim() ? { label, end } : undefined;
}

/** A definition at the beginning of a paragraph. */
interface Definition {
  readonly label: string;
  readonly target: Target;
  readonly end: number;
}

function readDefinition(text: string, from: number): Definition | undefined {
  const named = readLabel(text, from);
  if (named === undefined || text[named.end] !== ":") return undefined;
  const begin = afterBlank(text, named.end + 1);
  const addressTo = addressEnd(text, begin);
  if (addressTo <= begin) return undefined;
  const address = text.slice(begin, addressTo);
  const titleFrom = afterBlank(text, addressTo);
  const titleTo = titleFrom > addressTo ? titleEnd(text, titleFrom) : -1;
  const whole = titleTo < 0 ? -1 : endOf(LINE_END, text, titleTo);
  const { label } = named;
  if (whole >= 0) return { label, target: readTarget(address, text.slice(titleFrom, titleTo)), end: whole };
  const end = endOf(LINE_END, text, addressTo);
  return end < 0 ? undefined : { label, target: readTarget(address, ""), end };
}

/** Puts the definitions at the beginning of a paragraph's text into `references`, and returns where the rest begins. */
export function readDefinitions(text: string, references?: References): number {
  let from = 0;
  while (text[from] === "[") {
    const definition = readDefinition(text, from);
    if (definition === undefined) break;
    const label = normalLabel(definition.label);
    if (!references?.has(label)) references?.set(label, definition.target);
    from = definition.end;
  }
  return from;
}
