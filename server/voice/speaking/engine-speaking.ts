import { FRAME_PCM16, type ParsedVoiceMessage } from "../../../protocol/voice-frames.ts";
import type { Clock } from "../../foundation/clock.ts";
import { clockPause } from "../../foundation/clock-pause.ts";
import { SAMPLE_BYTES } from "../../speech/ports/hearing.ts";
import type { SpokenAudio, Speaking } from "../../speech/ports/speaking.ts";
import { spokenAhead } from "../../speech/spoken-ahead.ts";
import type { CallLine } from "../ports/call-line.ts";
import type { HeardOf, Saying, SpeakingNews, SpeakingSide, SpokenOf } from "../ports/speaking-side.ts";
import type { CallRecorder } from "../recording/call-recorder.ts";
import { SpeechPace } from "./speech-pace.ts";
import { SpokenQueue } from "./spoken-queue.ts";
import { type SaidPiece, Utterance } from "./utterance.ts";
import { Utterances } from "./utterances.ts";

export interface EngineSpeakingPorts {
  readonly speaking: Speaking;
  readonly language: string | undefined;
  /** Where the audio goes at this moment; undefined: nobody is there. */
  readonly line: () => CallLine | undefined;
  readonly clock: Clock;
  readonly recorder?: Pick<CallRecorder, "sent" | "heard" | "cut"> | undefined;
}

/** A frame sounds no longer than this. */
const FRAME_MS = 100;
/** Whoever waits for speech for so long hears that something is wrong. */
const SILENT_MS = 2_000;
/** So much is not taken by the network, and nothing more is sent. */
const MOST_WAITING_BYTES = 1024 * 1024;
const LOOK_AGAIN_MS = 50;

/**
 * Says aloud by an engine: text in, frames out, a little ahead of what is heard. Places count all audio of the call,
 * without its pauses.
 */
export class EngineSpeaking implements SpeakingSide {
  readonly #ports: EngineSpeakingPorts;
  readonly #news: SpeakingNews;
  readonly #utterances: Utterances;
  readonly #queue = new SpokenQueue();
  readonly #pace: SpeechPace;
  #run: AbortController | undefined;
  #placeMs = 0;
  #heardMs = 0;
  #seq = 0;
  #number = 0;
  /** Of the voice, by the pieces that were said whole. */
  #spokenCharacters = 0;
  #spokenMs = 0;
  #told = "";
  #isClosed = false;

  constructor(ports: EngineSpeakingPorts, news: SpeakingNews) {
    this.#ports = ports;
    this.#news = news;
    this.#utterances = new Utterances(ports.language, (speech) => news.heard(speech));
    this.#pace = new SpeechPace(ports.clock);
  }

  get isOut(): boolean {
    return this.#utterances.isOpen;
  }

  get isSpeaking(): boolean {
    return this.#heardMs < this.#placeMs;
  }

  begin(of: SpokenOf): Saying {
    const utterance = this.#open(of);
    this.#utterances.add(utterance);
    return utterance;
  }

  hold(isHeld: boolean): void {
    this.#queue.hold(isHeld);
  }

  take(message: Extract<ParsedVoiceMessage, { type: "heard" | "spoke" }>): void {
    if (message.type === "heard") this.#heard(message.untilMs);
  }

  cut(by: NonNullable<HeardOf["cutBy"]>, untilMs?: number): readonly SpokenOf[] {
    if (untilMs !== undefined) this.#heard(untilMs);
    this.#run?.abort(new Error("It is said no longer."));
    this.#run = undefined;
    this.#queue.clear();
    this.#tellVoice();
    const cut = this.#utterances.cut(by);
    this.#ports.recorder?.cut(this.#heardMs);
    // What was sent and not heard is dropped, and never comes again under its place.
    this.#heardMs = this.#placeMs;
    this.#pace.heard(this.#placeMs);
    this.#settle();
    return cut;
  }

  goOn(follow: (of: SpokenOf, saying: Saying) => boolean): void {
    this.#utterances.goOn((of) => this.#open(of), follow);
  }

  drop(which: (of: SpokenOf) => boolean, by: NonNullable<HeardOf["cutBy"]>): void {
    // What was asked for ahead is asked for anew.
    this.#run?.abort(new Error("Some of it is not said."));
    this.#run = undefined;
    this.#tellVoice();
    this.#queue.drop(({ of }) => which(of));
    this.#utterances.drop(which, by);
    this.#settle();
    if (this.#queue.isWaiting) void this.#speak();
  }

  close(): void {
    this.#isClosed = true;
    this.#run?.abort(new Error("The call is over."));
    this.#run = undefined;
    this.#queue.clear();
  }

  /** A voice that remembers what it said remembers it as far as it was heard. */
  #tellVoice(): void {
    const { speaking } = this.#ports;
    for (const piece of this.#utterances.pieces) {
      const { fromMs, untilMs } = piece;
      if (!piece.isOver) speaking.cut?.(piece, fromMs === undefined ? 0 : Math.max(0, Math.min(this.#heardMs, untilMs) - fromMs));
    }
  }

  #open(of: SpokenOf): Utterance {
    return new Utterance(
      of,
      (piece) => {
        if (this.#isClosed) return;
        this.#queue.put(piece);
        if (piece.spoken !== "" && this.#run === undefined) void this.#speak();
      },
      () => this.#settle(),
    );
  }

  async #speak(): Promise<void> {
    const run = new AbortController();
    this.#run = run;
    const { speaking, language } = this.#ports;
    const { signal } = run;
    let piece: SaidPiece | undefined;
    let silence = (): void => undefined;
    try {
      const isAnswer = ({ utterance }: SaidPiece): boolean => utterance.of.kind === "answer";
      for await (const part of spokenAhead(this.#queue.read(signal), speaking, { language, signal, isAnswer })) {
        silence();
        signal.throwIfAborted();
        if (part.type === "piece") {
          piece = part.piece;
          await this.#queue.begin(piece, signal);
          silence = this.#watchSilence(piece);
        } else if (piece !== undefined && part.type === "audio") await this.#send(piece, part.audio, signal);
        else if (piece !== undefined) this.#end(piece);
      }
    } catch (error) {
      if (!signal.aborted) this.#failed(error, piece);
    } finally {
      silence();
    }
  }

  async #send(piece: SaidPiece, { pcm, sampleRate }: SpokenAudio, signal: AbortSignal): Promise<void> {
    const { clock } = this.#ports;
    const most = Math.floor((sampleRate * FRAME_MS) / 1000) * SAMPLE_BYTES;
    for (let at = 0; at < pcm.length; at += most) {
      await this.#room(signal);
      signal.throwIfAborted();
      const line = this.#ports.line();
      if (piece.fromMs === undefined) this.#announce(piece, sampleRate, line);
      const audio = pcm.subarray(at, at + most);
      const timeMs = this.#placeMs;
      this.#placeMs += (audio.length / SAMPLE_BYTES / sampleRate) * 1000;
      piece.untilMs = this.#placeMs;
      if (piece.utterance.firstAudioAt === undefined) this.#news.begun(piece.utterance.of);
      piece.utterance.firstAudioAt ??= clock.now();
      this.#pace.sent(this.#placeMs);
      this.#ports.recorder?.sent(audio, sampleRate, timeMs);
      line?.frame({ type: FRAME_PCM16, flags: 0, seq: this.#seq++, timeMs, audio });
    }
    this.#tellChange();
  }

  #announce(piece: SaidPiece, sampleRate: number, line: CallLine | undefined): void {
    const { kind, turnId, approvalId } = piece.utterance.of;
    piece.fromMs = this.#placeMs;
    line?.say({
      type: "saying",
      piece: this.#number++,
      kind,
      text: piece.spoken,
      fromMs: this.#placeMs,
      sampleRate,
      ...(turnId === undefined ? {} : { turnId }),
      ...(approvalId === undefined ? {} : { approvalId }),
    });
  }

  #end(piece: SaidPiece): void {
    piece.isWhole = true;
    const { fromMs, untilMs, spoken } = piece;
    if (fromMs === undefined) {
      // No audio of it: nothing is to be heard.
      piece.heard = spoken.length;
    } else {
      this.#spokenCharacters += spoken.length;
      this.#spokenMs += untilMs - fromMs;
      this.#ports.line()?.say({ type: "said", piece: this.#number - 1, untilMs });
    }
    this.#settle();
  }

  /** What was said until here was sent: the customer hears it to its end. What follows of it is not said. */
  #failed(error: unknown, piece: SaidPiece | undefined): void {
    // Its reader may wait for the next piece, and would take it for nobody.
    this.#run?.abort(new Error("The voice failed."));
    this.#run = undefined;
    this.#news.failed(error instanceof Error ? error.message : String(error));
    if (piece !== undefined) {
      this.#queue.drop((utterance) => utterance === piece.utterance);
      piece.utterance.break(piece);
    }
    this.#settle();
    if (this.#queue.isWaiting) void this.#speak();
  }

  /** Waits until there is room for more: the customer is not far behind, and the network takes what is sent. */
  async #room(signal: AbortSignal): Promise<void> {
    for (;;) {
      const isFull = (this.#ports.line()?.waitingBytes ?? 0) > MOST_WAITING_BYTES;
      const waitMs = Math.max(this.#pace.waitMs(), isFull ? LOOK_AGAIN_MS : 0);
      if (waitMs === 0 || signal.aborted) return;
      await clockPause(this.#ports.clock, waitMs, signal);
    }
  }

  /** Somebody waits for this piece. Returns what ends the watch. */
  #watchSilence(piece: SaidPiece): () => void {
    if (piece.spoken === "") return () => undefined;
    return this.#ports.clock.after(SILENT_MS, () => {
      if (!this.isSpeaking) this.#news.late();
    });
  }

  #heard(untilMs: number): void {
    const placeMs = Math.min(untilMs, this.#placeMs);
    if (placeMs <= this.#heardMs) return;
    this.#heardMs = placeMs;
    this.#pace.heard(placeMs);
    this.#ports.recorder?.heard(placeMs);
    const now = this.#ports.clock.now();
    const characterMs = this.#spokenCharacters === 0 ? undefined : this.#spokenMs / this.#spokenCharacters;
    for (const piece of this.#utterances.pieces) {
      if (piece.fromMs === undefined || piece.fromMs >= placeMs) continue;
      const wasOver = piece.isOver;
      piece.utterance.firstHeardAt ??= now - (placeMs - piece.fromMs);
      piece.heardUntil(placeMs, characterMs);
      if (piece.isOver && !wasOver) this.#ports.speaking.heard?.(piece);
    }
    this.#settle();
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
