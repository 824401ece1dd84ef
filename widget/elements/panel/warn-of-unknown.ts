import type { PropertyValues } from "lit";

const CHOICES = { mode: "floating inline", theme: "system light dark", position: "end start" };

type Chosen = Readonly<Record<keyof typeof CHOICES, string> & { accent: string | undefined }> & ElementCSSInlineStyle;

/** Takes the accent on, and warns the website's developer about a value that means nothing here, once for each. */
export function warnOfUnknown(element: Chosen, changed: PropertyValues): void {
  const warn = (what: string): void => console.warn(`Frontdesk: ${what}.`);
  for (const [name, choices] of Object.entries(CHOICES)) {
    const value = element[name as keyof typeof CHOICES];
    if (changed.has(name) && !choices.split(" ").includes(value)) warn(`${name}="${value}" is none of ${choices}`);
  }
  const { accent } = element;
  if (!changed.has("accent") || !accent) return;
  if (CSS.supports("color", accent)) element.style.setProperty("--frontdesk-accent", accent);
  else warn(`accent="${accent}" is no colour`);
}

export function warnOfMissing({ server, assistant }: { readonly server: string; readonly assistant: string }): void {
  if (server === "" || assistant === "") console.error('Frontdesk: <front-desk> needs the attributes "server" and "assistant".');
}
