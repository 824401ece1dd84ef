import { html, nothing } from "lit";
import type { SpeechCut, VoiceCallEvent } from "../../thread/state.ts";
import { voiceWords } from "../../words/voice-words.ts";
import { define } from "../foundation/define.ts";
import { LightElement } from "../foundation/light-element.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";
import { behindLetters, drawnLetters, heardLength, lastWords } from "./heard-text.ts";
import { UNHEARD } from "./voice-notes.styles.ts";

const MINUTE_MS = 60_000;

/** What nobody heard, of all threads of the page: drawn weaker, and none of the answer's nodes is touched for it. */
const unheard = typeof Highlight === "undefined" ? undefined : new Highlight();
if (unheard !== undefined) CSS.highlights.set(UNHEARD, unheard);

/**
 * A quiet word about speech: that a call began or ended; under an answer, that it was cut, and where; with neither,
 * that the message above was spoken.
 */
export class FrontDeskVoiceNote extends LightElement {
  static override properties = {
    event: { attribute: false },
    written: { attribute: false },
    context: { attribute: false },
    isReady: { state: true },
  };
  declare event: VoiceCallEvent | SpeechCut | undefined;
  /** The whole text of the answer that was cut, which stands before this. */
  declare written: string | undefined;
  declare context: ThreadContext;
  declare private isReady: boolean;
  #range: Range | undefined;
  /** The answer is drawn late, and anew when its text turns out to be another. */
  readonly #watch = new MutationObserver(() => this.#weaken());

  /** Not before: an element that was there before its class has its properties only now. */
  protected override firstUpdated(): void {
    void voiceWords.load(this.context.words).then(() => (this.isReady = true));
  }

  protected override updated(): void {
    this.#watch.disconnect();
    const answer = this.previousElementSibling;
    if (this.event?.type === "speech-cut" && answer) this.#watch.observe(answer, { childList: true, characterData: true, subtree: true });
    this.#weaken();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watch.disconnect();
    if (this.#range) unheard?.delete(this.#range);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  protected override render(): unknown {
    const { event, context } = this;
    const { formats } = context;
    if (!this.isReady) return nothing;
    const words = voiceWords.in(context.words);
    if (event === undefined) return html`<p class="mark">${words.spoken}</p>`;
    if (event.type === "speech-cut") {
      const heard = (this.written ?? "").slice(0, heardLength(this.written ?? "", event));
      return html`<p class="mark">${words.cut[event.cutBy](lastWords(heard))}</p>`;
    }
    if (event.type === "voice-call-started") return html`<p class="voice-line">${words.started(formats.time(event.at))}</p>`;
    const { durationMs, reason } = event;
    const isShort = durationMs < MINUTE_MS;
    const duration = formats.amount(Math.round(durationMs / (isShort ? 1000 : MINUTE_MS)), isShort ? "second" : "minute", 0);
    return html`<p class="voice-line">${words.endedAfter(duration)}</p>
      ${reason === "hung-up" || reason === "left" || reason === "taken-over" ? nothing : html`<p class="voice-line">${words.ends[reason]}</p>`}`;
  }

  #weaken(): void {
    const answer = this.previousElementSibling;
    if (this.#range) unheard?.delete(this.#range);
    this.#range = undefined;
    const { event, written } = this;
    if (event?.type !== "speech-cut" || answer === null || written === undefined || !this.isConnected) return;
    this.#range = behindLetters(answer, drawnLetters(written.slice(0, heardLength(written, event))));
    if (this.#range) unheard?.add(this.#range);
  }
}

define("front-desk-voice-note", FrontDeskVoiceNote);
