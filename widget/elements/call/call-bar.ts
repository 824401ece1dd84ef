import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { type CallState, modeOf } from "../../call/call-state.ts";
import type { VoiceCall } from "../../call/voice-call.ts";
import { voiceWords } from "../../words/voice-words.ts";
import { define } from "../foundation/define.ts";
import { isComposing } from "../foundation/is-composing.ts";
import { LightElement } from "../foundation/light-element.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";
import { hangUpIcon, microphoneIcon, mutedIcon, settingsIcon } from "./voice-icons.ts";
import { callMenu } from "./call-menu.ts";
import { noteText, standText } from "./call-text.ts";
import "./level-meter.ts";
import "./talk-button.ts";

/** What is used of a call. */
export type CallOfBar = Pick<VoiceCall, "state" | "level" | "agree" | "takeOver" | "goOn" | "hangUp" | "mute" | "talk" | "choose">;

/** Faults after which another try makes sense. */
const MENDABLE: readonly string[] = ["no-microphone", "lost", "busy", "denied", "withdrawn", "unreached", "interrupted"];

/** A call that goes on: what it does, in words; what is said, on both sides; and all that can be done with it. */
export class FrontDeskCallBar extends LightElement {
  static override properties = {
    call: { attribute: false },
    state: { attribute: false },
    context: { attribute: false },
    isElsewhere: { attribute: false },
    again: { attribute: false },
    close: { attribute: false },
    isMenuOpen: { state: true },
  };
  declare call: CallOfBar;
  declare state: CallState;
  declare context: ThreadContext;
  /** The call that another tab took over goes on there. */
  declare isElsewhere: boolean;
  /** Another call is begun; this one is put away. */
  declare again: () => void;
  declare close: () => void;
  declare private isMenuOpen: boolean;

  constructor() {
    super();
    this.isElsewhere = false;
    this.isMenuOpen = false;
  }

  /** Into the bar: on what ends the call, or what the customer is asked. */
  override focus(): void {
    void this.updateComplete.then(() => this.#focusFirst());
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("state");
    if (before === undefined) return;
    const { status } = this.state;
    if (before.status !== status && status !== "on") this.isMenuOpen = false;
    // What had the focus may be gone.
    if (this.contains((this.getRootNode() as ShadowRoot).activeElement)) void this.updateComplete.then(() => this.#keepFocus());
  }

  /** The menu opens upwards, and scrolls rather than leave the panel. */
  protected override updated(): void {
    const menu = this.querySelector<HTMLElement>(".call-menu");
    if (menu === null) return;
    const top = this.closest(".panel")?.getBoundingClientRect().top ?? 0;
    menu.style.maxBlockSize = `${menu.getBoundingClientRect().bottom - top - 8}px`;
  }

  protected override render(): unknown {
    const { state, context } = this;
    const words = voiceWords.in(context.words);
    const isCall = state.status === "starting" || state.status === "on" || state.status === "lost";
    return html`<section class="call" part="call" aria-label=${words.voiceCall} @keydown=${this.#keydown} @focusout=${this.#left}>
      ${isCall ? this.#controls() : nothing} ${isCall ? this.#captions() : nothing}
      <p class="call-note" role="status">${noteText(state, context.words, words)}</p>
      ${isCall && modeOf(state) === "push-to-talk" ? this.#talkButton() : nothing} ${this.#choices()}
    </section>`;
  }

  #controls(): TemplateResult {
    const { state, call, isMenuOpen } = this;
    const words = voiceWords.in(this.context.words);
    const { isMuted } = state;
    const stand = standText(state, words);
    const muting = isMuted ? words.unmute : words.mute;
    // Of what the call does, no more is announced: the rest is heard.
    const isOn = state.status === "on";
    return html`<div class="call-head" tabindex="-1">
      ${call.level === undefined ? nothing : html`<front-desk-level .read=${() => (state.isMuted ? 0 : call.level)}></front-desk-level>`}
      <p class="stand">
        <span role="status">${isOn ? "" : stand}</span>${isOn ? stand : ""}
        ${state.isRecorded ? html`<span class="quiet">${words.isRecorded}</span>` : nothing}
      </p>
      ${
        modeOf(state) === "push-to-talk" && !isMuted
          ? nothing
          : html`<button
              class="round ${isMuted ? "muted" : ""}"
              part="mute"
              aria-label=${muting}
              title=${muting}
              @click=${() => call.mute(!isMuted)}
            >
              ${isMuted ? mutedIcon : microphoneIcon}
            </button>`
      }
      <button
        class="round"
        aria-label=${words.settings}
        title=${words.settings}
        aria-expanded=${String(isMenuOpen)}
        @click=${() => (this.isMenuOpen = !isMenuOpen)}
      >
        ${settingsIcon}
      </button>
      <button class="round end-call" part="end-call" aria-label=${words.endCall} title=${words.endCall} @click=${() => call.hangUp()}>
        ${hangUpIcon}
      </button>
      ${isMenuOpen ? callMenu(state, words, (change) => call.choose(change)) : nothing}
    </div>`;
  }

  /** For the eyes: what was said is heard anyway, and the thread has it. */
  #captions(): TemplateResult | typeof nothing {
    const { customerCaption, assistantCaption } = this.state;
    const { words, assistantName } = this.context;
    if (customerCaption === "" && assistantCaption === "") return nothing;
    const caption = (who: string, text: string, side = ""): TemplateResult | typeof nothing =>
      text === ""
        ? nothing
        : html`<p class="quiet">${words.says(who)}</p>
            <div class="caption ${side}"><p>${text}</p></div>`;
    return html`<div class="captions" part="captions">
      ${caption(words.you, customerCaption)}${caption(assistantName, assistantCaption, "said")}
    </div>`;
  }

  #talkButton(): TemplateResult {
    const { state, call } = this;
    return html`<front-desk-talk
      .words=${voiceWords.in(this.context.words)}
      .isHeld=${state.isHeld}
      .isDisabled=${state.status === "starting"}
      .talk=${(isHeld: boolean) => call.talk(isHeld)}
    ></front-desk-talk>`;
  }

  /** What the note asks for. */
  #choices(): TemplateResult | typeof nothing {
    const { state, call, context } = this;
    const { status, fault } = state;
    const words = voiceWords.in(context.words);
    const choice = (text: string, press: () => void, isFirst = false): TemplateResult =>
      html`<button class="button ${isFirst ? "primary" : ""}" @click=${press}>${text}</button>`;
    const pair = (text: string, press: () => void, other: string, leave: () => void): TemplateResult =>
      html`<div class="call-choices">${choice(text, press, true)}${choice(other, leave)}</div>`;
    if (status === "asking")
      return pair(
        context.words.startCall,
        () => call.agree(),
        words.cancel,
        () => call.hangUp(),
      );
    if (status === "elsewhere")
      return pair(
        words.takeOver,
        () => call.takeOver(),
        words.cancel,
        () => call.hangUp(),
      );
    if (status === "returned")
      return pair(
        words.continueCall,
        () => void call.goOn(),
        words.endCall,
        () => call.hangUp(),
      );
    if (status === "over") {
      const close = (): void => this.close();
      if (!isMendable(state)) return html`<div class="call-choices">${choice(words.close, close)}</div>`;
      return pair(
        state.end === "taken-over" && this.isElsewhere ? words.takeOver : words.callAgain,
        () => this.again(),
        words.close,
        close,
      );
    }
    if (fault === "no-sound") return html`<div class="call-choices">${choice(words.continueCall, () => void call.goOn(), true)}</div>`;
    if (fault !== "nothing-understood" || modeOf(state) === "push-to-talk") return nothing;
    return html`<div class="call-choices">${choice(words.pushToTalk, () => call.choose({ mode: "push-to-talk" }))}</div>`;
  }

  #keepFocus(): void {
    if (!this.contains((this.getRootNode() as ShadowRoot).activeElement)) this.#focusFirst();
  }

  #focusFirst(): void {
    const first = (selector: string): HTMLElement | null => this.querySelector(selector);
    (first(".primary") ?? first("[part=end-call]") ?? first("button"))?.focus();
  }

  /** A press on words, too, gives the focus to what holds the menu. */
  readonly #left = ({ relatedTarget }: FocusEvent): void => {
    if (this.isMenuOpen && !this.querySelector(".call-head")?.contains(relatedTarget as Node | null)) this.isMenuOpen = false;
  };

  /** Escape closes the menu, not the panel around it. */
  readonly #keydown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !this.isMenuOpen || isComposing(event)) return;
    event.preventDefault();
    this.isMenuOpen = false;
    this.querySelector<HTMLElement>("[aria-expanded]")?.focus();
  };
}

/** Whether another call may go better. */
function isMendable({ end, fault, error }: CallState): boolean {
  return end === undefined ? error?.code !== "no-voice" && (fault === undefined || MENDABLE.includes(fault)) : end !== "assistant";
}

define("front-desk-call-bar", FrontDeskCallBar);
