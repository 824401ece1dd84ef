import type { SpeakOptions, Speaking, SpokenAudio } from "../ports/speaking.ts";
import type { SpeakingWire } from "../wires/engine-wire.ts";
import { askEngine } from "./engine-request.ts";
import type { EnginePorts } from "./engine-ports.ts";

/** Speaking by one request for each text, whose answer is read as it comes. */
export class HttpSpeaking implements Speaking {
  readonly #wire: SpeakingWire;
  readonly #ports: EnginePorts;
  readonly #language: string | undefined;

  constructor(wire: SpeakingWire, ports: EnginePorts, language?: string) {
    this.#wire = wire;
    this.#ports = ports;
    this.#language = language;
  }

  get name(): string {
    return this.#wire.who;
  }

  speak(text: string, { language = this.#language, signal }: SpeakOptions): AsyncIterable<SpokenAudio> {
    const wire = this.#wire;
    return askEngine({ who: wire.who, request: wire.request(text, language), signal }, this.#ports, async function* ({ headers, bytes }) {
      const reader = wire.reader(headers);
      for await (const chunk of bytes) yield* reader.push(chunk);
      yield* reader.end();
    });
  }
}
