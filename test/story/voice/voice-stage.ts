/** The demo with voices: flite speaks, pocketsphinx hears, and a customer in front of a microphone. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { EventOf, EventType, JournalEvent } from "../../../protocol/events.ts";
import { wavOf } from "../../../server/speech/wires/wav.ts";
import { launchBrowser } from "../../support/browser.ts";
import { type AudioServer, sayInto, type SpeechPrograms, startAudioServer } from "../../support/speech-programs.ts";
import { waitFor } from "../../support/wait-for.ts";
import { type ScriptedStep, startScriptedModel } from "../scripted-model.ts";
import { openStage, type Stage, type StageOptions } from "../stage.ts";
import type { Visit } from "../visit.ts";

const ADMIN_KEY = "an-admin-key-for-this-story-alone-0123456789";
/** The customer's voice; the assistant has another one. */
export const CUSTOMER = "slt";
export const ASSISTANT = "rms";
const RATE = 16_000;
const SAMPLE_BYTES = 2;
/** flite's voice takes so long for the read-back at most, on a busy machine. */
export const CALL_PATIENCE_MS = 90_000;

export interface VoiceStage extends Stage {
  readonly audio: AudioServer;
  /** The order that the assistant speaks of from now on. */
  speakOf(orderId: string): void;
  /** The journal of the tab's conversation. */
  journal(visit: Visit): Promise<readonly JournalEvent[]>;
  /** Waits for an event of this type that fits. */
  event<T extends EventType>(visit: Visit, type: T, fits?: (event: EventOf<T>) => boolean): Promise<EventOf<T>>;
}

export const WHERE = "Your order is on the way. It will come tomorrow morning.";
export const REFUNDED = "The money is on the way back to you.";
export const STORY = Array.from({ length: 12 }, (_, at) => `This is part ${at + 1} of the long story that I can tell you.`).join(" ");

/** What ears that know only some sentences know: refusals too, or they would hear a consent in them. */
export const SENTENCES = [
  "where is my order",
  "please refund my order",
  "yes approve it",
  "do not approve it",
  "yes but not now",
  "no",
  "tell me the long story",
  "stop",
];

/** What the assistant says, by what it heard. */
function answerTo(question: string, step: number, orderId: string): ScriptedStep {
  const say = (text: string): ScriptedStep => ({ pieces: text.split(/(?<= )/), calls: [] });
  if (question.includes("story")) return say(STORY);
  const wantsMoney = question.includes("refund");
  if (!wantsMoney && !question.includes("where is")) return say("Is there anything else?");
  const tool = wantsMoney
    ? { tool: "refund_order", arguments: { orderId, amount: 9490 } }
    : { tool: "lookup_order", arguments: { orderId } };
  if (step === 0) return { pieces: [], calls: [tool] };
  return say(wantsMoney ? REFUNDED : WHERE);
}

/** Refunds may be approved aloud here: by default a tool that spends waits for the button. */
function spoken(configuration: Parameters<NonNullable<StageOptions["configure"]>>[0]): typeof configuration {
  const { shop } = configuration.assistants;
  const connectors = structuredClone(shop["connectors"]) as Record<string, { permissions?: Record<string, object | string> }>;
  for (const { permissions = {} } of Object.values(connectors)) {
    const refund = permissions["refund_order"];
    if (typeof refund === "object") permissions["refund_order"] = { ...refund, spoken: "phrase" };
  }
  return { ...configuration, assistants: { ...configuration.assistants, shop: { ...shop, connectors } } };
}

export async function openVoiceStage(programs: SpeechPrograms, options: StageOptions = {}): Promise<VoiceStage> {
  const audio = await startAudioServer(programs);
  let orderId = "1042";
  const model = await startScriptedModel((question, step) => answerTo(question, step, orderId));
  const engine = { provider: "openai-compatible", baseUrl: audio.url, language: "en" };
  const voice = {
    enabled: true,
    hearing: [{ ...engine, model: "pocketsphinx" }],
    speaking: [{ ...engine, model: "flite", voice: ASSISTANT, sampleRate: RATE }],
  };
  const stage = await openStage({
    assistant: { voice },
    configure: spoken,
    environment: { FRONTDESK_ADMIN_KEY: ADMIN_KEY, FRONTDESK_MODEL_URL: model.url, FRONTDESK_MODEL: "script" },
    ...options,
  });
  const journal = async (visit: Visit): Promise<readonly JournalEvent[]> => {
    const url = `${stage.demo.deskUrl}/api/v1/conversations/${await visit.conversationId()}/events?limit=1000`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
    return ((await response.json()) as { items?: JournalEvent[] }).items ?? [];
  };
  return {
    ...stage,
    audio,
    speakOf: (order) => (orderId = order),
    journal,
    async event(visit, type, fits = () => true) {
      const find = async () =>
        (await journal(visit)).find((event): event is EventOf<typeof type> => event.type === type && fits(event as never));
      try {
        return await waitFor(find, CALL_PATIENCE_MS);
      } catch (cause) {
        const there = (await journal(visit)).map((event) => JSON.stringify(event).slice(0, 300));
        throw new Error(`There was no such ${type}. The journal has:\n${there.join("\n")}\nHeard: ${audio.heard.join("; ")}`, { cause });
      }
    },
    async close() {
      await stage.close();
      await Promise.all([audio.close(), model.close()]);
    },
  };
}

interface Sentence {
  readonly text: string;
  readonly atMs: number;
}

/** A WAV file with these sentences, each begun so many milliseconds after the file does; gone after the test. */
export function record(programs: SpeechPrograms, ...sentences: readonly Sentence[]): Promise<string> {
  return recordAs(programs, CUSTOMER, ...sentences);
}

/** The same in another voice. */
export async function recordAs(programs: SpeechPrograms, voice: string, ...sentences: readonly Sentence[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-said-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  let pcm = Buffer.alloc(0);
  for (const [index, { text, atMs }] of sentences.entries()) {
    const path = join(folder, `${index}.wav`);
    await sayInto(path, text, programs, voice);
    const wav = await readFile(path);
    const begins = Math.round((atMs / 1000) * RATE) * SAMPLE_BYTES;
    if (begins < pcm.length) throw new RangeError(`"${text}" begins before the sentence before it has ended.`);
    pcm = Buffer.concat([pcm, Buffer.alloc(begins - pcm.length), wav.subarray(wav.indexOf("data") + 8)]);
  }
  const whole = join(folder, "said.wav");
  await writeFile(whole, wavOf(Buffer.concat([pcm, Buffer.alloc(RATE * SAMPLE_BYTES)]), RATE));
  return whole;
}

/** Chromium whose microphone plays a file, once. */
export function launchHearing(path: string): ReturnType<typeof launchBrowser> {
  return launchBrowser([
    "--use-fake-device-for-media-stream=device-count=3",
    "--use-fake-ui-for-media-stream",
    `--use-file-for-fake-audio-capture=${path}%noloop`,
    "--autoplay-policy=no-user-gesture-required",
  ]);
}

/** Opens the chat and calls. */
export async function call(visit: Visit): Promise<void> {
  if (await visit.openChat.isVisible()) await visit.openPanel();
  await visit.scope.getByRole("button", { name: "Start call" }).click();
  await visit.scope.getByRole("button", { name: "End call" }).waitFor();
}

export async function hangUp(visit: Visit): Promise<void> {
  await visit.scope.getByRole("button", { name: "End call" }).click();
  await visit.scope.getByRole("button", { name: "Start call" }).waitFor();
}

/** Words as they are compared: no punctuation, no capitals. */
export function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9 ]+/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
}
