import type { Assistant } from "../../../api/types.ts";

export type Look = Partial<Assistant["look"]>;

/** The attributes that a look gives the tag: what is the widget's default is left out. */
export function lookAttributes({ accent, position, theme, lang, label }: Look): readonly (readonly [name: string, value: string])[] {
  const given = [
    ["data-accent", accent],
    ["data-position", position === "end" ? undefined : position],
    ["data-theme", theme === "system" ? undefined : theme],
    ["data-lang", lang],
    ["data-label", label],
  ] as const;
  return given.flatMap(([name, value]) => (value === undefined || value === "" ? [] : [[name, value] as const]));
}
