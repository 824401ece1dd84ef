import { html } from "lit";
import { customElement } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { router } from "../../foundation/router.ts";
import { icon } from "../../parts/icon.ts";
import { toast } from "../../parts/toasts.ts";
import "./inbox-filters.ts";
import "./inbox-list.ts";
import "./inbox-views.ts";
import type { DeskInboxViews } from "./inbox-views.ts";
import { queryAt } from "./inbox-query.ts";
import { inboxWords } from "./inbox-words.ts";

/** Everything that customers said, as it waits for somebody: views at the side, one list, and what narrows it. */
@customElement("desk-inbox")
export class DeskInbox extends PageElement {
  override render() {
    return html`<div class="inbox">
      <header class="page-head">
        <h1>${inboxWords.title}</h1>
        <div class="actions">
          <button type="button" @click=${() => void this.#save()}>${icon("plus")}${inboxWords.saveView}</button>
        </div>
      </header>
      <desk-inbox-views></desk-inbox-views>
      <section class="inbox-main" aria-label=${inboxWords.list}>
        <desk-inbox-filters></desk-inbox-filters>
        <desk-inbox-list></desk-inbox-list>
      </section>
    </div>`;
  }

  async #save(): Promise<void> {
    const query = queryAt(router.place);
    const { nameView } = await import("./save-view.ts");
    await nameView("", async (name) => {
      await api.create("/inbox-views", { name, query });
      toast(inboxWords.viewSaved);
      await this.querySelector<DeskInboxViews>("desk-inbox-views")?.reload();
    });
  }
}
