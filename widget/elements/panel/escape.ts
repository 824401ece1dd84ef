import { isComposing } from "../foundation/is-composing.ts";

/** What Escape closes, from the inside to the outside. */
export interface Closable {
  readonly isInline: boolean;
  readonly isLeaving: boolean;
  readonly menu: { isOpen: boolean };
  stay(): void;
  close(): void;
  focusOn(selector: string): void;
}

export function escape(event: KeyboardEvent, { isInline, isLeaving, menu, stay, close, focusOn }: Closable): void {
  if (event.key !== "Escape" || isComposing(event) || event.defaultPrevented) return;
  if (!menu.isOpen && !isLeaving && isInline) return;
  event.preventDefault();
  if (isLeaving) return stay();
  if (!menu.isOpen) return close();
  menu.isOpen = false;
  focusOn("[aria-expanded=true]");
}
