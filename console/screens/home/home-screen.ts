import { html } from "lit";
import { customElement } from "lit/decorators.js";
import { PageElement } from "../../foundation/page-element.ts";
import { may, me } from "../../foundation/screen.ts";
import "./desk-care.ts";
import { homeWords } from "./home-words.ts";
import "./support-part.ts";

/** Where one begins: what needs care and what comes next, for whoever sets up; what waits, for whoever supports. */
@customElement("desk-home")
export class DeskHome extends PageElement {
  override render() {
    return html`<header class="page-head">
        <h1>${homeWords.title}</h1>
        <p>${homeWords.hello(me.self?.name ?? "")}</p>
      </header>
      <div class="home">${may("assistants.health") ? html`<desk-care></desk-care>` : html`<desk-support-home></desk-support-home>`}</div>`;
  }
}
