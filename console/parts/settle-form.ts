import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { api } from "../api/client.ts";
import { ApiProblem } from "../api/problem.ts";
import type { SettleCallBody } from "../api/types.ts";
import { PageElement } from "../foundation/page-element.ts";
import { icon } from "./icon.ts";
import { toast } from "./toasts.ts";
import { hiddenShown } from "./hidden-shown.ts";
import { settleWords } from "./settle-words.ts";

type Outcome = SettleCallBody["outcome"];

const OUTCOMES: readonly (readonly [Outcome, string, string])[] = [
  ["ok", settleWords.happened, settleWords.happenedHint],
  ["failed", settleWords.failed, settleWords.failedHint],
  ["unknown", settleWords.leave, settleWords.leaveHint],
];

/**
 * How one call ended whose answer never came, wherever it is seen. Sends `settled`; its detail says whether the call's
 * end is known now.
 */
@customElement("desk-settle-form")
export class DeskSettleForm extends PageElement {
  @property({ attribute: false }) conversationId = "";
  @property({ attribute: false }) callId = "";
  /** What people call its tool. */
  @property({ attribute: false }) callTitle = "";
  @state() private outcome: Outcome | undefined;
  @state() private mayRetry = false;
  @state() private note = "";
  @state() private problem: string | undefined;
  @state() private isSending = false;

  /** What is sent now is told by `settled`, and by nothing else first. */
  get isBusy(): boolean {
    return this.isSending;
  }

  override render() {
    const title = hiddenShown(this.callTitle);
    return html`<form novalidate aria-label=${settleWords.settle(title)} @submit=${(event: Event) => void this.#settle(event, title)}>
      <fieldset class="rows">
        <legend class="visually-hidden">${settleWords.settle(title)}</legend>
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
              ${settleWords.mayRetry}</label
            >`
          : nothing
      }
      <div class="field">
        <label class="label" for="settle-note">${settleWords.note}</label>
        <textarea
          id="settle-note"
          rows="2"
          maxlength="500"
          aria-describedby="settle-note-hint"
          .value=${live(this.note)}
          @input=${(event: Event) => (this.note = (event.currentTarget as HTMLTextAreaElement).value)}
        ></textarea>
        <div id="settle-note-hint" class="hint">${this.outcome === "unknown" ? settleWords.leaveHint : settleWords.noteHint}</div>
      </div>
      ${this.problem === undefined ? nothing : html`<p class="form-fault" role="alert">${icon("alert")}<span>${this.problem}</span></p>`}
      <div class="actions">
        <button class="primary" aria-disabled=${this.isSending ? "true" : "false"}>${settleWords.save}</button>
      </div>
    </form>`;
  }

  async #settle(event: Event, title: string): Promise<void> {
    event.preventDefault();
    const { outcome } = this;
    if (outcome === undefined) return void (this.problem = settleWords.chooseOne);
    if (this.isSending) return;
    this.isSending = true;
    const note = this.note.trim();
    const body: SettleCallBody = {
      outcome,
      ...(note === "" ? {} : { note }),
      ...(outcome === "failed" && this.mayRetry ? { mayRetry: true } : {}),
    };
    try {
      await api.post(`/conversations/${encodeURIComponent(this.conversationId)}/calls/${encodeURIComponent(this.callId)}/settle`, body);
      toast(settleWords.settledAs[outcome](title));
      this.note = "";
      this.dispatchEvent(new CustomEvent("settled", { detail: outcome !== "unknown", bubbles: true }));
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.problem = error.message;
      // Somebody else may have settled it: whoever shows it reads it anew.
      this.dispatchEvent(new CustomEvent("settled", { detail: false, bubbles: true }));
    } finally {
      this.isSending = false;
    }
  }
}
