import type { Clock } from "../thread/clock.ts";
import { Allowance } from "./allowance.ts";

/** The lowest, in CSS pixels. */
const LEAST_PX = 40;
/** Changes that are followed at once, and how many more each second: a view that never rests moves the thread no more. */
const CHANGES = 40;
const CHANGES_PER_SECOND = 0.5;
/** How often is looked whether somebody is still asked. */
const LOOK_MS = 250;

export interface HeightPorts {
  readonly clock: Clock;
  /** The highest, in CSS pixels; beyond it the view scrolls inside. */
  readonly most: () => number;
  /** Whether a person is asked something near it: it stays as it is, so that no button moves under their finger. */
  readonly isAsked: () => boolean;
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
  }

  #settle(): void {
    const height = Math.max(LEAST_PX, Math.min(this.#wanted, this.#ports.most()));
    if (height === this.#height || this.#callOff) return;
    const isAsked = this.#ports.isAsked();
    if (!isAsked && this.#changes.take()) {
      this.#height = height;
      this.#ports.apply(height);
      return;
    }
    this.#callOff = this.#ports.clock.after(isAsked ? LOOK_MS : this.#changes.waitMs, () => {
      this.#callOff = undefined;
      this.#settle();
    });
  }
}
