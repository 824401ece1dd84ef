import { html } from "lit";
import { customElement } from "lit/decorators.js";
import { PageElement } from "../../foundation/page-element.ts";
import { homeWords } from "./home-words.ts";

/** Where one begins. */
@customElement("desk-home")
export class DeskHome extends PageElement {
  override render() {
    return html`<header class="page-head"><h1>${homeWords.title}</h1></header>`;
  }
}
