import { html, nothing, type TemplateResult } from "lit";
import { icon, type IconName } from "./icon.ts";

interface Entry {
  readonly label: string;
  readonly icon?: IconName;
  readonly isDangerous?: boolean;
  readonly act: () => void;
}

/** Loads the menus' behaviour; the shell does it when it has nothing else to do. */
export async function loadMenus(): Promise<void> {
  await import("@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js");
  await import("@awesome.me/webawesome/dist/components/dropdown/dropdown.js");
}

/** A button with a menu of further things that can be done. */
export function menu(
  label: string,
  entries: readonly Entry[],
  face: TemplateResult = icon("more"),
  head: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  const pressed = (event: Event): void => {
    const dropdown = (event.currentTarget as HTMLElement).parentElement as HTMLElement & { open: boolean };
    if (customElements.get("wa-dropdown") === undefined) void loadMenus().then(() => (dropdown.open = true));
  };
  const chosen = (event: CustomEvent<{ item: HTMLElement }>): void => entries[Number(event.detail.item.dataset["at"])]?.act();
  return html`<wa-dropdown placement="bottom-end" @wa-select=${chosen}>
    <button type="button" slot="trigger" class="quiet icon-only" aria-label=${label} aria-haspopup="menu" @click=${pressed}>${face}</button>
    ${head}
    ${entries.map(
      (entry, at) =>
        html`<wa-dropdown-item data-at=${at} variant=${entry.isDangerous === true ? "danger" : "default"}>
          ${entry.icon === undefined ? nothing : html`<span slot="icon">${icon(entry.icon)}</span>`}${entry.label}
        </wa-dropdown-item>`,
    )}
  </wa-dropdown>`;
}
