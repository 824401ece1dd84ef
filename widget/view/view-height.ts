import type { Clock } from "../thread/clock.ts";
import { Allowance } from "./allowance.ts";

/** The lowest, in CSS pixels. */
const LEAST_PX = 40;
/** Changes that are followed at once, and how many more each second: a view that never rests moves the thread no more. */
const CHANGES = 40;
const CHANGES_PER_SECOND = 0.5;

export interface HeightPorts {
  readonly clock: Clock;
  /** The highest, in CSS pixels; beyond it the view scrolls inside. */
  readonly most: () => number;
  /** Gives the frame this height, in CSS pixels. */
  readonly apply: (height: number) => void;
}

/** How high a view is in the thread, by what it says of its size. */
export class ViewHeight {
  readonly #ports: HeightPorts;
  readonly #changes: Allowance;
  #height: number | undefined;
  #wanted = 0;
  #callOff: (() => void) | undefined;
  static #holds = 0;
  static readonly #held = new Set<ViewHeight>();

  /**
   * Keeps all views as high as they are, until the returned function is called: somebody is asked something, and no view
   * may move the button under their finger.
   */
  static hold(): () => void {
    let isOver = false;
    this.#holds += 1;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#holds -= 1;
      if (this.#holds > 0) return;
      for (const view of this.#held) view.#settle();
    };
  }

  constructor(ports: HeightPorts) {
    this.#ports = ports;
    this.#changes = new Allowance(ports.clock, CHANGES, CHANGES_PER_SECOND);
  }

  /** The view says its height. Returns whether it has it in full: no number, or more than there may be, is not. */
  say(height: unknown): boolean {
    if (typeof height !== "number" || !Number.isFinite(height) || height < 0) return false;
    this.#wanted = Math.ceil(height);
    this.#settle();
    return height <= this.#ports.most();
  }

  end(): void {
    this.#callOff?.();
    ViewHeight.#held.delete(this);
  }

  #settle(): void {
    ViewHeight.#held.delete(this);
    if (ViewHeight.#holds > 0) return void ViewHeight.#held.add(this);
    const height = Math.max(LEAST_PX, Math.min(this.#wanted, this.#ports.most()));
    if (height === this.#height || this.#callOff) return;
    if (this.#changes.take()) {
      this.#height = height;
      this.#ports.apply(height);
      return;
    }
    this.#callOff = this.#ports.clock.after(this.#changes.waitMs, () => {
      this.#callOff = undefined;
      this.#settle();
    });
  }
}
