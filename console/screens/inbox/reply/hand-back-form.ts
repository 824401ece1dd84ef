import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import { Form } from "../../../foundation/form.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { showDialog } from "../../../parts/dialogs.ts";
import { focusFirstFault, switchField, textField } from "../../../parts/fields.ts";
import { saveBar } from "../../../parts/save-bar.ts";
import { replyWords } from "./reply-words.ts";

/** Asks what the assistant should know; true once it answers again. */
export async function handBack(conversationId: string, isUnanswered: boolean): Promise<boolean> {
  let done = false;
  await showDialog(
    replyWords.handBackTitle,
    (close) =>
      html`<desk-hand-back
        .conversationId=${conversationId}
        ?isUnanswered=${isUnanswered}
        @done=${() => {
          done = true;
          close();
        }}
      ></desk-hand-back>`,
  );
  return done;
}

@customElement("desk-hand-back")
export class DeskHandBack extends PageElement {
  @property({ attribute: false }) conversationId = "";
  @property({ type: Boolean }) isUnanswered = false;
  readonly #form = new Form(this, { summary: "", answer: false });

  override render() {
    const form = this.#form;
    return html`<form novalidate @submit=${(event: Event) => void this.#send(event)}>
      <p>${replyWords.handBackLead}</p>
      ${textField(form, { path: "/summary", label: replyWords.summary, hint: replyWords.summaryHint, lines: 3, isOptional: true, autofocus: true })}
      ${this.isUnanswered ? switchField(form, { path: "/answer", label: replyWords.answer, hint: replyWords.answerHint }) : nothing}
      ${saveBar(form, { label: replyWords.handBack, drawn: (path) => path === "/summary", isNew: true })}
    </form>`;
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    const summary = form.text("/summary").trim();
    const answer = this.isUnanswered && form.get("/answer") === true;
    const body = { ...(summary === "" ? {} : { summary }), ...(answer ? { answer } : {}) };
    const done = await form.submit(async () => api.post(`/conversations/${this.conversationId}/hand-back`, body));
    if (done === undefined) return focusFirstFault(this);
    this.dispatchEvent(new CustomEvent("done"));
  }
}
