import type { Clock } from "../foundation/clock.ts";
import type { ConversationWatch } from "./conversation-watch.ts";
import type { SpeakingSide, SpokenOf } from "./ports/speaking-side.ts";

export interface InterruptionsPorts {
  readonly clock: Pick<Clock, "after">;
  readonly watch: Pick<ConversationWatch, "isWriting" | "isAt" | "drop" | "goOn">;
  readonly speaking: Pick<SpeakingSide, "hold" | "goOn" | "drop">;
  /** Whether the customer speaks, or what they said is not understood yet. */
  readonly isHeard: () => boolean;
  /** The model need not write on in this turn. */
  readonly stop: (turnId: string) => void;
}

/** What was cut for a sound, until it is known whether it is words. */
interface Interruption {
  cut: ReadonlySet<SpokenOf>;
  /** Those of which the model was writing then. */
  readonly turns: Set<string>;
  wasStopped: boolean;
}

/** A page that stopped for a sound tells of it within this. */
const UNTOLD_MS = 1_000;

/**
 * A sound stops the assistant's voice at once; words take its answer away. Until it is known which it is, what was cut
 * waits to go on, and the model writes on.
 */
export class Interruptions {
  readonly #ports: InterruptionsPorts;
  #now: Interruption | undefined;
  #isHeld = false;
  /** Something was understood of what the customer says at this moment. */
  #hasWords = false;
  /** What began to be said since the customer's last words, and before them. */
  #begun = new Set<SpokenOf>();
  #answered = new Set<SpokenOf>();
  #callOff = (): void => undefined;

  constructor(ports: InterruptionsPorts) {
    this.#ports = ports;
  }

  /** Nothing new is begun in any case: somebody is heard, or nobody is there. */
  hold(isHeld: boolean): void {
    const isOver = this.#isHeld && !isHeld;
    this.#isHeld = isHeld;
    this.#hold();
    if (!isOver) return;
    // A turn may count for nothing. A page that was gone may say it again.
    this.#hasWords = false;
    this.#awaitSpeech();
  }

  begun(of: SpokenOf): void {
    this.#begun.add(of);
  }

  /** All that was being said was cut for a sound. */
  sound(cut: readonly SpokenOf[]): void {
    const { watch, speaking, isHeard } = this.#ports;
    if (cut.length === 0 && this.#now === undefined) return;
    const turns = cut.flatMap((of) => (of.turnId !== undefined && watch.isWriting(of) ? [of.turnId] : []));
    const { turns: before = [], wasStopped = false } = this.#now ?? {};
    this.#now = { cut: new Set(cut), turns: new Set([...before, ...turns]), wasStopped };
    this.#hold();
    speaking.goOn((of, saying) => watch.goOn(of, saying));
    // Its words may have come before the page had stopped.
    if (!isHeard() && cut.some((of) => this.#answered.has(of) && !this.#begun.has(of))) return this.#words();
    if (this.#hasWords) this.#stop(this.#now);
    this.#awaitSpeech();
  }

  /** So much is understood by now of what the customer says. */
  partial(text: string): void {
    if (text.trim() === "" || this.#hasWords) return;
    this.#hasWords = true;
    if (this.#now !== undefined) this.#stop(this.#now);
  }

  /** It was words: what they cut is not said any more. */
  understood(): void {
    this.#words();
    this.#answered = this.#begun;
    this.#begun = new Set();
  }

  /** It was nothing, so what it had cut goes on, unless the customer speaks again. True: the model was stopped for it. */
  nothing(): boolean {
    if (this.#ports.isHeard()) return false;
    const wasStopped = this.#now?.wasStopped === true;
    this.forget();
    return wasStopped;
  }

  /** Whatever was cut is not waited for any more. */
  forget(): void {
    this.#callOff();
    this.#now = undefined;
    this.#hasWords = false;
    this.#hold();
  }

  /** Where nobody is heard by then, it was nothing; who is heard now decides it at their end. */
  #awaitSpeech(): void {
    this.#callOff();
    if (this.#now === undefined) return;
    this.#callOff = this.#ports.clock.after(UNTOLD_MS, () => void (this.#isHeld || this.nothing()));
  }

  #words(): void {
    const { watch, speaking } = this.#ports;
    const now = this.#now;
    if (now !== undefined) {
      this.#stop(now);
      const isOver = (of: SpokenOf): boolean => now.cut.has(of) || (of.turnId !== undefined && now.turns.has(of.turnId));
      speaking.drop(isOver, "speech");
      for (const of of now.cut) watch.drop(of);
    }
    this.forget();
  }

  #stop(now: Interruption): void {
    const { watch, stop } = this.#ports;
    for (const turnId of now.turns) {
      if (!watch.isAt(turnId)) continue;
      now.wasStopped = true;
      stop(turnId);
    }
  }

  #hold(): void {
    this.#ports.speaking.hold(this.#isHeld || this.#now !== undefined);
  }
}
