import { FRAME_PCM16, type ParsedVoiceMessage, type VoiceFrame } from "../../../protocol/voice-frames.ts";
import type { TurnTimes } from "../../conversation/ports/voice.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Hearing, HearingSession, Transcript } from "../../speech/ports/hearing.ts";
import type { HearingNews, HearingSide } from "../ports/hearing-side.ts";
import type { CallRecorder } from "../recording/call-recorder.ts";
import { type TakenTurn, TurnTaking } from "./turn-taking.ts";

export interface EngineHearingPorts {
  readonly hearing: Hearing;
  readonly clock: Clock;
  /** Of the turn that begins now; what it leaves out is as measured. */
  readonly turns: () => TurnTimes;
  readonly recorder?: Pick<CallRecorder, "captured" | "otherClock"> | undefined;
}

/** A turn that is over, until its transcript is there. */
interface Pending extends TakenTurn {
  readonly turn: number;
  partialAt: number | undefined;
}

/** An engine that failed so often without hearing a word in between is not asked again. */
const MOST_FAILURES = 4;
const RETRY_MS = [0, 500, 2_000];

/** Hears by an engine: audio in, one final transcript for each turn. */
export class EngineHearing implements HearingSide {
  readonly #ports: EngineHearingPorts;
  readonly #news: HearingNews;
  readonly #taking: TurnTaking;
  #session: HearingSession | undefined;
  #ending = new AbortController();
  #pending: Pending[] = [];
  /** Turns of the call, and those that came before the present session. */
  #turns = 0;
  #turnsBefore = 0;
  #failures = 0;
  /** Present: the open turn has no beginning, since no engine heard it. `isTold`: the customer knows already. */
  #lost: { readonly cause: string; readonly isTold: boolean } | undefined;
  #isMuted = false;
  #isClosed = false;
  #callOff = (): void => undefined;

  constructor(ports: EngineHearingPorts, news: HearingNews) {
    this.#ports = ports;
    this.#news = news;
    const turnNews = {
      opened: () => this.#opened(),
      likely: (text: string) => this.#lost === undefined && news.likely(text),
      resumed: () => news.resumed(),
      ended: (turn: TakenTurn) => this.#ended(turn),
    };
    this.#taking = new TurnTaking(ports.clock, turnNews, ports.turns);
    this.#open();
  }

  get isOpen(): boolean {
    return this.#taking.isOpen;
  }

  get isPending(): boolean {
    return this.#pending.length > 0;
  }

  frame({ type, timeMs, audio }: VoiceFrame): void {
    if (this.#isMuted || type !== FRAME_PCM16) return;
    this.#taking.frame(timeMs);
    // Its end alone would be another sentence.
    if (this.#lost === undefined) this.#session?.send(audio);
    this.#ports.recorder?.captured(audio, timeMs);
  }

  take(message: Extract<ParsedVoiceMessage, { type: "speech" | "talk" | "mute" | "transcript" }>): void {
    if (message.type === "speech" && !this.#isMuted) this.#taking.speech(message);
    else if (message.type === "talk" && !this.#isMuted) this.#taking.talk(message.held, message.atMs);
    else if (message.type === "mute") {
      this.#isMuted = message.muted;
      if (message.muted) this.#taking.finish();
    }
  }

  renew(isSaidAgain: boolean): void {
    this.#isMuted = false;
    if (isSaidAgain && this.#taking.isSpeaking) {
      this.#taking.drop();
      this.#leaveOut();
    }
    this.#taking.renew();
    this.#ports.recorder?.otherClock();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#callOff();
    this.#taking.drop();
    const session = this.#session;
    this.#session = undefined;
    await session?.close();
    this.#ending.abort(new Error("The call is over."));
  }

  #open(): void {
    const session = this.#ports.hearing.open({ signal: this.#ending.signal });
    this.#session = session;
    this.#turnsBefore = this.#turns;
    this.#read(session).catch((error: unknown) => this.#failed(session, error));
  }

  async #read(session: HearingSession): Promise<void> {
    for await (const transcript of session.transcripts) if (session === this.#session) this.#take(transcript);
    if (session === this.#session) throw new Error("The engine ended by itself.");
  }

  #take({ type, turn: ofSession, text, confidence }: Transcript): void {
    const turn = this.#turnsBefore + ofSession;
    const now = this.#ports.clock.now();
    const pending = this.#pending.find((one) => one.turn === turn);
    if (text !== "") this.#failures = 0;
    if (type === "partial") {
      if (pending === undefined && turn !== this.#turns) return;
      if (pending !== undefined) pending.partialAt ??= now;
      else this.#taking.understood(text);
      this.#news.partial(turn, text);
      return;
    }
    if (pending === undefined) return;
    this.#pending = this.#pending.filter((one) => one !== pending);
    const { startedAt, endedAt, partialAt, isCut } = pending;
    this.#news.final({
      turn,
      text: text.trim(),
      startedAt,
      endedAt,
      engine: this.#ports.hearing.name,
      ...(isCut ? { isCut } : {}),
      transcriptMs: Math.max(0, now - endedAt),
      ...(partialAt === undefined ? {} : { partialMs: Math.max(0, partialAt - endedAt) }),
      ...(confidence === undefined ? {} : { confidence }),
    });
  }

  #opened(): void {
    if (this.#session === undefined) this.#lost = { cause: "There is no engine at this moment.", isTold: false };
    this.#news.turnOpen(true);
  }

  #ended(turn: TakenTurn): void {
    if (this.#lost !== undefined) return this.#leaveOut(this.#lost.isTold ? undefined : this.#lost.cause);
    this.#pending.push({ ...turn, turn: this.#turns, partialAt: undefined });
    this.#turns += 1;
    this.#news.turnOpen(false);
    this.#session?.endTurn();
  }

  /** The turn that is over counts for nothing. `cause`: the customer is told. */
  #leaveOut(cause?: string): void {
    const wasLost = this.#lost !== undefined;
    this.#lost = undefined;
    this.#turns += 1;
    // A session that was given nothing of it has no turn of it.
    if (wasLost) this.#turnsBefore += 1;
    else this.#session?.endTurn();
    this.#news.turnOpen(false);
    if (cause === undefined) this.#news.dropped();
    else this.#news.failed(cause);
  }

  /** What was said of turns without a transcript is lost. */
  #lose(cause: string): void {
    const lost = this.#pending;
    this.#pending = [];
    if (lost.length > 0) this.#news.failed(cause);
  }

  #failed(session: HearingSession, error: unknown): void {
    if (this.#isClosed || session !== this.#session) return;
    const cause = error instanceof Error ? error.message : String(error);
    this.#session = undefined;
    this.#failures += 1;
    void session.close().catch(() => undefined);
    if (this.#failures >= MOST_FAILURES) return this.#news.over(cause);
    const isTold = this.#pending.length > 0 || this.#lost?.isTold === true;
    if (this.isOpen) this.#lost = { cause, isTold };
    this.#lose(cause);
    this.#callOff = this.#ports.clock.after(RETRY_MS[this.#failures - 1] ?? 0, () => this.#open());
  }
}
