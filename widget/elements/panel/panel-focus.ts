import type { LitElement } from "lit";
import { isTouch } from "./phone-query.ts";

/** Puts the cursor into the text field as soon as it is drawn; on a touch screen, the focus on the panel. */
export async function focusToWrite(host: LitElement): Promise<void> {
  await host.updateComplete;
  host.renderRoot.querySelector<HTMLElement>(isTouch() ? ".panel" : "front-desk-composer")?.focus({ preventScroll: true });
}

/** What was written and not sent goes, too. */
export function emptyField({ renderRoot }: LitElement): void {
  const field = renderRoot.querySelector("textarea");
  if (!field) return;
  field.value = "";
  field.dispatchEvent(new Event("input"));
}

export function focusOn({ renderRoot }: LitElement, selector: string): void {
  renderRoot.querySelector<HTMLElement>(selector)?.focus();
}
