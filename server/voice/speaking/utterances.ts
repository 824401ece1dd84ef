import type { SpokenPiece } from "../../speech/text/sentences.ts";
import type { SaidPiece, Utterance } from "./utterance.ts";
import type { HeardOf, Saying, SpokenOf } from "../ports/speaking-side.ts";

/** What is left of an utterance. */
interface Rest {
  readonly of: SpokenOf;
  readonly earlier: NonNullable<Utterance["earlier"]>;
  readonly pieces: readonly SpokenPiece[];
  /** Nothing more comes of it. */
  readonly isFinished: boolean;
}

/** Utterances that are not in the journal yet, in the order in which they are said, and how far they were heard. */
export class Utterances {
  readonly #language: string | undefined;
  readonly #onHeard: (speech: HeardOf) => void;
  #open: Utterance[] = [];
  /** What was cut last. */
  #rest: readonly Rest[] = [];

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
    this.#rest = cut.flatMap((utterance) => restOf(utterance, utterance.asHeard(this.#language).text));
    for (const utterance of cut) {
      utterance.finish();
      this.#tell(utterance, cutBy);
    }
    return cut.map(({ of }) => of);
  }

  /** These are over, and nothing of them was heard since they were begun, or gone on with. */
  drop(which: (of: SpokenOf) => boolean, cutBy: NonNullable<HeardOf["cutBy"]>): void {
    const dropped = this.#open.filter(({ of }) => which(of));
    this.#open = this.#open.filter(({ of }) => !which(of));
    for (const utterance of dropped) {
      utterance.finish();
      this.#tell(utterance, cutBy);
    }
  }

  /**
   * What the last cut left is said once more, in utterances that `open` makes. `follow`: of one that is not finished, what
   * still comes of it is told to this from now on; false: nothing does.
   */
  goOn(open: (of: SpokenOf) => Utterance, follow: (of: SpokenOf, saying: Saying) => boolean): void {
    const rest = this.#rest;
    this.#rest = [];
    for (const { of, earlier, pieces, isFinished } of rest) {
      const utterance = open(of);
      if (!isFinished && !follow(of, utterance)) continue;
      utterance.earlier = earlier;
      this.add(utterance);
      for (const piece of pieces) utterance.say(piece);
      if (isFinished) utterance.finish();
    }
  }

  #tell(utterance: Utterance, cutBy?: HeardOf["cutBy"]): void {
    if (utterance.isOver) return;
    utterance.isOver = true;
    const heard = utterance.asHeard(this.#language, cutBy);
    // That nobody heard it is in the journal already.
    const isKnown = cutBy !== undefined && utterance.earlier?.heard === heard.text;
    // Where it was cut after its last word, nothing of it was left to be said.
    const isAnything = utterance.isSpoken || utterance.earlier !== undefined;
    if (isAnything && !isKnown) this.#onHeard(heard);
  }
}

/** What of it was not heard, from the beginning of the piece that was heard in part. */
function restOf({ of, pieces, isFinished, isBroken, earlier }: Utterance, heard: string): readonly Rest[] {
  const first = pieces.findIndex((piece) => !piece.isOver);
  const [said, left] = first < 0 ? [pieces, []] : [pieces.slice(0, first), pieces.slice(first)];
  const isOver = isFinished && !left.some(({ spoken }) => spoken !== "");
  // Whoever asks, asks again, and what passes the time is not missed.
  const isMissed = of.kind === "answer" || (of.kind === "notice" && of.approvalId === undefined);
  if (isOver || isBroken || !isMissed) return [];
  const before = (earlier?.before ?? "") + said.map(({ written }) => written).join("");
  return [{ of, isFinished, earlier: { before, heard }, pieces: left.map(({ written, spoken }) => ({ written, spoken })) }];
}
