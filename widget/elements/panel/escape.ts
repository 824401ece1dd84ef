import type { LitElement } from "lit";
import { isComposing } from "../foundation/is-composing.ts";
import { focusOn } from "./panel-focus.ts";

type Host = LitElement & { readonly mode: string; close(): void };

/** What may be open in the panel. */
export interface Inside {
  readonly menu: { isOpen: boolean };
  readonly leaving: { readonly isOpen: boolean; stay(): void };
}

/** Escape closes the innermost that is open. An inline panel stays, and the key is the page's. */
export function escape(event: KeyboardEvent, host: Host, { leaving, menu }: Inside): void {
  if (event.key !== "Escape" || isComposing(event) || event.defaultPrevented) return;
  if (!menu.isOpen && !leaving.isOpen && host.mode === "inline") return;
  event.preventDefault();
  if (leaving.isOpen) return leaving.stay();
  if (!menu.isOpen) return host.close();
  menu.isOpen = false;
  focusOn(host, "[aria-expanded=true]");
}
