import type { ProgressFrame } from "../../protocol/frames.ts";
import type { Clock } from "../foundation/clock.ts";
import type { CallWords } from "./call-words.ts";

export interface FillersPorts {
  readonly clock: Pick<Clock, "now" | "after">;
  readonly words: CallWords;
  /** The owner's own, for the first one. */
  readonly own: readonly string[] | undefined;
  /** False: somebody speaks, or something is said at this moment. */
  readonly isQuiet: () => boolean;
  readonly say: (text: string) => void;
}

/** A tool that takes longer is spoken of. */
const FIRST_MS = 1_000;
/** Then it is said again that it goes on, but no more often. */
const AGAIN_MS = 10_000;
/** Somebody speaks just now. */
const LOOK_AGAIN_MS = 500;

/** Short words while a tool runs, so that a call is never dead. The same is not said twice in a row. */
export class Fillers {
  readonly #ports: FillersPorts;
  #callOff = (): void => undefined;
  #progress: ProgressFrame | undefined;
  #told: number | undefined;
  #fillers = 0;
  #reports = 0;
  #saidAt = -Infinity;

  constructor(ports: FillersPorts) {
    this.#ports = ports;
  }

  begin(): void {
    this.#progress = undefined;
    this.#told = undefined;
    this.#wait(FIRST_MS, true);
  }

  progress(frame: ProgressFrame): void {
    this.#progress = frame;
  }

  end(): void {
    this.#callOff();
  }

  #wait(ms: number, isFirst: boolean): void {
    this.#callOff();
    this.#callOff = this.#ports.clock.after(ms, () => this.#due(isFirst));
  }

  #due(isFirst: boolean): void {
    const { clock, isQuiet, say } = this.#ports;
    const now = clock.now();
    if (!isQuiet()) return this.#wait(LOOK_AGAIN_MS, isFirst);
    if (now - this.#saidAt < AGAIN_MS) return this.#wait(this.#saidAt + AGAIN_MS - now, isFirst);
    this.#saidAt = now;
    say(isFirst ? this.#filler() : this.#report());
    this.#wait(AGAIN_MS, false);
  }

  #filler(): string {
    const { own, words } = this.#ports;
    const list = own === undefined || own.length === 0 ? words.fillers : own;
    return list[this.#fillers++ % list.length] ?? "";
  }

  #report(): string {
    const { words } = this.#ports;
    const { progress = 0, total = 0 } = this.#progress ?? {};
    const percent = total > 0 ? Math.round((Math.min(1, progress / total) * 100) / 5) * 5 : 0;
    if (percent > 0 && percent < 100 && percent !== this.#told) {
      this.#told = percent;
      return words.percentDone(percent);
    }
    return words.stillWorking[this.#reports++ % words.stillWorking.length] ?? "";
  }
}
