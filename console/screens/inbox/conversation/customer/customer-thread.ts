import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { VisibleEvent } from "../../../../../protocol/events.ts";
import { colourStyles } from "../../../../../widget/elements/styles/colour.styles.ts";
import type { ThreadContext } from "../../../../../widget/elements/foundation/thread-context.ts";
import "../../../../../widget/elements/thread/thread.ts";
import { emptyThread, reduce } from "../../../../../widget/thread/reduce.ts";
import type { ThreadState } from "../../../../../widget/thread/state.ts";
import { Formats } from "../../../../../widget/words/formats.ts";
import { wordsFor } from "../../../../../widget/words/words-for.ts";
import type { Words } from "../../../../../widget/words/types/words.ts";
import { BASE_PATH } from "../../../../api/base-path.ts";
import { api, type Page } from "../../../../api/client.ts";
import { ApiProblem } from "../../../../api/problem.ts";
import type { Assistant } from "../../../../api/types.ts";
import { LOCALE } from "../../../../foundation/format.ts";
import { LANGUAGE } from "../../../../foundation/words.ts";
import { threadWords } from "../thread/thread-words.ts";

const AT_ONCE = 200;
const formats = new Formats(LOCALE);

/**
 * The conversation as its customer sees it: the widget's own thread, over the events that the server would send them. It
 * is looked at, not used: whatever would do something for the customer does nothing here.
 */
@customElement("desk-customer-thread")
export class DeskCustomerThread extends LitElement {
  static override styles = [
    colourStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
        flex: 1;
        background: var(--fd-surface);
        color: var(--fd-text);
        font: 15px/1.5 var(--font);
      }
      p {
        margin: 0;
        padding: 8px 20px;
        color: var(--fd-muted);
        font-size: 13px;
        border-block-end: 1px solid var(--fd-line);
      }
      front-desk-thread {
        flex: 1;
        min-height: 0;
      }
    `,
  ];
  @property({ attribute: false }) conversationId = "";
  /** How many events the journal has. */
  @property({ attribute: false }) count = 0;
  @property({ attribute: false }) assistant: Assistant | undefined;
  @state() private thread: ThreadState | undefined;
  @state() private words: Words | undefined;
  @state() private problem: string | undefined;
  #context: ThreadContext | undefined;
  #older: string | undefined;
  #isReading = false;

  override connectedCallback(): void {
    super.connectedCallback();
    const isDark = document.documentElement.classList.contains("wa-dark");
    this.setAttribute("theme", isDark ? "dark" : "light");
    // What can be folded and unfolded, and the way to the newest, are the reader's own.
    this.addEventListener("click", this.#pressed, { capture: true });
    void Promise.resolve(wordsFor(LANGUAGE)).then((words) => (this.words = words));
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("conversationId")) {
      this.thread = undefined;
      this.#context = undefined;
    }
    if (changed.has("assistant")) this.#named();
    if (this.words !== undefined) this.#context ??= this.#contextOf(this.words);
  }

  override updated(): void {
    if (this.count > (this.thread?.lastSeq ?? 0)) void this.#read();
  }

  override render() {
    return html`<p>${threadWords.asCustomerNote}</p>
      ${this.problem === undefined ? nothing : html`<p role="alert">${this.problem}</p>`}
      ${
        this.thread === undefined || this.#context === undefined
          ? nothing
          : html`<front-desk-thread .state=${this.thread} .context=${this.#context}></front-desk-thread>`
      }`;
  }

  #contextOf(words: Words): ThreadContext {
    return {
      words,
      formats,
      assistantName: this.assistant?.name ?? words.assistant,
      trace: this.assistant?.trace ?? "hidden",
      people: undefined,
      server: new URL(`${BASE_PATH}/`, location.href).href,
      now: () => Date.now(),
      request: async () => Promise.reject(new Error(threadWords.asCustomerNote)),
      loadOlder: async () => this.#readOlder(),
    };
  }

  #named(): void {
    const { assistant } = this;
    if (assistant?.look.accent !== undefined) this.style.setProperty("--frontdesk-accent", assistant.look.accent);
    this.#context = undefined;
    if (this.thread !== undefined) this.thread = this.#withAssistant(this.thread);
  }

  #withAssistant(thread: ThreadState): ThreadState {
    if (this.assistant === undefined) return thread;
    const { name, greeting, starters, trace } = this.assistant;
    return { ...thread, assistant: { name, starters, trace, messageCharacters: 0, ...(greeting === undefined ? {} : { greeting }) } };
  }

  /** What is new; a journal that grew by more than a page is read anew from its end. */
  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      const { conversationId } = this;
      const { items, next } = await this.#page({ limit: AT_ONCE });
      const before = this.thread ?? this.#withAssistant({ ...emptyThread(conversationId), connection: "online" });
      const first = items[0]?.seq ?? 1;
      if (before.lastSeq > 0 && first <= before.lastSeq + 1) {
        this.thread = reduce({ type: "events", frame: { conversationId, events: items } }, before);
        return;
      }
      this.#older = next;
      const reply = { events: items, more: next !== undefined, lastSeq: items.at(-1)?.seq ?? 0, reset: before.lastSeq > 0, progress: [] };
      this.thread = reduce({ type: "opened", reply }, before);
    } finally {
      this.#isReading = false;
    }
  }

  async #readOlder(): Promise<void> {
    const { thread } = this;
    if (thread === undefined || this.#older === undefined) return;
    const { items, next } = await this.#page({ limit: AT_ONCE, cursor: this.#older });
    this.#older = next;
    this.thread = reduce(
      { type: "paged", reply: { events: items, more: next !== undefined }, before: thread.firstSeq },
      this.thread ?? thread,
    );
  }

  async #page(query: Readonly<Record<string, string | number>>): Promise<Page<VisibleEvent>> {
    const path = `/conversations/${encodeURIComponent(this.conversationId)}/events`;
    try {
      const { body } = await api.get<Page<VisibleEvent>>(path, { query: { ...query, view: "customer" } });
      this.problem = undefined;
      return body;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.problem = error.message;
      return { items: [] };
    }
  }

  readonly #pressed = (event: Event): void => {
    const pressed = event
      .composedPath()
      .find((target) => target instanceof Element && target.matches("a, button, summary, input, select, textarea"));
    if (!(pressed instanceof Element) || pressed.matches("summary, [aria-expanded], .news")) return;
    event.preventDefault();
    event.stopPropagation();
  };
}
