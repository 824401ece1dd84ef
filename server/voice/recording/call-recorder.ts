import {
  LONGEST_RECORDING_MS,
  RECORDING_RATE,
  type RecordedPiece,
  type RecordingPlace,
  type Recordings,
} from "../../conversation/ports/recordings.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import { toMuLaw } from "./mu-law.ts";
import { RecordedTrack } from "./recorded-track.ts";
import { SentAudio } from "./sent-audio.ts";

export interface CallRecorderPorts {
  readonly recordings: Pick<Recordings, "begin" | "append" | "end">;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/** So long the customer's audio is held back: until then frames may come that took less time, and say when it was. */
const SETTLE_MS = 1_500;
/** After so long without audio the page's clock is compared anew: two never go alike, and one may have stood still. */
const FORGET_MS = 2_000;
/** By which a place may differ from the one before without being another moment: clocks that differ, */
const CUSTOMER_LEEWAY_MS = 60;
/** and how unevenly it is told what was heard. */
const ASSISTANT_LEEWAY_MS = 400;

interface Captured {
  readonly audio: Uint8Array;
  readonly capturedMs: number;
  readonly arrivedMs: number;
}

/**
 * Records one call: what the customer said when they said it, and of what was sent to them what they heard, when they
 * heard it. Nobody waits for it; what cannot be written is logged, and the call goes on without.
 */
export class CallRecorder {
  readonly #ports: CallRecorderPorts;
  readonly #place: RecordingPlace;
  readonly #startedAt: number;
  readonly #customer = new RecordedTrack("customer", CUSTOMER_LEEWAY_MS);
  readonly #assistant = new RecordedTrack("assistant", ASSISTANT_LEEWAY_MS);
  readonly #sent = new SentAudio();
  #captured: Captured[] = [];
  /** What has to be added to the page's clock, as the frame that took the least time says. */
  #offsetMs = Number.POSITIVE_INFINITY;
  #arrivedMs = 0;
  /** Nothing more is recorded; and nothing more can be written. */
  #isOver = false;
  #isLost = false;
  #work: Promise<void>;

  /** `startedAt`: of `voice-call-started`, so that the journal's times are places in the recording. */
  constructor(ports: CallRecorderPorts, { startedAt, ...place }: RecordingPlace & { readonly startedAt: number }) {
    this.#ports = ports;
    this.#place = { conversationId: place.conversationId, voiceCallId: place.voiceCallId };
    this.#startedAt = startedAt;
    this.#work = this.#attempt(() => ports.recordings.begin(this.#place, startedAt));
  }

  /** The customer's audio: PCM of 16 bits at 16 kHz. `capturedMs` as in its frame, by the clock of the page. */
  captured(pcm16: Uint8Array, capturedMs: number): void {
    const arrivedMs = this.#nowMs();
    if (this.#isOver || arrivedMs > LONGEST_RECORDING_MS) return;
    if (arrivedMs - this.#arrivedMs > FORGET_MS) this.otherClock();
    this.#arrivedMs = arrivedMs;
    const audio = toMuLaw(pcm16);
    this.#offsetMs = Math.min(this.#offsetMs, arrivedMs - capturedMs - (audio.length * 1000) / RECORDING_RATE);
    this.#captured.push({ audio, capturedMs, arrivedMs });
    this.#settle(arrivedMs - SETTLE_MS);
    this.#write();
  }

  /** The page, and with it its clock, is another one: after a call was resumed. */
  otherClock(): void {
    this.#settle(Number.POSITIVE_INFINITY);
    this.#offsetMs = Number.POSITIVE_INFINITY;
  }

  /** Audio that goes to the page: PCM of 16 bits. `placeMs` as in its frame: its place in all that was sent. */
  sent(pcm16: Uint8Array, sampleRate: number, placeMs: number): void {
    if (!this.#isOver) this.#sent.add(pcm16, sampleRate, placeMs);
  }

  /** The page has played up to this place by now. */
  heard(untilMs: number): void {
    const nowMs = this.#nowMs();
    if (this.#isOver || nowMs > LONGEST_RECORDING_MS) return;
    for (const { audio, fromMs } of this.#sent.take(untilMs)) this.#assistant.put(audio, nowMs - (untilMs - fromMs));
    this.#settle(nowMs - SETTLE_MS);
    this.#write();
  }

  /** It has played up to this place, and drops the rest of what was sent. */
  cut(untilMs: number): void {
    this.heard(untilMs);
    this.#sent.drop();
  }

  /** Writes what is left. */
  async end(): Promise<void> {
    if (this.#isOver) return this.#work;
    this.otherClock();
    this.#customer.close();
    this.#assistant.close();
    this.#write();
    this.#isOver = true;
    const { recordings, clock } = this.#ports;
    const [at, durationMs] = [clock.now(), Math.min(this.#nowMs(), LONGEST_RECORDING_MS)];
    this.#work = this.#work
      .then(() => (this.#isLost ? undefined : recordings.end(this.#place, at, durationMs)))
      .catch((error: unknown) => this.#failed(error));
    return this.#work;
  }

  /** Since the call began. */
  #nowMs(): number {
    return Math.max(0, this.#ports.clock.now() - this.#startedAt);
  }

  /** Puts where it belongs what arrived until then. */
  #settle(untilMs: number): void {
    const count = this.#captured.findIndex(({ arrivedMs }) => arrivedMs > untilMs);
    for (const { audio, capturedMs } of this.#captured.splice(0, count === -1 ? this.#captured.length : count))
      this.#customer.put(audio, capturedMs + this.#offsetMs);
  }

  #write(): void {
    const nowMs = this.#nowMs();
    const pieces: readonly RecordedPiece[] = [this.#customer, this.#assistant].flatMap((track) => track.take(nowMs));
    if (pieces.length === 0) return;
    this.#work = this.#work.then(() =>
      this.#isLost ? undefined : this.#attempt(() => this.#ports.recordings.append(this.#place, pieces)),
    );
  }

  async #attempt(write: () => Promise<boolean>): Promise<void> {
    try {
      // Erased meanwhile: nothing more is kept of it.
      if (!(await write())) this.#isOver = this.#isLost = true;
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.#isOver = this.#isLost = true;
    this.#ports.log.warn(
      { ...this.#place, error: String(error) },
      "The recording of a call could not be written. The call goes on without.",
    );
  }
}
