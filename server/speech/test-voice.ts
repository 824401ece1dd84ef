import type { SpeakingEngine, SpeechEngine } from "../conversation/ports/voice.ts";
import type { HeardTest, SpokenTest, TestedEngines, TestedRealtime, VoiceTest } from "../conversation/ports/voice-test.ts";
import type { Clock } from "../foundation/clock.ts";
import { HEARING_RATE, SAMPLE_BYTES } from "./ports/hearing.ts";
import { SpeechError } from "./ports/speech-error.ts";
import type { Speech } from "./create-speech.ts";
import { realtimeAsEngines } from "./realtime/as-engines.ts";
import { shareHeard } from "./text/known-words.ts";
import { toHearingRate } from "./to-hearing-rate.ts";

/** What is said, by language; English for all others. */
const SENTENCES: Readonly<Record<string, string>> = {
  en: "Where is my order?",
  de: "Wo ist meine Bestellung?",
  fr: "Où est ma commande ?",
  es: "¿Dónde está mi pedido?",
  it: "Dov'è il mio ordine?",
  pt: "Onde está o meu pedido?",
  nl: "Waar is mijn bestelling?",
  pl: "Gdzie jest moje zamówienie?",
};
const FRAME_BYTES = (HEARING_RATE / 50) * SAMPLE_BYTES;
const SILENCE = new Uint8Array((HEARING_RATE / 2) * SAMPLE_BYTES);
/** Of words, from which on a sentence counts as heard. */
const UNDERSTOOD = 0.5;
/** A sentence takes no engine longer, and no engine says more of it. */
const LONGEST_MS = 20_000;
const MOST_BYTES = 4 * 1024 * 1024;

/** Has each engine say a sentence, and each hear what the first of them said: `VoiceTests`. */
export async function testVoice(
  tested: TestedEngines | TestedRealtime,
  { speech, clock }: { readonly speech: Engines & Pick<Speech, "realtime">; readonly clock: Pick<Clock, "now" | "after"> },
  signal: AbortSignal,
): Promise<VoiceTest> {
  const voice = "realtime" in tested ? { speaking: [tested.realtime], hearing: [tested.realtime] } : tested;
  const language = [...voice.speaking, ...voice.hearing].find((engine) => engine.language !== undefined)?.language ?? "en";
  const said = SENTENCES[language.split("-")[0] ?? "en"] ?? SENTENCES["en"] ?? "";
  const engines = "realtime" in tested ? enginesOf(tested, speech) : speech;
  const tester = new Tester(engines, clock, signal);
  const speaking: SpokenTest[] = [];
  for (const engine of voice.speaking) speaking.push(await tester.speak(engine, said));
  const hearing: HeardTest[] = [];
  for (const engine of voice.hearing) hearing.push(await tester.hear(engine, said));
  return { said, speaking, hearing };
}

type Engines = Pick<Speech, "hearing" | "speaking">;

/** Made when they are asked for, where what cannot be made is a fault of the engine. */
function enginesOf({ realtime }: TestedRealtime, speech: Pick<Speech, "realtime">): Engines {
  const made = (): ReturnType<typeof realtimeAsEngines> => realtimeAsEngines(speech.realtime(realtime));
  return { hearing: () => made().hearing, speaking: () => made().speaking };
}

class Tester {
  readonly #speech: Engines;
  readonly #clock: Pick<Clock, "now" | "after">;
  readonly #signal: AbortSignal;
  #spoken: Uint8Array | undefined;

  constructor(speech: Engines, clock: Pick<Clock, "now" | "after">, signal: AbortSignal) {
    this.#speech = speech;
    this.#clock = clock;
    this.#signal = signal;
  }

  async speak(settings: SpeakingEngine, said: string): Promise<SpokenTest> {
    if (settings.provider === "browser") return { engine: settings.provider, notTried: true };
    return this.#inTime(settings.provider, async (signal, named) => {
      const speaking = this.#speech.speaking(settings);
      const engine = named(speaking.name);
      const begun = this.#clock.now();
      let firstMs: number | undefined;
      let sampleRate = 0;
      let bytes = 0;
      const pieces: Uint8Array[] = [];
      for await (const piece of speaking.speak(said, { signal })) {
        firstMs ??= this.#clock.now() - begun;
        sampleRate = piece.sampleRate;
        bytes += piece.pcm.length;
        if (bytes > MOST_BYTES) throw new SpeechError("bad-audio", `${engine} says more than the sentence. Check its sample rate.`);
        pieces.push(piece.pcm);
      }
      const pcm = Buffer.concat(pieces);
      this.#spoken ??= toHearingRate(pcm, sampleRate);
      const audioMs = Math.round((pcm.length / SAMPLE_BYTES / sampleRate) * 1000);
      const times = { wholeMs: this.#clock.now() - begun, audioMs, ...(firstMs === undefined ? {} : { firstMs }) };
      return { engine, ...times, audio: { pcm, sampleRate } };
    });
  }

  async hear(settings: SpeechEngine, said: string): Promise<HeardTest> {
    const spoken = this.#spoken;
    if (settings.provider === "browser") return { engine: settings.provider, notTried: true };
    return this.#inTime<HeardTest>(settings.provider, async (signal, named) => {
      const hearing = this.#speech.hearing(settings);
      const engine = named(hearing.name);
      if (spoken === undefined) return { engine, notTried: true };
      const session = hearing.open({ signal });
      for (const pcm of [spoken, SILENCE])
        for (let at = 0; at < pcm.length; at += FRAME_BYTES) session.send(pcm.subarray(at, at + FRAME_BYTES));
      const ended = this.#clock.now();
      session.endTurn();
      for await (const { type, text } of session.transcripts) {
        if (type !== "final") continue;
        const finalMs = this.#clock.now() - ended;
        await session.close();
        return { engine, finalMs, text, understood: shareHeard(said, text) >= UNDERSTOOD };
      }
      throw new SpeechError("broken", `${engine} ended without a transcript.`);
    });
  }

  /** `named` keeps how people know the engine, for what may go wrong. */
  async #inTime<Test>(
    provider: string,
    run: (signal: AbortSignal, named: (engine: string) => string) => Promise<Test>,
  ): Promise<Test | { readonly engine: string; readonly fault: SpeechError }> {
    const late = new AbortController();
    const callOff = this.#clock.after(LONGEST_MS, () => late.abort());
    let engine = provider;
    try {
      return await run(AbortSignal.any([this.#signal, late.signal]), (name) => (engine = name));
    } catch (error) {
      this.#signal.throwIfAborted();
      if (late.signal.aborted)
        return {
          engine,
          fault: new SpeechError("silent", `${engine} took longer than ${LONGEST_MS / 1000} s for a sentence. Take a faster one.`),
        };
      if (error instanceof SpeechError) return { engine, fault: error };
      throw error;
    } finally {
      callOff();
    }
  }
}
