import { heardMs, type Hearing, type HearingOptions, type HearingSession, type Transcript } from "../ports/hearing.ts";
import type { TurnHearingWire, Words } from "../wires/engine-wire.ts";
import { speechError } from "../wires/speech-failure.ts";
import { Channel } from "./channel.ts";
import { askEngine } from "./engine-request.ts";
import type { EnginePorts } from "./engine-ports.ts";

/** Shorter than any word. Engines refuse it, or make words up. */
const SHORTEST_MS = 100;
/** Of one turn: an hour would be 115 MB. */
const LONGEST_MS = 5 * 60_000;

/** Hearing by one request for each turn, made when it ends. Nothing is connected in between. */
export function turnHearing(wire: TurnHearingWire, ports: EnginePorts, own?: string): Hearing {
  return { name: wire.who, open: ({ language = own, signal }) => new TurnSession(wire, ports, { language, signal }) };
}

class TurnSession implements HearingSession {
  readonly transcripts = new Channel<Transcript>();
  readonly #wire: TurnHearingWire;
  readonly #ports: EnginePorts;
  readonly #language: string | undefined;
  readonly #closing = new AbortController();
  readonly #signal: AbortSignal;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #turn = 0;
  /** Turns are answered in their order. */
  #asking: Promise<void> = Promise.resolve();

  constructor(wire: TurnHearingWire, ports: EnginePorts, { language, signal }: HearingOptions) {
    this.#wire = wire;
    this.#ports = ports;
    this.#language = language;
    this.#signal = AbortSignal.any([signal, this.#closing.signal]);
    const onAbort = (): void => this.#fail(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    this.#closing.signal.addEventListener("abort", () => signal.removeEventListener("abort", onAbort));
  }

  send(pcm: Uint8Array): void {
    if (this.#signal.aborted) return;
    this.#bytes += pcm.length;
    if (heardMs(this.#bytes) > LONGEST_MS)
      return this.#fail(speechError("bad-audio", this.#wire.who, `is given no turn of more than ${LONGEST_MS / 60_000} minutes`));
    // The caller may use its buffer again.
    this.#pieces.push(Uint8Array.from(pcm));
  }

  endTurn(): void {
    if (this.#signal.aborted) return;
    const pcm = Buffer.concat(this.#pieces);
    const turn = this.#turn;
    this.#pieces = [];
    this.#bytes = 0;
    this.#turn += 1;
    this.#asking = this.#asking.then(() => this.#hear(turn, pcm)).catch((error: unknown) => this.#fail(error));
  }

  async close(): Promise<void> {
    this.transcripts.end();
    this.#closing.abort();
  }

  async #hear(turn: number, pcm: Uint8Array): Promise<void> {
    const put = (type: Transcript["type"], words: Words): void => this.transcripts.put({ type, turn, ...words, text: words.text.trim() });
    if (heardMs(pcm.length) < SHORTEST_MS) return put("final", { text: "" });
    const { who } = this.#wire;
    const request = this.#wire.request(pcm, this.#language);
    let whole: Words | undefined;
    const answer = askEngine({ who, request, signal: this.#signal }, this.#ports, ({ bytes }) => this.#read(bytes, (end) => (whole = end)));
    for await (const words of answer) put("partial", words);
    if (whole === undefined) throw speechError("broken", who, "ended its answer early");
    put("final", whole);
  }

  async *#read(bytes: AsyncIterable<Uint8Array>, onEnd: (words: Words | undefined) => void): AsyncGenerator<Words, void> {
    const reader = this.#wire.reader();
    for await (const chunk of bytes) yield* reader.push(chunk);
    onEnd(reader.end());
  }

  #fail(error: unknown): void {
    this.transcripts.fail(error);
    this.#closing.abort();
  }
}
