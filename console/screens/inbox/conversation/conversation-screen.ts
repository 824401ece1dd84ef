import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import { ApiProblem } from "../../../api/problem.ts";
import type { JournalEvent } from "../../../../protocol/events.ts";
import type { Assistant, PublishedServer } from "../../../api/types.ts";
import { WatchedConversation } from "../../../line/watched-conversation.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import { PLACE_CHANGED, router } from "../../../foundation/router.ts";
import { may } from "../../../foundation/screen.ts";
import { conversationName, publishedId } from "../../../parts/conversation-names.ts";
import { customerName, emailBeside, verifiedMark } from "../../../parts/customer-said.ts";
import { icon } from "../../../parts/icon.ts";
import { showPage, skeleton } from "../../../parts/states.ts";
import { ago, badge } from "../../../parts/status.ts";
import { tabs } from "../../../parts/tabs.ts";
import "../inbox-list.ts";
import { ORGANISED } from "../inbox-actions.ts";
import { inboxRows } from "../inbox-rows.ts";
import { inboxWords } from "../inbox-words.ts";
import { markSeen } from "../seen.ts";
import { conversationDetails, customerPath } from "./conversation-details.ts";
import { conversationWords } from "./conversation-words.ts";
import { ConversationJournal, type Read } from "./journal.ts";
import { conversationMenu, organisedLine } from "./organised.ts";
import "./thread/thread.ts";
import { threadWords } from "./thread/thread-words.ts";
import type { Step } from "./trace/step.ts";
import { stepsOf } from "./trace/steps-of.ts";
import "../reply/reply-composer.ts";
import "./trace/trace.ts";

const NARROW = "(max-width: 999px)";
type Tab = "conversation" | "trace" | "details";

/** One conversation: the list that it came from, what was said, and how it came about. */
@customElement("desk-conversation")
export class DeskConversation extends PageElement {
  @property({ attribute: false }) conversationId = "";
  @state() private isAsCustomer = false;
  readonly #journal = new ConversationJournal(this, () => this.conversationId);
  /** As it happens. What came of a conversation that was erased is let go of. */
  readonly #live = new WatchedConversation(this, () => (this.#journal.isGone ? undefined : this.conversationId));
  readonly #assistant = new Resource<Assistant | undefined>(this, { load: async (signal) => this.#readAssistant(signal) });
  readonly #narrow = matchMedia(NARROW);
  #events: Read["events"] = [];
  #steps: readonly Step[] = [];
  /** The step of the address that was looked for already. */
  #soughtStep: string | undefined;
  readonly #changed = (): void => this.requestUpdate();
  readonly #organised = (): void => void this.#journal.reload();

  override connectedCallback(): void {
    super.connectedCallback();
    router.addEventListener(PLACE_CHANGED, this.#changed);
    inboxRows.addEventListener(ORGANISED, this.#organised);
    this.#narrow.addEventListener("change", this.#changed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    router.removeEventListener(PLACE_CHANGED, this.#changed);
    inboxRows.removeEventListener(ORGANISED, this.#organised);
    this.#narrow.removeEventListener("change", this.#changed);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.get("conversationId")) void this.#restart();
    // What the customer sees has no place to reply.
    if (this.#wantsReply) this.isAsCustomer = false;
    this.#journal.take(this.#live.events as readonly JournalEvent[]);
    const events = this.#journal.value?.events ?? [];
    if (events === this.#events) return;
    this.#events = events;
    this.#steps = stepsOf(events);
  }

  override updated(): void {
    this.#live.does("looking");
    const read = this.#journal.value;
    if (read === undefined) return;
    if (!read.summary.preview) markSeen(this.conversationId, read.summary.events);
    if (this.#assistantKey !== read.summary.assistant) {
      this.#assistantKey = read.summary.assistant;
      void this.#assistant.reload().then(() => (this.knowsAssistant = true));
    }
    const { step } = this;
    if (step === undefined || step === this.#soughtStep) return;
    this.#soughtStep = step;
    const seq = Number(step);
    if (Number.isInteger(seq)) void this.#journal.readBackTo(seq);
  }

  #assistantKey: string | undefined;
  /** Where it is with a published server, and whoever looks may see that. */
  #publishedName: string | undefined;
  /** What it says of the conversation comes in one piece: nothing moves when the assistant is known. */
  @state() private knowsAssistant = false;

  #details(read: Read): TemplateResult {
    return this.knowsAssistant ? conversationDetails(read, this.#assistant.value, this.#name) : skeleton(8);
  }

  async #restart(): Promise<void> {
    this.#soughtStep = undefined;
    this.isAsCustomer = false;
    await this.#journal.restart();
  }

  get #name(): string | undefined {
    return this.#assistant.value?.name ?? this.#publishedName;
  }

  /** The assistant may be gone, and a conversation can be read all the same. */
  async #readAssistant(signal: AbortSignal): Promise<Assistant | undefined> {
    const key = this.#assistantKey;
    this.#publishedName = undefined;
    if (key === undefined || !may("assistants.read")) return undefined;
    try {
      const id = publishedId(key);
      if (id !== undefined) {
        if (may("published.read")) this.#publishedName = (await api.get<PublishedServer>(`/published-servers/${id}`, { signal })).body.name;
        return undefined;
      }
      return (await api.get<Assistant>(`/assistants/${encodeURIComponent(key)}`, { signal })).body;
    } catch (error) {
      if (error instanceof ApiProblem) return undefined;
      throw error;
    }
  }

  /** The key `r` of the inbox, wherever it was pressed. */
  get #wantsReply(): boolean {
    return router.place.query.get("do") === "reply";
  }

  get #isOnCall(): boolean {
    return this.#steps.some(({ kind, to }) => kind === "voice-call" && to === undefined);
  }

  get step(): string | undefined {
    return router.place.query.get("step") ?? undefined;
  }

  /** Beside the conversation there is the trace, unless somebody looks at the details; alone, what the address says. */
  get #tab(): Tab {
    const asked = router.place.query.get("tab");
    if (asked === "details" || asked === "trace") return asked;
    return this.#narrow.matches && this.step === undefined ? "conversation" : "trace";
  }

  override render() {
    return showPage(
      this.#journal,
      (read) => this.#page(read),
      () => html`<div class="conversation-waiting">${skeleton(8)}</div>`,
    );
  }

  #page(read: Read): TemplateResult {
    return html`<div
      class="conversation"
      data-tab=${this.#tab}
      @older=${() => void this.#journal.readOlder()}
      @all=${() => void this.#journal.readBackTo(1)}
      @settled=${({ detail: isOver }: CustomEvent<boolean>) => this.#settled(isOver, read)}
    >
      <desk-inbox-list compact .current=${this.conversationId}></desk-inbox-list>
      <section class="conversation-thread" aria-label=${conversationWords.title}>
        ${this.#head(read)} ${this.#tabs(true)} ${this.#thread(read)}
      </section>
      <aside class="conversation-side" aria-label=${this.#tab === "details" ? conversationWords.details : conversationWords.trace}>
        ${this.#tabs(false)} ${this.#tab === "details" ? this.#details(read) : this.#trace(read)}
      </aside>
    </div>`;
  }

  /** What they did themselves shows at once, here and in the list beside. */
  #settled(isOver: boolean, { summary: { id, unknownCalls = 0 } }: Read): void {
    if (isOver) inboxRows.change(id, { unknownCalls: Math.max(0, unknownCalls - 1) });
    void this.#journal.reload();
  }

  #head({ summary }: Read): TemplateResult {
    const name = conversationName(summary.assistant, this.#name);
    return html`<header class="conversation-head">
      <a
        class="button quiet icon-only conversation-back"
        href=${router.href("/inbox", inboxRows.query)}
        aria-label=${conversationWords.back}
        title=${conversationWords.back}
        >${icon("back")}</a
      >
      <h1><a href=${customerPath(summary)}>${customerName(summary)}</a> ${verifiedMark(summary)}</h1>
      <button
        type="button"
        class="quiet"
        aria-pressed=${this.isAsCustomer ? "true" : "false"}
        @click=${() => (this.isAsCustomer = !this.isAsCustomer)}
      >
        ${icon("eye")}${threadWords.asCustomer}
      </button>
      ${conversationMenu(summary)}
      <div class="conversation-about">
        <p class="muted">
          ${emailBeside(summary)} ${conversationWords.with(name)} · ${ago(summary.updatedAt)}
          ${summary.preview ? badge(conversationWords.preview) : nothing} ${this.#isOnCall ? badge(inboxWords.onCall) : nothing}
          ${summary.waitingApprovals > 0 ? badge(conversationWords.waiting(summary.waitingApprovals), "warning") : nothing}
        </p>
        ${organisedLine(summary)}
      </div>
    </header>`;
  }

  /** Once above the conversation, where it is alone, and once above what stands beside it. */
  #tabs(isAlone: boolean): TemplateResult {
    if (isAlone !== this.#narrow.matches) return html``;
    const { path, query } = router.place;
    const current = this.#tab;
    const step = query.get("step") ?? undefined;
    const tab = (name: Tab, label: string, shown: Record<string, string | undefined>) => ({
      label,
      href: router.href(path, shown),
      isCurrent: current === name,
    });
    return tabs(conversationWords.tabs, [
      ...(isAlone ? [tab("conversation", conversationWords.conversation, {})] : []),
      tab("trace", conversationWords.trace, { tab: isAlone ? "trace" : undefined, step }),
      tab("details", conversationWords.details, { tab: "details", step }),
    ]);
  }

  #thread({ older, summary }: Read): TemplateResult {
    if (this.isAsCustomer) {
      void import("./customer/customer-thread.ts");
      return html`<desk-customer-thread
        .conversationId=${this.conversationId}
        .count=${summary.events}
        .assistant=${this.#assistant.value}
      ></desk-customer-thread>`;
    }
    return html`<desk-thread
        .steps=${this.#steps}
        .hasOlder=${older !== undefined}
        .isLoading=${this.#journal.isReadingOlder}
        .running=${this.#live.running}
      ></desk-thread>
      <desk-reply-composer
        .conversationId=${this.conversationId}
        .isAsked=${this.#wantsReply}
        @asked-done=${() => router.restate({ ...Object.fromEntries(router.place.query), do: undefined })}
      ></desk-reply-composer>`;
  }

  #trace({ events, summary }: Read): TemplateResult {
    return html`<desk-trace
      .conversationId=${this.conversationId}
      .events=${events}
      .steps=${this.#steps}
      .count=${summary.events}
      .isLoading=${this.#journal.isReadingOlder}
      .contextTokens=${this.#assistant.value?.model.contextTokens}
      ?knowsAssistant=${this.knowsAssistant}
      .chosen=${this.step}
      @step-chosen=${({ detail }: CustomEvent<string | null>) => this.#choose(detail ?? undefined)}
    ></desk-trace>`;
  }

  #choose(step: string | undefined): void {
    const tab = this.#narrow.matches ? "trace" : undefined;
    router.restate({ ...Object.fromEntries(router.place.query), tab, step });
  }
}
