/** Somebody who typed so short a time ago goes on typing. */
const TYPES_ON_MS = 1_000;
/** What takes the focus away this often is closed. */
const MOST = 5;

/**
 * Keeps a frame from catching what somebody types elsewhere: a document of another origin may take the focus at any
 * moment. It is given back to where they typed just now, unless they went to the frame themselves.
 */
export class KeptFocus {
  readonly #frame: HTMLElement;
  readonly #tooOften: () => void;
  #typedIn: HTMLElement | undefined;
  #typedAt = -Infinity;
  #isOver = false;
  #times = 0;

  constructor(frame: HTMLElement, tooOften: () => void) {
    this.#frame = frame;
    this.#tooOften = tooOften;
    addEventListener("keydown", this.#typed, true);
    addEventListener("blur", this.#left);
    for (const type of ["pointerenter", "pointerleave"]) frame.addEventListener(type, this.#moved);
  }

  end(): void {
    removeEventListener("keydown", this.#typed, true);
    removeEventListener("blur", this.#left);
    for (const type of ["pointerenter", "pointerleave"]) this.#frame.removeEventListener(type, this.#moved);
  }

  readonly #typed = (event: KeyboardEvent): void => {
    const [target] = event.composedPath();
    // With the Tab key, people go to the frame.
    this.#typedIn = event.key !== "Tab" && target instanceof HTMLElement ? target : undefined;
    this.#typedAt = performance.now();
  };

  readonly #moved = ({ type }: Event): void => void (this.#isOver = type === "pointerenter");

  /** The window has lost the focus, perhaps to the frame: which element has it now is known a little later. */
  readonly #left = (): unknown => setTimeout(() => this.#look());

  #look(): void {
    const field = this.#typedIn;
    const isTaken = (this.#frame.getRootNode() as Document | ShadowRoot).activeElement === this.#frame;
    if (!isTaken || !field?.isConnected || this.#isOver || performance.now() - this.#typedAt > TYPES_ON_MS) return;
    field.focus({ preventScroll: true });
    this.#times += 1;
    if (this.#times === MOST) this.#tooOften();
  }
}
