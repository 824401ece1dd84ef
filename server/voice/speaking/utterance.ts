import type { SpokenPiece } from "../../speech/text/sentences.ts";
import { charactersUntil, writtenHeard } from "./played-text.ts";
import type { HeardOf, Saying, SpokenOf } from "../ports/speaking-side.ts";

/** A piece of an utterance, and how far it is. */
export class SaidPiece implements SpokenPiece {
  readonly utterance: Utterance;
  readonly written: string;
  readonly spoken: string;
  /** Where its audio is, once some was sent. */
  fromMs: number | undefined;
  untilMs = 0;
  isWhole = false;
  /** Nothing more of it can be said. */
  isBroken = false;
  /** Where it is heard to. */
  placeMs = 0;
  /** Characters of `spoken` that were heard. */
  heard = 0;

  constructor(utterance: Utterance, { written, spoken }: SpokenPiece) {
    this.utterance = utterance;
    this.written = written;
    this.spoken = spoken;
  }

  /** Whether nothing more of it is to be heard. */
  get isOver(): boolean {
    if (this.isBroken) return this.fromMs === undefined || this.placeMs >= this.untilMs;
    return this.isWhole && this.heard >= this.spoken.length;
  }

  heardUntil(placeMs: number, characterMs: number | undefined): void {
    const { spoken, fromMs, untilMs, isWhole } = this;
    if (fromMs === undefined) return;
    this.placeMs = placeMs;
    this.heard = Math.max(this.heard, charactersUntil({ spoken, fromMs, untilMs, isWhole }, placeMs, characterMs));
  }
}

/** What is said in one go: the text of a model's step, a question, a filler. In the journal it is one event. */
export class Utterance implements Saying {
  readonly of: SpokenOf;
  readonly pieces: SaidPiece[] = [];
  isFinished = false;
  isBroken = false;
  /** It was begun before, and cut: `before` is what came before its first piece, `heard` what was heard by then. */
  earlier: { readonly before: string; readonly heard: string } | undefined;
  /** It is in the journal, or nothing of it has to be. */
  isOver = false;
  /** The server's time, once. */
  firstAudioAt: number | undefined;
  firstHeardAt: number | undefined;
  readonly #onPiece: (piece: SaidPiece) => void;
  readonly #onFinish: () => void;

  constructor(of: SpokenOf, onPiece: (piece: SaidPiece) => void, onFinish: () => void) {
    this.of = of;
    this.#onPiece = onPiece;
    this.#onFinish = onFinish;
  }

  say(given: SpokenPiece): void {
    if (this.isFinished) return;
    const piece = new SaidPiece(this, given);
    this.pieces.push(piece);
    piece.isBroken = this.isBroken;
    if (!piece.isBroken) this.#onPiece(piece);
  }

  finish(): void {
    if (this.isFinished) return;
    this.isFinished = true;
    this.#onFinish();
  }

  /** It cannot be said from this piece on: what was sent of it is heard, and the rest is not. */
  break(from: SaidPiece): void {
    this.isBroken = true;
    for (const piece of this.pieces.slice(this.pieces.indexOf(from))) piece.isBroken = true;
  }

  /** Whether it was heard to its end. */
  get isHeard(): boolean {
    return this.isFinished && this.pieces.every((piece) => piece.isOver);
  }

  get isSpoken(): boolean {
    return this.pieces.some(({ spoken }) => spoken !== "");
  }

  /** What was heard and what was not: together all that was written. */
  parts(language: string | undefined): { readonly text: string; readonly unheard: string } {
    const last = this.pieces.findLastIndex(({ heard }) => heard > 0);
    const written = this.pieces.map((piece) => piece.written);
    const piece = this.pieces[last];
    if (piece === undefined) return { text: "", unheard: written.join("") };
    const isAll = last === this.pieces.length - 1 || this.pieces.slice(last + 1).every(({ spoken, isWhole }) => spoken === "" && isWhole);
    if (isAll && piece.isOver && !piece.isBroken) return { text: written.join(""), unheard: "" };
    const end = writtenHeard(piece, piece.heard, language);
    return {
      text: written.slice(0, last).join("") + piece.written.slice(0, end),
      unheard: piece.written.slice(end) + written.slice(last + 1).join(""),
    };
  }

  /** How much of its audio was heard. */
  get #heardMs(): number {
    return this.pieces.reduce((sum, { fromMs = Infinity, untilMs, placeMs }) => sum + Math.max(0, Math.min(placeMs, untilMs) - fromMs), 0);
  }

  /** As the journal has it. `cutBy`: it was not heard to its end. */
  asHeard(language: string | undefined, cutBy?: HeardOf["cutBy"]): HeardOf {
    const { before = "", heard: least = "" } = this.earlier ?? {};
    const parts = this.parts(language);
    const said = before + parts.text;
    const text = said.length < least.length ? least : said;
    const unheard = (said + parts.unheard).slice(text.length);
    const { of, firstAudioAt, firstHeardAt } = this;
    const since = of.since;
    return {
      of,
      text,
      ...(cutBy === undefined ? {} : { unheard, cutBy }),
      ...(since === undefined || firstAudioAt === undefined ? {} : { firstAudioMs: Math.max(0, firstAudioAt - since) }),
      ...(this.#heardMs > 0 ? { heardMs: this.#heardMs } : {}),
      ...(since === undefined || firstHeardAt === undefined ? {} : { firstHeardMs: Math.max(0, firstHeardAt - since) }),
    };
  }
}
