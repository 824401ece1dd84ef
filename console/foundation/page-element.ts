import { LitElement } from "lit";

/**
 * An element that draws into the page itself, so that one style sheet, labels, `aria-` references and the browser's
 * search see all of it.
 */
export class PageElement extends LitElement {
  protected override createRenderRoot(): this {
    return this;
  }
}
