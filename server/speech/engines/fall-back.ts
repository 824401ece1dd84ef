import type { Clock } from "../../foundation/clock.ts";
import { type Hearing, type HearingOptions, type HearingSession, type Transcript } from "../ports/hearing.ts";
import { SpeechError, type SpeechErrorKind } from "../ports/speech-error.ts";
import type { SpeakOptions, Speaking, SpokenAudio } from "../ports/speaking.ts";
import { Channel } from "./channel.ts";
import { Patience } from "./patience.ts";

/** One that failed is asked last for so long, so that not every sentence waits for it. */
const RESTING_MS = 60_000;
/** A voice of which nothing is heard by then gives way to the next: the customer hears nothing meanwhile. */
const SILENT_MS = 2_000;
/** A lost connection. Whatever else an engine fails with, it would again. */
const CUT_OFF: ReadonlySet<SpeechErrorKind> = new Set(["broken", "unreachable"]);
/** What is said aloud has at least one of these. */
const WORD = /[\p{L}\p{N}]/u;
/** What of an unanswered turn is kept for whoever hears it next: two minutes. */
const KEPT_BYTES = 4 * 1024 * 1024;

export interface FallBackPorts {
  readonly clock: Pick<Clock, "now" | "after">;
  /** An engine failed, and `next` is asked in its place, perhaps the same once more. Absent: there is none. */
  readonly onFailure: (error: SpeechError, engine: string, next: string | undefined) => void;
}

/** Which engines failed lately, for all calls of one assistant. */
class Order<Engine extends { readonly name: string }> {
  readonly #engines: readonly Engine[];
  readonly #clock: Pick<Clock, "now">;
  readonly #failedAt = new Map<Engine, number>();

  constructor(engines: readonly Engine[], clock: Pick<Clock, "now">) {
    this.#engines = engines;
    this.#clock = clock;
  }

  now(): Engine[] {
    const isResting = (engine: Engine): boolean => this.#clock.now() - (this.#failedAt.get(engine) ?? -Infinity) < RESTING_MS;
    return [...this.#engines.filter((one) => !isResting(one)), ...this.#engines.filter(isResting)];
  }

  failed(engine: Engine): void {
    this.#failedAt.set(engine, this.#clock.now());
  }
}

/** The first of several engines; the next where one fails before its first audio, or lets it wait. */
export class FallBackSpeaking implements Speaking {
  readonly #order: Order<Speaking>;
  readonly #ports: FallBackPorts;

  constructor(engines: readonly Speaking[], ports: FallBackPorts) {
    this.#order = new Order(engines, ports.clock);
    this.#ports = ports;
  }

  get name(): string {
    return this.#order.now()[0]?.name ?? "no engine";
  }

  async *speak(text: string, options: SpeakOptions): AsyncGenerator<SpokenAudio, void> {
    const engines = this.#order.now();
    if (engines.length === 0) throw noEngine("speaking");
    for (const [index, engine] of engines.entries()) {
      let begun = false;
      const patience = new Patience(this.#ports.clock, SILENT_MS, options.signal);
      if (index === engines.length - 1) patience.rest();
      try {
        for await (const audio of engine.speak(text, { ...options, signal: patience.signal })) {
          begun = true;
          patience.rest();
          yield audio;
        }
        if (!begun && WORD.test(text)) throw new SpeechError("silent", `${engine.name} gave no sound.`);
        return;
      } catch (error) {
        const fault = patience.isOut ? new SpeechError("silent", `${engine.name} said nothing for ${SILENT_MS / 1000} seconds.`) : error;
        if (options.signal.aborted || !(fault instanceof SpeechError)) throw error;
        this.#order.failed(engine);
        const next = begun ? undefined : engines[index + 1];
        this.#ports.onFailure(fault, engine.name, next?.name);
        if (next === undefined) throw fault;
      } finally {
        patience.over();
      }
    }
  }
}

/**
 * The first of several engines. Where one fails, the next is given what was said of the turns that have no words yet, and
 * goes on. The last one, where it was only cut off, is given that itself, once until it has understood something.
 */
export class FallBackHearing implements Hearing {
  readonly #order: Order<Hearing>;
  readonly #ports: FallBackPorts;

  constructor(engines: readonly Hearing[], ports: FallBackPorts) {
    this.#order = new Order(engines, ports.clock);
    this.#ports = ports;
  }

  get name(): string {
    return this.#order.now()[0]?.name ?? "no engine";
  }

  open(options: HearingOptions): HearingSession {
    const { onFailure } = this.#ports;
    const failed: OnFailed = (error, engine, next) => {
      this.#order.failed(engine);
      onFailure(error, engine.name, next?.name);
    };
    return new FallBackSession(this.#order.now(), options, failed);
  }
}

type OnFailed = (error: SpeechError, engine: Hearing, next: Hearing | undefined) => void;

interface KeptTurn {
  readonly number: number;
  pieces: Uint8Array[];
  bytes: number;
  ended: boolean;
  /** Whether words of it were told: another engine would tell others. */
  begun: boolean;
}

class FallBackSession implements HearingSession {
  readonly transcripts = new Channel<Transcript>();
  readonly #engines: Hearing[];
  readonly #options: HearingOptions;
  readonly #onFailed: OnFailed;
  readonly #turns: KeptTurn[] = [newTurn(0)];
  #session: HearingSession | undefined;
  /** The last engine was asked once more, and has understood nothing since. */
  #isTriedAgain = false;
  #over = false;

  constructor(engines: Hearing[], options: HearingOptions, onFailed: OnFailed) {
    this.#engines = engines;
    this.#options = options;
    this.#onFailed = onFailed;
    this.#open();
  }

  send(pcm: Uint8Array): void {
    const turn = this.#turns.at(-1);
    if (this.#over || turn === undefined) return;
    turn.bytes += pcm.length;
    if (!turn.begun && turn.bytes <= KEPT_BYTES) turn.pieces.push(Uint8Array.from(pcm));
    this.#session?.send(pcm);
  }

  endTurn(): void {
    const turn = this.#turns.at(-1);
    if (this.#over || turn === undefined) return;
    turn.ended = true;
    this.#turns.push(newTurn(turn.number + 1));
    this.#session?.endTurn();
  }

  async close(): Promise<void> {
    this.#over = true;
    this.transcripts.end();
    await this.#session?.close();
  }

  #open(): void {
    const engine = this.#engines.shift();
    if (engine === undefined) return this.#fail(noEngine("hearing"));
    const session = engine.open(this.#options);
    this.#session = session;
    const first = this.#turns[0]?.number ?? 0;
    void this.#read(session, first).catch((error: unknown) => this.#failed(error, engine));
    for (const { pieces, ended } of this.#turns) {
      for (const pcm of pieces) session.send(pcm);
      if (ended) session.endTurn();
    }
  }

  /** `first`: the turn that is the engine's own first one. */
  async #read(session: HearingSession, first: number): Promise<void> {
    for await (const transcript of session.transcripts) {
      const turn = this.#turns.find(({ number }) => number === first + transcript.turn);
      if (turn === undefined) continue;
      if (transcript.type === "final") this.#turns.splice(this.#turns.indexOf(turn), 1);
      turn.begun ||= transcript.text !== "";
      if (turn.begun) this.#isTriedAgain = false;
      if (turn.begun) turn.pieces = [];
      this.transcripts.put({ ...transcript, turn: turn.number });
    }
  }

  #failed(error: unknown, engine: Hearing): void {
    if (this.#over) return;
    if (this.#options.signal.aborted || !(error instanceof SpeechError)) return this.#fail(error);
    const isLost = this.#turns.some(({ begun, bytes }) => begun || bytes > KEPT_BYTES);
    if (!isLost && this.#engines.length === 0 && CUT_OFF.has(error.kind) && !this.#isTriedAgain) {
      this.#isTriedAgain = true;
      this.#engines.push(engine);
    }
    const next = isLost ? undefined : this.#engines[0];
    this.#onFailed(error, engine, next);
    if (next === undefined) this.#fail(error);
    else this.#open();
  }

  #fail(error: unknown): void {
    this.#over = true;
    this.transcripts.fail(error);
  }
}

function newTurn(number: number): KeptTurn {
  return { number, pieces: [], bytes: 0, ended: false, begun: false };
}

function noEngine(what: string): SpeechError {
  return new SpeechError("misconfigured", `There is no engine for ${what}. Name one in the assistant's voice.`);
}
