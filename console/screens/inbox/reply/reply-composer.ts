import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { api } from "../../../api/client.ts";
import { ApiProblem } from "../../../api/problem.ts";
import type { CannedReply } from "../../../api/types.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { me, may } from "../../../foundation/screen.ts";
import { WatchedConversation } from "../../../line/watched-conversation.ts";
import { icon } from "../../../parts/icon.ts";
import { toast, toastFault } from "../../../parts/toasts.ts";
import { CannedChoice } from "./canned-choice.ts";
import { handBack } from "./hand-back-form.ts";
import { othersHere } from "./others-here.ts";
import { type Draft, type DraftKind, ReplyDrafts } from "./reply-drafts.ts";
import { replyWords } from "./reply-words.ts";
import { type RunningCall, type Standing, standingOf, unanswered } from "./standing.ts";

const drafts = new ReplyDrafts();

/** Who answers in a conversation, and what staff write in it: to the customer, and for themselves. */
@customElement("desk-reply-composer")
export class DeskReplyComposer extends PageElement {
  @property({ attribute: false }) conversationId = "";
  /** Somebody wants to write; says `asked-done` once the cursor is there. */
  @property({ type: Boolean }) isAsked = false;
  @state() private kind: DraftKind = "reply";
  @state() private isBusy = false;
  @state() private drafting: AbortController | undefined;
  readonly #live = new WatchedConversation(this, () => this.conversationId);
  readonly #canned = new CannedChoice(this);
  #draft: Draft = { text: "", messageId: "" };
  #standing: Standing = standingOf([]);
  #events: unknown;

  get #me(): string {
    return me.self?.id ?? "";
  }

  get #person(): { readonly id: string; readonly name: string } | undefined {
    return this.#live.head?.person;
  }

  get #isMine(): boolean {
    return this.#person !== undefined && this.#person.id === this.#me;
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has("conversationId")) {
      this.drafting?.abort();
      this.#canned.close();
      this.kind = "reply";
    }
    if (changed.has("conversationId") || changed.has("kind")) this.#draft = drafts.read(this.#me, this.conversationId, this.kind);
    if (this.#events === this.#live.events) return;
    this.#events = this.#live.events;
    this.#standing = standingOf(this.#live.events);
  }

  override updated(): void {
    if (this.isAsked) this.#begin();
  }

  /** Where a reply is written or, while nobody or somebody else answers, where one begins to. */
  #begin(): void {
    if (this.#live.head === undefined) return;
    if (this.kind !== "reply") return void (this.kind = "reply");
    const place = this.querySelector<HTMLElement>(this.#isMine ? "textarea" : ".reply-head button");
    if (place === null) return;
    place.focus();
    this.dispatchEvent(new CustomEvent("asked-done"));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.drafting?.abort();
  }

  override render() {
    if (!may("conversations.write") || this.#live.refusal !== undefined || this.#live.head === undefined) return nothing;
    return html`<section class="reply" aria-label=${replyWords.label}>
      ${this.#head()} ${this.#standing.running.map((call) => this.#call(call))} ${othersHere(this.#live, this.#me)} ${this.#tabs()}
      <div role="tabpanel" id="reply-panel" aria-labelledby="reply-tab-${this.kind}">${this.#field()}</div>
    </section>`;
  }

  // ─── Who answers ──────────────────────────────────────────────────────────────────────────────────────────────────

  #head(): TemplateResult {
    const { isClosed, isAsked } = this.#standing;
    const person = this.#person;
    const name = person?.name || replyWords.aColleague;
    const says = this.#isMine ? replyWords.youAnswer : person ? replyWords.personAnswers(name) : unanswered(this.#standing);
    return html`<div class="reply-head">
      <p class="reply-standing" role="status">
        <span class="dot" data-state=${this.#isMine ? "mine" : person ? "other" : isAsked ? "asked" : "none"}></span>${says}
      </p>
      <div class="actions">
        ${
          this.#isMine
            ? html`<button ?disabled=${this.isBusy} @click=${() => void this.#handBack()}>${replyWords.handBack}</button>`
            : html`<button class=${isAsked ? "primary" : ""} ?disabled=${this.isBusy} @click=${() => void this.#join(person)}>
                ${person === undefined ? replyWords.join : replyWords.takeOver(name)}
              </button>`
        }
        ${
          isClosed
            ? html`<button ?disabled=${this.isBusy} @click=${() => void this.#act("reopen", replyWords.reopened)}>
                ${replyWords.reopen}
              </button>`
            : person === undefined || this.#isMine
              ? html`<button ?disabled=${this.isBusy} @click=${() => void this.#act("close", replyWords.closedNow)}>
                  ${replyWords.close}
                </button>`
              : nothing
        }
      </div>
    </div>`;
  }

  #call({ callId, title }: RunningCall): TemplateResult {
    return html`<div class="reply-call" role="status">
      ${icon("tool")}<span>${replyWords.runs(title)}</span>
      ${this.#isMine ? html`<button class="quiet" aria-label=${replyWords.cancelOf(title)} @click=${() => void this.#act(`calls/${callId}/cancel`, replyWords.cancelled)}>${replyWords.cancelCall}</button>` : nothing}
    </div>`;
  }

  // ─── What is written ──────────────────────────────────────────────────────────────────────────────────────────────

  #tabs(): TemplateResult {
    const tab = (kind: DraftKind, label: string) =>
      html`<button
        role="tab"
        id="reply-tab-${kind}"
        aria-selected=${this.kind === kind ? "true" : "false"}
        aria-controls="reply-panel"
        tabindex=${this.kind === kind ? 0 : -1}
        @click=${() => this.#choose(kind)}
      >
        ${label}
      </button>`;
    return html`<div class="reply-tabs" role="tablist" aria-label=${replyWords.label} @keydown=${this.#tabPressed}>
      ${tab("reply", replyWords.reply)} ${tab("note", replyWords.note)}
    </div>`;
  }

  #field(): TemplateResult {
    const isReply = this.kind === "reply";
    if (isReply && !this.#isMine) return html`<p class="reply-hint muted">${this.#whyNot()}</p>`;
    const isEmpty = this.#draft.text.trim() === "";
    return html`<div class="reply-field" data-kind=${this.kind}>
        <textarea
          rows="3"
          aria-label=${isReply ? replyWords.replyTo : replyWords.noteFor}
          placeholder=${isReply ? replyWords.replyHint : replyWords.noteHint}
          aria-autocomplete=${isReply ? "list" : nothing}
          aria-controls=${this.#canned.isOpen ? "canned-list" : nothing}
          aria-activedescendant=${(this.#canned.isOpen && this.#canned.activeId) || nothing}
          .value=${live(this.#draft.text)}
          @input=${this.#typed}
          @keydown=${this.#pressed}
          @blur=${() => this.#canned.close()}
        ></textarea>
        ${this.#canned.isOpen ? this.#canned.draw(this.#take) : nothing}
      </div>
      <div class="reply-foot">
        ${isReply ? this.#draftButton() : nothing}
        <button class="primary" aria-disabled=${isEmpty || this.isBusy ? "true" : "false"} @click=${() => void this.#send()}>
          ${isReply ? replyWords.send : replyWords.writeNote}
        </button>
      </div>`;
  }

  #whyNot(): string {
    if (this.#person !== undefined) return replyWords.notYours(this.#person.name || replyWords.aColleague);
    return this.#standing.isClosed ? replyWords.reopenToReply : replyWords.joinToReply;
  }

  #draftButton(): TemplateResult {
    if (this.drafting !== undefined)
      return html`<button class="quiet" @click=${() => this.drafting?.abort()} aria-label=${replyWords.stopDrafting}>
        ${icon("reload")}${replyWords.drafting}
      </button>`;
    return html`<button class="quiet" @click=${() => void this.#draftReply()}>${icon("sparkles")}${replyWords.draft}</button>`;
  }

  // ─── What is done ─────────────────────────────────────────────────────────────────────────────────────────────────

  #choose(kind: DraftKind): void {
    this.#canned.close();
    this.kind = kind;
  }

  readonly #tabPressed = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    this.#choose(this.kind === "reply" ? "note" : "reply");
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus());
  };

  #keep(text: string): void {
    this.#draft = { ...this.#draft, text };
    drafts.write(this.#me, this.conversationId, this.kind, this.#draft);
    this.requestUpdate();
  }

  readonly #typed = (event: Event): void => {
    const field = event.currentTarget as HTMLTextAreaElement;
    this.#keep(field.value);
    this.#live.types(this.kind);
    if (this.kind === "reply") this.#canned.look(field, this.conversationId);
  };

  readonly #pressed = (event: KeyboardEvent): void => {
    if (event.isComposing || this.#canned.pressed(event, this.#take)) return;
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    void this.#send();
  };

  readonly #take = (reply: CannedReply): void => {
    const field = this.querySelector("textarea");
    if (field === null) return;
    const { text, cursor } = this.#canned.insert(reply, field);
    this.#keep(text);
    void this.updateComplete.then(() => {
      field.focus();
      field.setSelectionRange(cursor, cursor);
    });
  };

  async #send(): Promise<void> {
    const { conversationId, kind } = this;
    const { text, messageId } = this.#draft;
    if (text.trim() === "" || this.isBusy) return;
    // A drafted reply that is on its way is for what is answered now.
    this.drafting?.abort();
    await this.#doing(async () => {
      // What a colleague wrote meanwhile is read before anything is sent.
      await this.#live.caughtUp();
      if (kind === "note") await api.create(`/conversations/${conversationId}/notes`, { text });
      else await api.post(`/conversations/${conversationId}/replies`, { messageId, text });
      drafts.forget(this.#me, conversationId, kind);
      if (this.conversationId === conversationId && this.kind === kind) this.#draft = drafts.read(this.#me, conversationId, kind);
    });
    this.querySelector("textarea")?.focus();
  }

  async #draftReply(): Promise<void> {
    const { conversationId } = this;
    const drafting = (this.drafting = new AbortController());
    try {
      const { signal } = drafting;
      const { body } = await api.post<{ readonly text: string }>(`/conversations/${conversationId}/reply-drafts`, {}, { signal });
      if (signal.aborted || this.conversationId !== conversationId || this.kind !== "reply") return;
      // What is written already stays.
      const before = this.#draft.text.trimEnd();
      this.#keep(before === "" ? body.text : `${before}\n\n${body.text}`);
      await this.updateComplete;
      this.querySelector("textarea")?.focus();
    } catch (error) {
      if (!drafting.signal.aborted) toastFault(error);
    } finally {
      if (this.drafting === drafting) this.drafting = undefined;
    }
  }

  async #join(person: { readonly id: string; readonly name: string } | undefined): Promise<void> {
    const body = person === undefined ? {} : { insteadOf: person.id };
    const done = await this.#doing(() => api.post(`/conversations/${this.conversationId}/join`, body));
    if (!done) return;
    this.kind = "reply";
    await this.updateComplete;
    this.querySelector("textarea")?.focus();
  }

  async #handBack(): Promise<void> {
    if (await handBack(this.conversationId, this.#standing.isUnanswered)) this.drafting?.abort();
  }

  async #act(what: string, said: string): Promise<void> {
    if (await this.#doing(() => api.post(`/conversations/${this.conversationId}/${what}`, undefined))) toast(said);
  }

  /** Whether it was done; why not is said. */
  async #doing(work: () => Promise<unknown>): Promise<boolean> {
    this.isBusy = true;
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      toastFault(error);
      return false;
    } finally {
      this.isBusy = false;
    }
  }
}
