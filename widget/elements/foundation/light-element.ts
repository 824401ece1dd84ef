import { LitElement } from "lit";

/**
 * Draws into itself. The thread's many small parts share the thread's one shadow root, so that five hundred turns cost
 * no roots of their own, ids reach each other, and every `part` is open to the page.
 */
export class LightElement extends LitElement {
  protected override createRenderRoot(): this {
    return this;
  }
}
