import { words } from "../../../foundation/words.ts";

const valueWords = words({ nothing: "(nothing)", yes: "yes", no: "no" }, { nothing: "(nichts)", yes: "ja", no: "nein" });

/** A setting as text that can be compared: a list has a line for each entry, a time is in words. */
export function textOfValue(path: string, value: unknown): string {
  if (value === undefined || value === null || value === "") return valueWords.nothing;
  if (typeof value === "boolean") return value ? valueWords.yes : valueWords.no;
  if (Array.isArray(value)) return value.length === 0 ? valueWords.nothing : value.map(String).join("\n");
  if (typeof value === "number" && path.endsWith("Ms")) return `${value / 1000} s`;
  return typeof value === "string" ? value : JSON.stringify(value, undefined, 2);
}
