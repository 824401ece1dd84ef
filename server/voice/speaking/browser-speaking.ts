import type { ParsedVoiceMessage } from "../../../protocol/voice-frames.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { CallLine } from "../ports/call-line.ts";
import type { HeardOf, Saying, SpeakingNews, SpeakingSide, SpokenOf } from "../ports/speaking-side.ts";
import { type SaidPiece, Utterance } from "./utterance.ts";
import { Utterances } from "./utterances.ts";

export interface BrowserSpeakingPorts {
  readonly language: string | undefined;
  readonly line: () => CallLine | undefined;
  readonly clock: Clock;
}

/** Says aloud by the browser's own voice: it is given text, and says how much of it was said. */
export class BrowserSpeaking implements SpeakingSide {
  readonly #ports: BrowserSpeakingPorts;
  readonly #news: SpeakingNews;
  readonly #utterances: Utterances;
  #waiting: SaidPiece[] = [];
  /** By their numbers. */
  #out = new Map<number, SaidPiece>();
  #number = 0;
  #isHeld = false;
  #isClosed = false;
  #told = "";

  constructor(ports: BrowserSpeakingPorts, news: SpeakingNews) {
    this.#ports = ports;
    this.#news = news;
    this.#utterances = new Utterances(ports.language, (speech) => news.heard(speech));
  }

  get isOut(): boolean {
    return this.#utterances.isOpen;
  }

  get isSpeaking(): boolean {
    return this.#out.size > 0;
  }

  begin(of: SpokenOf): Saying {
    const utterance = this.#open(of);
    this.#utterances.add(utterance);
    return utterance;
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#next();
  }

  take(message: Extract<ParsedVoiceMessage, { type: "heard" | "spoke" }>): void {
    if (message.type !== "spoke") return;
    const piece = this.#out.get(message.piece);
    if (piece === undefined) return;
    piece.utterance.firstHeardAt ??= this.#ports.clock.now();
    piece.heard = Math.max(piece.heard, message.done ? piece.spoken.length : Math.min(piece.spoken.length, message.characters));
    if (message.done) this.#out.delete(message.piece);
    this.#settle();
    this.#next();
  }

  cut(by: NonNullable<HeardOf["cutBy"]>): readonly SpokenOf[] {
    this.#waiting = [];
    this.#out.clear();
    const cut = this.#utterances.cut(by);
    this.#settle();
    return cut;
  }

  goOn(follow: (of: SpokenOf, saying: Saying) => boolean): void {
    this.#utterances.goOn((of) => this.#open(of), follow);
  }

  drop(which: (of: SpokenOf) => boolean, by: NonNullable<HeardOf["cutBy"]>): void {
    this.#waiting = this.#waiting.filter(({ utterance }) => !which(utterance.of));
    this.#utterances.drop(which, by);
    this.#settle();
  }

  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
    this.#out.clear();
  }

  #open(of: SpokenOf): Utterance {
    return new Utterance(
      of,
      (piece) => {
        if (this.#isClosed) return;
        this.#waiting.push(piece);
        this.#next();
      },
      () => this.#settle(),
    );
  }

  /** One at a time: a browser's voice queues what it is given, and forgets it only all at once. */
  #next(): void {
    while (!this.#isHeld && this.#out.size === 0) {
      const piece = this.#waiting.shift();
      if (piece === undefined) return;
      piece.isWhole = true;
      if (piece.spoken === "") continue;
      const { of } = piece.utterance;
      const number = this.#number++;
      this.#out.set(number, piece);
      if (piece.utterance.firstAudioAt === undefined) this.#news.begun(of);
      piece.utterance.firstAudioAt ??= this.#ports.clock.now();
      this.#ports.line()?.say({
        type: "saying",
        piece: number,
        kind: of.kind,
        text: piece.spoken,
        fromMs: 0,
        sampleRate: 0,
        ...(of.turnId === undefined ? {} : { turnId: of.turnId }),
        ...(of.approvalId === undefined ? {} : { approvalId: of.approvalId }),
      });
      this.#tellChange();
    }
  }

  #settle(): void {
    this.#utterances.settle();
    this.#tellChange();
  }

  #tellChange(): void {
    const now = `${this.isOut} ${this.isSpeaking}`;
    if (now === this.#told) return;
    this.#told = now;
    this.#news.changed();
  }
}
