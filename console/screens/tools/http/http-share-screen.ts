import { html } from "lit";
import { customElement } from "lit/decorators.js";
import { PageElement } from "../../../foundation/page-element.ts";
import { router } from "../../../foundation/router.ts";
import { HTTP_SHARES } from "./http-tools-access.ts";
import { httpWords } from "./http-words.ts";
import "../sharing/shares.ts";
import { toolsWords } from "../tools-words.ts";

/** Who may use the HTTP tools, all of them together. */
@customElement("desk-http-share")
export class DeskHttpShare extends PageElement {
  override render() {
    return html`<div class="measure">
      <nav class="crumbs"><a href=${router.href("/tools/http-tools")}>${toolsWords.httpTools}</a></nav>
      <header class="page-head">
        <h1>${httpWords.shareTitle}</h1>
        <p>${httpWords.shareLead}</p>
      </header>
      <section class="group">
        <h2>${toolsWords.share}</h2>
        <desk-shares .path=${HTTP_SHARES}></desk-shares>
      </section>
    </div>`;
  }
}
