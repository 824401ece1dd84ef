import type { LitElement } from "lit";

/** Events that a page outside would take for its own: it sees `<front-desk>` as their target, not a text field. */
const EVENTS = ["keydown", "keypress", "keyup", "copy", "cut", "paste", "wheel", "touchmove", "focusin"];

/**
 * Keeps what is typed and scrolled in the panel from the page around it, as docs/decisions/0021 says. What the page
 * hears in the capture phase has reached it before, and cannot be kept from it.
 */
export function keepFromPage(host: LitElement & { readonly mode: string }): void {
  const held = new Set<string>();
  const keep = (event: Event): void => {
    let stays = event.composedPath().some((node) => (node as Element).className === "panel");
    const { type, key, code } = event as KeyboardEvent;
    if (type === "keydown") {
      stays = stays ? !isForPage(event as KeyboardEvent, host.mode) : key === " " || key === "Enter";
      held[stays ? "add" : "delete"](code);
    }
    // What follows goes where the key went when it was pressed, wherever the focus is by now.
    else if (type === "keypress") stays = held.has(code);
    else if (type === "keyup") stays = held.delete(code);
    if (stays) event.stopPropagation();
  };
  for (const type of EVENTS) host.addEventListener(type, keep, { passive: true });
}

/** Whether a key pressed in the panel types nothing there and edits nothing. */
function isForPage({ key, keyCode, ctrlKey, metaKey, altKey, defaultPrevented }: KeyboardEvent, mode: string): boolean {
  // A page that shows the chat in a dialog of its own moves the focus in it, and closes it.
  if (key === "Tab" || key === "Escape") return mode === "inline" && !defaultPrevented;
  // By its code: with Cyrillic letters, for example, Ctrl+C has another key. AltGr is Ctrl and Alt, and types.
  return (ctrlKey || metaKey) && !altKey && key.length === 1 && !"ACVXYZ".includes(String.fromCharCode(keyCode));
}
