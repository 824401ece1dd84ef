import { type CSSResult, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { ThreadState, Turn } from "../../thread/state.ts";
import { adoptStyles } from "../styles/adopt-styles.ts";
import { baseStyles } from "../styles/base.styles.ts";
import { define } from "../foundation/define.ts";
import { incompleteNote } from "../foundation/reload.ts";
import { downIcon } from "../foundation/icons.ts";
import { IntentEvent } from "../foundation/intents.ts";
import { type FrontDeskAnswer, loadMarkdown } from "./answer.ts";
import { messageBubble } from "./message-bubble.ts";
import { ReadingPlace } from "./reading-place.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";
import { markdownStyles } from "../markdown/markdown.styles.ts";
import { threadStyles } from "./thread.styles.ts";
import { canBeRated, type FrontDeskTurn } from "./turn.ts";

/** Turns that are drawn at once when a thread opens, and with each idle moment after it: so that no task is felt. */
const FIRST_TURNS = 5;
const MORE_TURNS = 4;
/** Older turns are asked for when the reader is this near to the first one. */
const NEAR_TOP_PX = 400;
/** A pause this long before a turn is worth saying when it was. */
const STAMP_AFTER_MS = 60 * 60 * 1000;

/** What comes when a thread first needs it, and how it looks. */
interface LatePart {
  readonly styles?: readonly CSSResult[];
}

/** It brings no styles. */
const loadDrawing = (): Promise<LatePart> => loadMarkdown().then(() => ({}));
const loadCallParts = (): Promise<LatePart> => import("../calls/call-parts.ts");
const loadFeedback = (): Promise<LatePart> => import("../feedback/feedback-parts.ts");

const loadPeople = (): Promise<LatePart> => import("../people/people-parts.ts");
const loadVoiceNotes = (): Promise<LatePart> => import("../call/voice-notes.ts");

const whenIdle: (callback: () => void) => unknown =
  typeof requestIdleCallback === "function"
    ? (callback) => requestIdleCallback(callback, { timeout: 500 })
    : (callback) => setTimeout(callback, 50);

/**
 * A conversation from its greeting to its newest turn. The log is `aria-live="off"`: a screen reader can walk through
 * it, but hears of what is new from the panel's announcer, once per answer rather than once per token.
 *
 * @csspart thread - The scrolling log.
 */
export class FrontDeskThread extends LitElement {
  static override styles = [baseStyles, threadStyles, markdownStyles];
  static override properties = {
    state: { attribute: false },
    context: { attribute: false },
    isLoading: { state: true },
    hasNews: { state: true },
    isIncomplete: { state: true },
  };
  declare state: ThreadState;
  declare context: ThreadContext;
  declare private isLoading: boolean;
  declare private hasNews: boolean;
  /** Whether a part of the widget itself could not be loaded. */
  declare private isIncomplete: boolean;

  readonly #place = new ReadingPlace(this, () => this.#fill());
  /** The first turn that is drawn. */
  #firstId: string | undefined;
  #isWaitingForIdle = false;
  /** Parts of the widget that were asked for. */
  readonly #asked = new Set<() => Promise<LatePart>>();
  /** The oldest event when older ones were last asked for without a reader's scrolling. */
  #filledFrom: number | undefined;
  readonly #drawn = new Map<string, FrontDeskTurn>();

  constructor() {
    super();
    this.isLoading = false;
    this.hasNews = false;
    this.isIncomplete = false;
  }

  protected override willUpdate(changed: PropertyValues<{ state: ThreadState }>): void {
    const before = changed.get("state");
    if (before === undefined) return;
    const { state } = this;
    if (before.conversationId !== state.conversationId) {
      this.#firstId = undefined;
      this.#place.atEnd = true;
    }
    if (!this.#place.atEnd) this.#place.look();
    // People want to see what they have sent.
    const hasSent = state.queued.length > before.queued.length && state.queued.at(-1)?.status === "sending";
    if (hasSent) this.#place.atEnd = true;
    // What could not be loaded is asked for again when the server is there again, and with each message.
    if (this.isIncomplete && (hasSent || (state.connection === "online" && before.connection !== "online"))) {
      this.isIncomplete = false;
      this.#asked.clear();
    }
    if (this.#place.atEnd) this.hasNews = false;
    else if (state.queued !== before.queued || state.turns.at(-1) !== before.turns.at(-1)) this.hasNews = true;
    const firstId = before.turns[0]?.turnId;
    if (firstId !== undefined && state.turns[0]?.turnId !== firstId) this.#hold();
  }

  protected override updated(): void {
    this.#drawTurns();
  }

  protected override firstUpdated(): void {
    const scroller = this.renderRoot.querySelector<HTMLElement>(".scroller");
    const content = scroller?.firstElementChild;
    if (scroller && content instanceof HTMLElement) this.#place.watch(scroller, content);
    // Who begins to write, or presses a suggested message, will read an answer.
    const expect = (): unknown => loadMarkdown().catch(() => {});
    this.getRootNode().addEventListener("input", expect, { once: true });
    this.renderRoot.addEventListener("pointerdown", expect, { once: true });
    // Who copies something has pressed or typed something here before.
    for (const type of ["pointerdown", "keydown"]) this.renderRoot.addEventListener(type, this.#loadCopying, { once: true });
  }

  protected override render(): unknown {
    const { state, context } = this;
    const { words } = context;
    const isWhole = state.opened && !state.more && this.#firstDrawn() === 0;
    const isHeld = state.turns.some(({ status }) => status === "waiting");
    const isNew = state.turns.length === 0 && state.queued.length === 0;
    return html`<div
        class="scroller"
        part="thread"
        role="log"
        aria-live="off"
        aria-label=${words.conversation}
        tabindex="0"
        @scroll=${this.#scrolled}
        @click=${this.#clicked}
      >
        <div class="content">
          ${this.isLoading ? html`<p class="older">${words.olderLoading}</p>` : nothing}
          ${isWhole && state.assistant !== undefined ? this.#greeting(isNew) : nothing}
          <div class="turns"></div>
          ${state.queued.map((message) => messageBubble(message, context, isHeld))}
          ${state.typing ? html`<front-desk-person .typing=${state.typing} .context=${context}></front-desk-person>` : nothing}
          ${this.isIncomplete ? incompleteNote(words) : nothing}
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
                  html`<button class="button" part="starter" @click=${() => this.dispatchEvent(new IntentEvent({ kind: "send", text }))}>
                    ${text}
                  </button>`,
              )}
            </div>`
          : nothing
      }`;
  }

  /** The first turn to draw: the newest are drawn first, the older ones in idle moments. */
  #firstDrawn(): number {
    const { turns } = this.state;
    const known = turns.findIndex((turn) => turn.turnId === this.#firstId);
    const first = known === -1 ? Math.max(0, turns.length - FIRST_TURNS) : known;
    this.#firstId = turns[first]?.turnId;
    if (first > 0) this.#drawMoreWhenIdle();
    return first;
  }

  /**
   * Each turn keeps its element for life. Done by hand, because Lit would make a template for each of them with every
   * frame.
   */
  #drawTurns(): void {
    const parent = this.renderRoot.querySelector(".turns");
    const turns = this.state.turns.slice(this.#firstDrawn());
    if (turns.length + this.state.queued.length > 0) void this.#load(loadDrawing);
    if (this.state.typing || turns.some(({ person }) => person)) void this.#load(loadPeople);
    if (turns.some(({ voiceCall, message, cuts }) => voiceCall ?? message?.isSpoken ?? cuts)) void this.#load(loadVoiceNotes);
    if (turns.some(({ parts }) => parts.some(({ kind }) => kind === "call"))) void this.#load(loadCallParts);
    if (turns.some((turn) => canBeRated(turn, this.context))) void this.#load(loadFeedback);
    const gone = new Set(this.#drawn.keys());
    let next = parent?.firstElementChild ?? null;
    turns.forEach((turn, index) => {
      const element = this.#drawn.get(turn.turnId) ?? document.createElement("front-desk-turn");
      this.#drawn.set(turn.turnId, element);
      gone.delete(turn.turnId);
      element.turn = turn;
      element.context = this.context;
      element.stamp = stampOf(turn, turns[index - 1]);
      if (element === next) next = element.nextElementSibling;
      else parent?.insertBefore(element, next);
    });
    for (const turnId of gone) {
      const turn = this.#drawn.get(turnId)!;
      this.#drawn.delete(turnId);
      turn.hidden = true;
      void Promise.all([...turn.leaving].map((leave) => leave())).then(() => turn.remove());
    }
  }

  async #load(part: () => Promise<LatePart>): Promise<void> {
    if (this.#asked.has(part)) return;
    this.#asked.add(part);
    try {
      adoptStyles(this.renderRoot, (await part()).styles ?? []);
    } catch {
      this.isIncomplete = true;
    }
    for (const answer of this.renderRoot.querySelectorAll<FrontDeskAnswer>("front-desk-answer")) answer.draw();
  }

  /** Without it the browser copies on its own. */
  readonly #loadCopying = (): void =>
    void import("./copy-selection.ts").then(
      ({ copySelection }) => this.renderRoot.addEventListener("copy", copySelection),
      () => {},
    );

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

  readonly #scrolled = (): void => {
    if (this.#isNearTop()) void this.#loadOlder();
  };

  /**
   * A thread that fits without scrolling, or grew at its beginning, brings no scroll event: older turns are asked for
   * all the same.
   */
  #fill(): void {
    const { firstSeq } = this.state;
    // Once: what cannot be had now is asked for again when the reader scrolls.
    if (firstSeq === this.#filledFrom || !this.#isNearTop()) return;
    this.#filledFrom = firstSeq;
    void this.#loadOlder();
  }

  /** Whether the beginning of what is drawn is near, and there is something before it. */
  #isNearTop(): boolean {
    const { turns, more } = this.state;
    const scroller = this.renderRoot.querySelector(".scroller");
    const isInSight = scroller !== null && scroller.clientHeight > 0 && scroller.scrollTop < NEAR_TOP_PX;
    return isInSight && more && !this.isLoading && turns[0]?.turnId === this.#firstId;
  }

  readonly #clicked = (event: Event): void => {
    const pressed = event.target instanceof Element ? event.target.closest("[aria-expanded], summary") : null;
    const opened = pressed?.parentElement;
    // Also the end of a card, where its buttons are; if there is no room for both, what was opened counts.
    if (opened) this.#place.reveal(opened.closest(".card")?.lastElementChild ?? opened, opened);
  };

  async #loadOlder(): Promise<void> {
    this.isLoading = true;
    this.#hold();
    try {
      await this.context.loadOlder();
    } finally {
      this.isLoading = false;
      // If nothing changed its size, no observer reports it.
      requestAnimationFrame(() => requestAnimationFrame(() => this.#fill()));
    }
  }
}

function stampOf(turn: Turn, before: Turn | undefined): number {
  const at = turn.message?.at ?? 0;
  const last = before?.endedAt ?? before?.message?.at ?? 0;
  return at - last > STAMP_AFTER_MS ? at : 0;
}

define("front-desk-thread", FrontDeskThread);
