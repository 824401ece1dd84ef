import { html, type TemplateResult } from "lit";

interface Tab {
  readonly label: string;
  readonly href: string;
  readonly isCurrent: boolean;
}

/** Tabs with addresses: each is a link that a second window can open. The arrow keys move between them. */
export function tabs(label: string, given: readonly Tab[]): TemplateResult {
  return html`<nav class="tabs" role="tablist" aria-label=${label} @keydown=${moved}>
    ${given.map(({ label: name, href, isCurrent }) => html`<a role="tab" href=${href} aria-selected=${isCurrent ? "true" : "false"} tabindex=${isCurrent ? 0 : -1}>${name}</a>`)}
  </nav>`;
}

function moved(event: KeyboardEvent): void {
  const all = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("[role=tab]")];
  const at = all.indexOf(event.target as HTMLElement);
  const isMirrored = document.dir === "rtl";
  const step = { ArrowRight: isMirrored ? -1 : 1, ArrowLeft: isMirrored ? 1 : -1 }[event.key];
  if (step === undefined || at === -1) return;
  event.preventDefault();
  const next = all[(at + step + all.length) % all.length]!;
  next.focus();
  next.click();
}
