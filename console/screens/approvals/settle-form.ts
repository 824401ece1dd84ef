import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { api, type Page } from "../../api/client.ts";
import { ApiProblem } from "../../api/problem.ts";
import type { Call, Event as JournalEvent, SettleCallBody } from "../../api/types.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { asSaid } from "../../parts/as-said.ts";
import { icon } from "../../parts/icon.ts";
import "../../parts/json-view.ts";
import { show, skeleton } from "../../parts/states.ts";
import { ago } from "../../parts/status.ts";
import { toast } from "../../parts/toasts.ts";
import { hiddenShown } from "../../parts/hidden-shown.ts";
import { approvalsWords } from "./approvals-words.ts";
import { around } from "./around.ts";

type Outcome = SettleCallBody["outcome"];

interface Noted extends JournalEvent {
  readonly callId?: string;
  readonly outcome?: string;
  readonly note?: string;
  readonly by?: { readonly name?: string };
}

const EVENTS = 200;
const OUTCOMES: readonly (readonly [Outcome, string, string])[] = [
  ["ok", approvalsWords.happened, approvalsWords.happenedHint],
  ["failed", approvalsWords.failed, approvalsWords.failedHint],
  ["unknown", approvalsWords.leave, approvalsWords.leaveHint],
];

/** How one call ended whose answer never came. Sends `settled`; its detail says whether the call's end is known now. */
@customElement("desk-settle-form")
export class DeskSettleForm extends PageElement {
  @property({ attribute: false }) call!: Call;
  @state() private outcome: Outcome | undefined;
  @state() private mayRetry = false;
  @state() private note = "";
  @state() private problem: string | undefined;
  @state() private isSending = false;
  readonly #events = new Resource<readonly JournalEvent[]>(this, {
    load: async (signal) =>
      (await api.get<Page<JournalEvent>>(`/conversations/${this.call.conversation}/events`, { query: { limit: EVENTS }, signal })).body
        .items,
  });

  override render() {
    const { tool, server, cause, at, arguments: given, callId } = this.call;
    const title = hiddenShown(tool);
    return html`<article class="approval" aria-labelledby="settle-title">
      <header>
        <h2 id="settle-title" tabindex="-1">${approvalsWords.settle(title)}</h2>
        <p class="muted">${server} · ${approvalsWords.sent} ${ago(at)}</p>
        ${cause === undefined ? nothing : html`<p>${asSaid(cause)}</p>`}
      </header>
      <desk-json .value=${given ?? {}} label=${approvalsWords.wouldSend}></desk-json>
      ${show(
        this.#events,
        (events) => html`${around(events, callId)} ${this.#notes(events as readonly Noted[])}`,
        () => skeleton(3),
      )}
      ${this.#form(title)}
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

  #form(title: string): TemplateResult {
    return html`<form novalidate aria-labelledby="settle-title" @submit=${(event: Event) => void this.#settle(event, title)}>
      <fieldset class="rows">
        <legend class="visually-hidden">${approvalsWords.settle(title)}</legend>
        ${OUTCOMES.map(
          ([outcome, label, hint]) =>
            html`<label class="choice"
              ><input
                type="radio"
                name="outcome"
                value=${outcome}
                .checked=${live(this.outcome === outcome)}
                @change=${() => ((this.outcome = outcome), (this.problem = undefined))}
              />
              <span><strong>${label}</strong><br /><span class="hint">${hint}</span></span></label
            >`,
        )}
      </fieldset>
      ${
        this.outcome === "failed"
          ? html`<label class="inline"
              ><input
                type="checkbox"
                .checked=${this.mayRetry}
                @change=${(event: Event) => (this.mayRetry = (event.currentTarget as HTMLInputElement).checked)}
              />
              ${approvalsWords.mayRetry}</label
            >`
          : nothing
      }
      <div class="field">
        <label class="label" for="settle-note">${approvalsWords.note}</label>
        <textarea
          id="settle-note"
          rows="2"
          maxlength="500"
          aria-describedby="settle-note-hint"
          .value=${live(this.note)}
          @input=${(event: Event) => (this.note = (event.currentTarget as HTMLTextAreaElement).value)}
        ></textarea>
        <div id="settle-note-hint" class="hint">${this.outcome === "unknown" ? approvalsWords.leaveHint : approvalsWords.noteHint}</div>
      </div>
      ${this.problem === undefined ? nothing : html`<p class="form-fault" role="alert">${icon("alert")}<span>${this.problem}</span></p>`}
      <div class="actions">
        <button class="primary" aria-disabled=${this.isSending ? "true" : "false"}>${approvalsWords.save}</button>
      </div>
    </form>`;
  }

  async #settle(event: Event, title: string): Promise<void> {
    event.preventDefault();
    const { outcome } = this;
    if (outcome === undefined) return void (this.problem = approvalsWords.chooseOne);
    if (this.isSending) return;
    this.isSending = true;
    const note = this.note.trim();
    const body: SettleCallBody = {
      outcome,
      ...(note === "" ? {} : { note }),
      ...(outcome === "failed" && this.mayRetry ? { mayRetry: true } : {}),
    };
    try {
      await api.post(`/conversations/${this.call.conversation}/calls/${this.call.callId}/settle`, body);
      toast(approvalsWords.settledAs[outcome](title));
      this.note = "";
      if (outcome === "unknown") await this.#events.reload();
      this.dispatchEvent(new CustomEvent("settled", { detail: outcome !== "unknown", bubbles: true }));
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.problem = error.message;
    } finally {
      this.isSending = false;
    }
  }
}
