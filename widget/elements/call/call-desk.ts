import { html, nothing, type LitElement, type TemplateResult } from "lit";
import type { VoiceOffer } from "../../../protocol/frames.ts";
import { browserCallPorts } from "../../call/browser-ports.ts";
import { CallMemory } from "../../call/call-memory.ts";
import type { CallPlace } from "../../call/call-state.ts";
import { VoiceCall } from "../../call/voice-call.ts";
import { browserClock } from "../../controllers/browser-clock.ts";
import { browserShelf } from "../../controllers/browser-shelf.ts";
import { newId } from "../../controllers/new-id.ts";
import { CALL, placeKey, type ThreadPlace } from "../../controllers/place.ts";
import type { ThreadController } from "../../controllers/thread-controller.ts";
import { voiceWords } from "../../words/voice-words.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";
import type { FrontDeskCallBar } from "./call-bar.ts";

/** What a call needs of the panel that it is in. */
export interface CallHost {
  readonly element: LitElement;
  readonly thread: Pick<ThreadController, "state" | "startCall">;
  readonly place: () => ThreadPlace;
  /** Where the focus goes when the bar is gone. */
  readonly giveBack: () => void;
}

/** The calls of one panel, one at a time. Comes with the first. */
export class CallDesk {
  readonly #host: CallHost;
  readonly #memory: CallMemory;
  #call: VoiceCall | undefined;
  /** The server may still wait for the last one, which is in no other tab. */
  #lastId: string | undefined;

  constructor(host: CallHost) {
    this.#host = host;
    this.#memory = new CallMemory(browserShelf("sessionStorage"), browserShelf("localStorage"), placeKey(host.place()) + CALL);
  }

  /** Whether there is a bar to draw. */
  get isOpen(): boolean {
    return this.#call !== undefined;
  }

  /** Whether the customer is in a call, or about to be. */
  get isOn(): boolean {
    const status = this.#call?.state.status;
    return status === "starting" || status === "on" || status === "lost" || status === "returned";
  }

  /** Answers are heard: no screen reader need say them as well. */
  get isHeard(): boolean {
    const { status, choices, isSpoken } = this.#call?.state ?? {};
    return status === "on" && choices!.volume > 0 && isSpoken!;
  }

  get isAudible(): boolean {
    return this.#call?.state.isAudible ?? false;
  }

  /** Call it while a press is handled; the focus goes into the bar. */
  async start(context: ThreadContext, offer: VoiceOffer): Promise<void> {
    if (this.isOn) return;
    const wasTaken = this.#isElsewhere;
    await voiceWords.load(context.words);
    this.#begin({ conversationId: this.#host.thread.state.conversationId, offer }, wasTaken || this.#lastId);
    await this.#host.element.updateComplete;
    this.#bar?.focus();
  }

  /** Goes on with the call that the page before was in. */
  async resume(context: ThreadContext): Promise<void> {
    const left = this.#memory.take();
    const { conversationId } = this.#host.thread.state;
    if (left === undefined || this.isOn || left.conversationId !== conversationId) return;
    await voiceWords.load(context.words);
    this.#begin({ conversationId, offer: left.offer, left });
  }

  hush(): void {
    this.#call?.hush();
  }

  end(): void {
    const call = this.#call;
    this.#call = undefined;
    call?.hangUp();
  }

  draw(context: ThreadContext): TemplateResult | typeof nothing {
    const call = this.#call;
    if (call === undefined) return nothing;
    return html`<front-desk-call-bar
      .call=${call}
      .state=${call.state}
      .context=${context}
      .isElsewhere=${this.#isElsewhere}
      .again=${() => this.#again(context)}
      .close=${() => this.#putAway()}
    ></front-desk-call-bar>`;
  }

  /** Whether another tab took the call over, and has not ended it since, as far as the thread says. */
  get #isElsewhere(): boolean {
    if (this.#call?.state.end !== "taken-over") return false;
    const last = this.#host.thread.state.turns.findLast(({ voiceCall }) => voiceCall)?.voiceCall;
    return !last || !("reason" in last) || last.voiceCallId === this.#call.voiceCallId;
  }

  get #bar(): FrontDeskCallBar | null {
    return this.#host.element.renderRoot.querySelector<FrontDeskCallBar>("front-desk-call-bar");
  }

  #begin(place: CallPlace, takeOver?: boolean | string): void {
    const { thread, element, place: where } = this.#host;
    const ports = browserCallPorts({
      server: where().server,
      memory: this.#memory,
      clock: browserClock,
      newId,
      ask: (voiceCallId, takeOver) => thread.startCall(voiceCallId, takeOver),
    });
    const call: VoiceCall = new VoiceCall(place, ports, () => {
      if (call !== this.#call) return;
      // Who hangs up is told nothing that they do not know.
      if (call.state.end === "hung-up") this.#putAway();
      element.requestUpdate();
    });
    this.#call = call;
    this.#lastId = call.voiceCallId;
    call.start(takeOver);
    element.requestUpdate();
  }

  #again(context: ThreadContext): void {
    const { voice } = this.#host.thread.state.assistant ?? {};
    if (voice === undefined) return this.#putAway();
    void this.start(context, voice);
  }

  #putAway(): void {
    const bar = this.#bar;
    const hadFocus = bar?.matches(":focus-within") === true;
    this.#call = undefined;
    this.#host.element.requestUpdate();
    if (hadFocus) void this.#host.element.updateComplete.then(this.#host.giveBack);
  }
}
