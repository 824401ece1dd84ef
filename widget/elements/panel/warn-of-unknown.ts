import type { PropertyValues } from "lit";

const CHOICES = { mode: "floating inline", theme: "system light dark" } as const;

type Chosen = Readonly<Record<keyof typeof CHOICES, string> & { accent: string | undefined }>;

/** Warns the website's developer about an attribute value that means nothing here, once for each value. */
export function warnOfUnknown(element: Chosen, changed: PropertyValues): void {
  const warn = (what: string): void => console.warn(`Frontdesk: ${what}.`);
  for (const name of ["mode", "theme"] as const) {
    const value = element[name];
    if (changed.has(name) && !CHOICES[name].split(" ").includes(value)) warn(`${name}="${value}" is none of ${CHOICES[name]}`);
  }
  const { accent } = element;
  if (changed.has("accent") && accent && !CSS.supports("color", accent)) warn(`accent="${accent}" is no colour`);
}
