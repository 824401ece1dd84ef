import { isComposing } from "../foundation/is-composing.ts";

/** What is open, from the outside to the inside. */
export interface Opened {
  readonly isInline: boolean;
  readonly menu: { isOpen: boolean };
  readonly isLeaving: boolean;
}

/** What Escape closes: the innermost that is open. An inline panel stays, and the key is the page's. */
export function escaped(event: KeyboardEvent, { isInline, isLeaving, menu }: Opened): "question" | "menu" | "panel" | undefined {
  if (event.key !== "Escape" || isComposing(event) || event.defaultPrevented) return undefined;
  if (!menu.isOpen && !isLeaving && isInline) return undefined;
  event.preventDefault();
  if (isLeaving) return "question";
  if (!menu.isOpen) return "panel";
  menu.isOpen = false;
  return "menu";
}
