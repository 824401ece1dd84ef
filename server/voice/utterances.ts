import type { SaidPiece, Utterance } from "./utterance.ts";
import type { HeardOf, SpokenOf } from "./ports.ts";

/** Utterances that are not in the journal yet, in the order in which they are said, and how far they were heard. */
export class Utterances {
  readonly #language: string | undefined;
  readonly #onHeard: (speech: HeardOf) => void;
  #open: Utterance[] = [];
  /** The rest of what was cut. */
  #rest: { readonly of: SpokenOf; readonly pieces: readonly { readonly written: string; readonly spoken: string }[] }[] = [];

  constructor(language: string | undefined, onHeard: (speech: HeardOf) => void) {
    this.#language = language;
    this.#onHeard = onHeard;
  }

  add(utterance: Utterance): void {
    this.#open.push(utterance);
  }

  get pieces(): readonly SaidPiece[] {
    return this.#open.flatMap(({ pieces }) => pieces);
  }

  /** Whether something that is to be said is not heard to its end. */
  get isOpen(): boolean {
    return this.#open.some(({ pieces }) => pieces.some((piece) => piece.spoken !== "" && !piece.isOver));
  }

  /** Tells what was heard to its end by now, in its order. */
  settle(): void {
    for (let first = this.#open[0]; first?.isHeard === true; first = this.#open[0]) {
      this.#open.shift();
      this.#tell(first, first.isBroken ? "lost" : undefined);
    }
  }

  /** What is open is over, wherever it is. */
  cut(cutBy: NonNullable<HeardOf["cutBy"]>): readonly SpokenOf[] {
    this.settle();
    const cut = this.#open;
    this.#open = [];
    this.#rest = cut.flatMap((utterance) => {
      const pieces = restOf(utterance);
      return utterance.isFinished && utterance.of.kind !== "filler" && pieces.length > 0 ? [{ of: utterance.of, pieces }] : [];
    });
    for (const utterance of cut) {
      utterance.finish();
      this.#tell(utterance, cutBy);
    }
    return cut.map(({ of }) => of);
  }

  /** What the last cut left, once. */
  takeRest(): readonly { readonly of: SpokenOf; readonly pieces: readonly { readonly written: string; readonly spoken: string }[] }[] {
    const rest = this.#rest;
    this.#rest = [];
    return rest;
  }

  #tell(utterance: Utterance, cutBy?: HeardOf["cutBy"]): void {
    if (utterance.isOver) return;
    utterance.isOver = true;
    if (utterance.isSpoken) this.#onHeard(utterance.asHeard(this.#language, cutBy));
  }
}

/** What of it was not heard, from the beginning of the piece that was. */
function restOf({ pieces }: Utterance): readonly { readonly written: string; readonly spoken: string }[] {
  const rest = pieces.filter((piece) => !piece.isOver);
  return rest.some(({ spoken }) => spoken !== "") ? rest.map(({ written, spoken }) => ({ written, spoken })) : [];
}
