import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ThreadState, Turn } from "../thread/state.ts";
import { approvalStyles } from "./approval.styles.ts";
import { baseStyles } from "./base.styles.ts";
import { define } from "./define.ts";
import { downIcon } from "./icons.ts";
import { IntentEvent } from "./intents.ts";
import { markdownStyles } from "./markdown/markdown.styles.ts";
import { messageBubble } from "./message-bubble.ts";
import { ReadingPlace } from "./reading-place.ts";
import { sourcesStyles } from "./sources.styles.ts";
import type { ThreadContext } from "./thread-context.ts";
import { threadStyles } from "./thread.styles.ts";
import "./turn.ts";

/** Turns that are drawn at once when a thread opens, and with each idle moment after it: so that no task is felt. */
const FIRST_TURNS = 8;
const MORE_TURNS = 4;
/** Older turns are asked for when the reader is this near to the first one. */
const NEAR_TOP_PX = 400;
/** A pause this long before a turn is worth saying when it was. */
const STAMP_AFTER_MS = 60 * 60 * 1000;

const whenIdle: (callback: () => void) => unknown =
  typeof requestIdleCallback === "function"
    ? (callback) => requestIdleCallback(callback, { timeout: 500 })
    : (callback) => setTimeout(callback, 50);

/**
 * A conversation from its greeting to its newest turn. The log is `aria-live="off"`: a screen reader can walk through it, but hears of what is
 * new from the panel's announcer, once per answer rather than once per token.
 *
 * @csspart thread - The scrolling log.
 */
export class FrontDeskThread extends LitElement {
  static override styles = [baseStyles, threadStyles, approvalStyles, sourcesStyles, markdownStyles];
  static override properties = {
    state: { attribute: false },
    context: { attribute: false },
    isLoading: { state: true },
    hasNews: { state: true },
  };
  declare state: ThreadState;
  declare context: ThreadContext;
  declare private isLoading: boolean;
  declare private hasNews: boolean;

  readonly #place = new ReadingPlace(this);
  /** The first turn that is drawn. */
  #firstId: string | undefined;
  #isWaitingForIdle = false;

  constructor() {
    super();
    this.isLoading = false;
    this.hasNews = false;
  }

  protected override willUpdate(changed: PropertyValues<{ state: ThreadState }>): void {
    const before = changed.get("state");
    if (before === undefined) return;
    const { state } = this;
    if (before.conversationId !== state.conversationId) {
      this.#firstId = undefined;
      this.#place.atEnd = true;
    }
    // Who sends something wants to see it.
    if (state.queued.length > before.queued.length && state.queued.at(-1)?.status === "sending") this.#place.atEnd = true;
    if (this.#place.atEnd) this.hasNews = false;
    else if (state.queued !== before.queued || state.turns.at(-1) !== before.turns.at(-1)) this.hasNews = true;
    const firstId = before.turns[0]?.turnId;
    if (firstId !== undefined && state.turns[0]?.turnId !== firstId) this.#hold();
  }

  protected override firstUpdated(): void {
    const scroller = this.renderRoot.querySelector<HTMLElement>(".scroller");
    const content = scroller?.firstElementChild;
    if (scroller && content instanceof HTMLElement) this.#place.watch(scroller, content);
  }

  protected override render(): unknown {
    const { state, context } = this;
    const { words } = context;
    const turns = this.#drawnTurns();
    const isWhole = state.opened && turns.length === state.turns.length && !state.more;
    const isNew = state.turns.length === 0 && state.queued.length === 0;
    return html`<div
        class="scroller"
        part="thread"
        role="log"
        aria-live="off"
        aria-label=${words.conversation}
        tabindex="0"
        @scroll=${this.#scrolled}
      >
        <div class="content">
          ${this.isLoading ? html`<p class="stamp">${words.olderLoading}</p>` : nothing}
          ${isWhole && state.assistant !== undefined ? this.#greeting(isNew) : nothing}
          ${repeat(
            turns,
            (turn) => turn.turnId,
            (turn, index) =>
              html`<front-desk-turn .turn=${turn} .context=${context} .stamp=${stampOf(turn, turns[index - 1])}></front-desk-turn>`,
          )}
          ${repeat(
            state.queued,
            (message) => message.messageId,
            (message) => messageBubble(message, context),
          )}
        </div>
      </div>
      ${this.hasNews && !this.#place.atEnd ? html`<button class="news" @click=${() => this.#place.toEnd()}>${downIcon}${words.newMessages}</button>` : nothing}`;
  }

  #greeting(isNew: boolean): TemplateResult {
    const { greeting, starters = [] } = this.state.assistant ?? {};
    return html`<p class="greeting" dir="auto">${greeting || this.context.words.greeting}</p>
      ${
        isNew && starters.length > 0
          ? html`<div class="starters">
              ${starters.map(
                (text) =>
                  html`<button
                    class="button"
                    part="starter"
                    dir="auto"
                    @click=${() => this.dispatchEvent(new IntentEvent({ kind: "send", text }))}
                  >
                    ${text}
                  </button>`,
              )}
            </div>`
          : nothing
      }`;
  }

  /** The newest turns first, the older ones in idle moments. */
  #drawnTurns(): readonly Turn[] {
    const { turns } = this.state;
    const known = turns.findIndex((turn) => turn.turnId === this.#firstId);
    const start = known === -1 ? Math.max(0, turns.length - FIRST_TURNS) : known;
    this.#firstId = turns[start]?.turnId;
    if (start > 0) this.#drawMoreWhenIdle();
    return start === 0 ? turns : turns.slice(start);
  }

  #drawMoreWhenIdle(): void {
    if (this.#isWaitingForIdle) return;
    this.#isWaitingForIdle = true;
    whenIdle(() => {
      this.#isWaitingForIdle = false;
      const { turns } = this.state;
      const start = turns.findIndex((turn) => turn.turnId === this.#firstId);
      if (start <= 0) return;
      this.#hold();
      this.#firstId = turns[Math.max(0, start - MORE_TURNS)]?.turnId;
      this.requestUpdate();
    });
  }

  #hold(): void {
    this.#place.hold(this.renderRoot.querySelector("front-desk-turn"));
  }

  readonly #scrolled = (event: Event): void => {
    const { turns, more } = this.state;
    const isNearTop = (event.currentTarget as HTMLElement).scrollTop < NEAR_TOP_PX;
    if (isNearTop && more && !this.isLoading && turns[0]?.turnId === this.#firstId) void this.#loadOlder();
  };

  async #loadOlder(): Promise<void> {
    this.isLoading = true;
    this.#hold();
    try {
      await this.context.loadOlder();
    } finally {
      this.isLoading = false;
    }
  }
}

function stampOf(turn: Turn, before: Turn | undefined): number {
  const at = turn.message?.at ?? 0;
  const last = before?.endedAt ?? before?.message?.at ?? 0;
  return at - last > STAMP_AFTER_MS ? at : 0;
}

define("front-desk-thread", FrontDeskThread);
