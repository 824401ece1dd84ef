import type { SpeakingEngine, SpeechEngine, VoiceSettings } from "../conversation/ports/voice.ts";
import type { Clock } from "../foundation/clock.ts";
import { HEARING_RATE, SAMPLE_BYTES } from "./ports/hearing.ts";
import { SpeechError } from "./ports/speech-error.ts";
import type { Speech } from "./create-speech.ts";
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

/** How an engine said the sentence. Milliseconds from the request. */
export interface SpokenTest {
  readonly engine: string;
  readonly fault?: SpeechError;
  readonly firstMs?: number;
  readonly wholeMs?: number;
  /** How long it sounds. */
  readonly audioMs?: number;
}

/** How an engine heard it. */
export interface HeardTest {
  readonly engine: string;
  readonly fault?: SpeechError;
  /** From the end of the turn to the final transcript. */
  readonly finalMs?: number;
  readonly text?: string;
  /** Whether most of what was said was understood. */
  readonly understood?: boolean;
  /** No engine spoke, so there was nothing to hear. */
  readonly notTried?: true;
}

export interface VoiceTest {
  readonly said: string;
  readonly speaking: readonly SpokenTest[];
  readonly hearing: readonly HeardTest[];
}

/** Has each engine say a sentence, and each hear what the first of them said. Rejects only when the signal aborts. */
export async function testVoice(
  voice: VoiceSettings,
  { speech, clock }: { readonly speech: Speech; readonly clock: Pick<Clock, "now"> },
  signal: AbortSignal,
): Promise<VoiceTest> {
  const language = [...voice.speaking, ...voice.hearing].find((engine) => engine.language !== undefined)?.language ?? "en";
  const said = SENTENCES[language.split("-")[0] ?? "en"] ?? SENTENCES["en"] ?? "";
  const tester = new Tester(speech, clock, signal);
  const speaking: SpokenTest[] = [];
  for (const engine of voice.speaking) speaking.push(await tester.speak(engine, said));
  const hearing: HeardTest[] = [];
  for (const engine of voice.hearing) hearing.push(await tester.hear(engine, said));
  return { said, speaking, hearing };
}

class Tester {
  readonly #speech: Speech;
  readonly #clock: Pick<Clock, "now">;
  readonly #signal: AbortSignal;
  #spoken: Uint8Array | undefined;

  constructor(speech: Speech, clock: Pick<Clock, "now">, signal: AbortSignal) {
    this.#speech = speech;
    this.#clock = clock;
    this.#signal = signal;
  }

  async speak(settings: SpeakingEngine, said: string): Promise<SpokenTest> {
    let engine: string = settings.provider;
    try {
      const speaking = this.#speech.speaking(settings);
      engine = speaking.name;
      const begun = this.#clock.now();
      let firstMs: number | undefined;
      let rate = 0;
      const pieces: Uint8Array[] = [];
      for await (const { pcm, sampleRate } of speaking.speak(said, { signal: this.#signal })) {
        firstMs ??= this.#clock.now() - begun;
        rate = sampleRate;
        pieces.push(pcm);
      }
      const pcm = Buffer.concat(pieces);
      this.#spoken ??= toHearingRate(pcm, rate);
      const audioMs = Math.round((pcm.length / SAMPLE_BYTES / rate) * 1000);
      return { engine, wholeMs: this.#clock.now() - begun, audioMs, ...(firstMs === undefined ? {} : { firstMs }) };
    } catch (error) {
      return { engine, fault: this.#faultIn(error) };
    }
  }

  async hear(settings: SpeechEngine, said: string): Promise<HeardTest> {
    let engine: string = settings.provider;
    try {
      const hearing = this.#speech.hearing(settings);
      engine = hearing.name;
      const spoken = this.#spoken;
      if (spoken === undefined) return { engine, notTried: true };
      const session = hearing.open({ signal: this.#signal });
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
      return { engine, fault: new SpeechError("broken", `${engine} ended without a transcript.`) };
    } catch (error) {
      return { engine, fault: this.#faultIn(error) };
    }
  }

  #faultIn(error: unknown): SpeechError {
    this.#signal.throwIfAborted();
    if (error instanceof SpeechError) return error;
    throw error;
  }
}
