import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api, type Page } from "../../api/client.ts";
import type { Call, Event as JournalEvent } from "../../api/types.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { router } from "../../foundation/router.ts";
import { asSaid } from "../../parts/as-said.ts";
import { callTitle, whoseCall } from "../../parts/call-texts.ts";
import { hiddenShown } from "../../parts/hidden-shown.ts";
import "../../parts/json-view.ts";
import "../../parts/settle-form.ts";
import { settleWords } from "../../parts/settle-words.ts";
import { show, skeleton } from "../../parts/states.ts";
import { ago } from "../../parts/status.ts";
import { approvalsWords } from "./approvals-words.ts";
import { around } from "./around.ts";

interface Noted extends JournalEvent {
  readonly callId?: string;
  readonly outcome?: string;
  readonly note?: string;
  readonly by?: { readonly name?: string };
}

/** Before the call, and of what was said of it since. */
const BEFORE = 50;
const SINCE = 200;

interface Told {
  readonly before: readonly JournalEvent[];
  readonly newest: readonly JournalEvent[];
}

/** One call whose answer never came, with what is around it, and saying how it ended below that. */
@customElement("desk-unknown-call")
export class DeskUnknownCall extends PageElement {
  @property({ attribute: false }) call!: Call;
  readonly #events = new Resource<Told>(this, {
    load: async (signal) => {
      const { conversation = "", seq } = this.call;
      const path = `/conversations/${encodeURIComponent(conversation)}/events`;
      const read = async (query: Readonly<Record<string, number | undefined>>) =>
        (await api.get<Page<JournalEvent>>(path, { query, signal })).body.items;
      const [before, newest] = await Promise.all([read({ before: seq, limit: BEFORE }), read({ limit: SINCE })]);
      return { before, newest };
    },
  });

  override render() {
    const { tool, cause, at, arguments: given, callId, conversation = "" } = this.call;
    const title = callTitle(this.call);
    return html`<article class="approval" aria-labelledby="settle-title">
      <header>
        <h2 id="settle-title" tabindex="-1" title=${hiddenShown(tool)}>${settleWords.settle(title)}</h2>
        <p class="muted">
          ${whoseCall(this.call)} · ${approvalsWords.sent} ${ago(at)} ·
          <a href=${router.href(`/inbox/${conversation}`)}>${approvalsWords.openConversation}</a>
        </p>
        ${cause === undefined ? nothing : html`<p>${asSaid(cause)}</p>`}
      </header>
      <desk-json .value=${given ?? {}} label=${approvalsWords.wasSent}></desk-json>
      ${show(
        this.#events,
        ({ before, newest }) => html`${around(before, callId)} ${this.#notes(newest as readonly Noted[])}`,
        () => skeleton(3),
      )}
      <desk-settle-form
        .conversationId=${conversation}
        .callId=${callId}
        .callTitle=${title}
        @settled=${({ detail: isOver }: CustomEvent<boolean>) => isOver || void this.#events.reload()}
      ></desk-settle-form>
    </article>`;
  }

  #notes(events: readonly Noted[]): TemplateResult | typeof nothing {
    const notes = events.filter(
      (event) => event.type === "tool-call-settled" && event.callId === this.call.callId && event.outcome === "unknown",
    );
    if (notes.length === 0) return nothing;
    return html`<h3>${approvalsWords.notes}</h3>
      <ul class="plain-list">
        ${notes.map(
          ({ note = "", by, at }) =>
            html`<li>
              <strong>${hiddenShown(by?.name ?? "")}</strong> <span class="muted">${ago(at)}</span>
              <p>${hiddenShown(note)}</p>
            </li>`,
        )}
      </ul>`;
  }
}
