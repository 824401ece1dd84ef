import { html } from "lit";
import type { VoiceWords } from "../../words/types/voice-words.ts";
import { define } from "../foundation/define.ts";
import { LightElement } from "../foundation/light-element.ts";
import { microphoneIcon } from "./voice-icons.ts";

/** Who lets go sooner has tapped. */
const TAP_MS = 350;

/**
 * Push-to-talk: held by a finger, the mouse, the space bar or Enter, as long as somebody speaks. A tap holds it until the
 * next one, for those who cannot hold, and for screen readers, which only click.
 */
export class FrontDeskTalk extends LightElement {
  static override properties = {
    words: { attribute: false },
    isHeld: { attribute: false },
    isDisabled: { attribute: false },
    talk: { attribute: false },
    isKept: { state: true },
  };
  declare words: VoiceWords;
  declare isHeld: boolean;
  declare isDisabled: boolean;
  declare talk: (isHeld: boolean) => void;
  /** It stays held until the next press. */
  declare private isKept: boolean;
  /** When it was pressed; undefined: it is held by nobody's finger. */
  #pressedAt: number | undefined;
  /** A click that follows a press says nothing new. */
  #wasPressed = false;

  constructor() {
    super();
    this.isKept = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.isHeld) this.talk(false);
  }

  protected override render(): unknown {
    const { words, isHeld, isDisabled, isKept } = this;
    return html`<button
      type="button"
      class="button talk"
      part="call-talk"
      aria-pressed=${String(isHeld)}
      aria-disabled=${String(isDisabled)}
      @pointerdown=${this.#pointerDown}
      @pointerup=${this.#release}
      @pointercancel=${this.#leave}
      @lostpointercapture=${this.#leave}
      @keydown=${this.#keyDown}
      @keyup=${this.#keyUp}
      @blur=${this.#leave}
      @click=${this.#click}
      @contextmenu=${(event: Event) => event.preventDefault()}
    >
      ${microphoneIcon}${isHeld ? (isKept ? words.kept : words.held) : words.hold}
    </button>`;
  }

  readonly #pointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.#press(event);
  };

  readonly #keyDown = (event: KeyboardEvent): void => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    if (!event.repeat) this.#press(event);
  };

  readonly #keyUp = (event: KeyboardEvent): void => {
    if (event.key === " " || event.key === "Enter") this.#release(event);
  };

  #press({ timeStamp }: Event): void {
    this.#wasPressed = true;
    if (this.isDisabled) return;
    if (this.isKept && this.isHeld) return this.#let();
    this.isKept = false;
    this.#pressedAt = timeStamp;
    this.talk(true);
  }

  readonly #release = ({ timeStamp }: Event): void => {
    const pressedAt = this.#pressedAt;
    this.#pressedAt = undefined;
    if (pressedAt === undefined) return;
    if (timeStamp - pressedAt < TAP_MS) this.isKept = true;
    else this.#let();
  };

  /** The finger slid off, or the focus went: nobody speaks for long who does not know it. */
  readonly #leave = (): void => {
    if (this.#pressedAt !== undefined) this.#let();
  };

  readonly #click = (): void => {
    const wasPressed = this.#wasPressed;
    this.#wasPressed = false;
    if (wasPressed || this.isDisabled) return;
    if (this.isHeld) return this.#let();
    this.isKept = true;
    this.talk(true);
  };

  #let(): void {
    this.#pressedAt = undefined;
    this.isKept = false;
    this.talk(false);
  }
}

define("front-desk-talk", FrontDeskTalk);
