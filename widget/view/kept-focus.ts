import type { Clock } from "../thread/clock.ts";

/** Who typed so short a time ago has not gone elsewhere. */
const TYPES_ON_MS = 1_000;
/** What takes the focus away this often is closed. */
const MOST = 3;

/**
 * Keeps a frame from catching what somebody types elsewhere: a document of another origin may take the focus at any
 * moment, and no attribute of its frame forbids it. It is given back to the field where they typed, unless they went to
 * the frame themselves: with the Tab key, or by a press.
 */
export class KeptFocus {
  readonly #frame: HTMLElement;
  readonly #clock: Pick<Clock, "now">;
  readonly #tooOften: () => void;
  /** Where they typed last, and when. */
  #field: HTMLElement | undefined;
  #typedAt = 0;
  #times = 0;

  /** `tooOften`: it does not stop taking the focus. */
  constructor(frame: HTMLElement, clock: Pick<Clock, "now">, tooOften: () => void) {
    this.#frame = frame;
    this.#clock = clock;
    this.#tooOften = tooOften;
    addEventListener("keydown", this.#typed, true);
    addEventListener("focusin", this.#entered, true);
    addEventListener("blur", this.#left);
  }

  end(): void {
    removeEventListener("keydown", this.#typed, true);
    removeEventListener("focusin", this.#entered, true);
    removeEventListener("blur", this.#left);
  }

  readonly #typed = (event: KeyboardEvent): void => {
    const [target] = event.composedPath();
    this.#field = event.key !== "Tab" && target instanceof HTMLElement ? target : undefined;
    this.#typedAt = this.#clock.now();
  };

  /** Somebody who has just gone to a field types next. */
  readonly #entered = (event: FocusEvent): void => {
    const [target] = event.composedPath();
    if (!(target instanceof HTMLElement) || !target.matches("input, textarea") || target === this.#field) return;
    this.#field = target;
    this.#typedAt = this.#clock.now();
  };

  /** The window has lost the focus, perhaps to the frame: which element has it now is known a little later. */
  readonly #left = (): unknown => setTimeout(() => this.#look());

  #look(): void {
    const field = this.#field;
    const isTaken = (this.#frame.getRootNode() as Document | ShadowRoot).activeElement === this.#frame;
    // A press in a frame counts as one in the pages around it, as does a key, for some seconds; a mouse is over what it presses.
    const wasPressed =
      navigator.userActivation?.isActive &&
      this.#clock.now() - this.#typedAt >= TYPES_ON_MS &&
      (this.#frame.matches(":hover") || !matchMedia("(hover: hover)").matches);
    if (!isTaken || !field?.isConnected || wasPressed) return;
    field.focus({ preventScroll: true });
    this.#times += 1;
    if (this.#times === MOST) this.#tooOften();
  }
}
