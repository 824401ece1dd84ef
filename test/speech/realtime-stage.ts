import { onTestFinished } from "vitest";
import type { PromptMessage } from "../../server/conversation/ports/model.ts";
import type { RealtimeEngine } from "../../server/conversation/ports/voice.ts";
import type { RealtimeOptions, RealtimeSession } from "../../server/speech/ports/realtime.ts";
import type { Speaking, SpokenAudio } from "../../server/speech/ports/speaking.ts";
import { listen, type Listening, say } from "../contract/listening.ts";
import { openRealtimeProvider, type RealtimeProvider } from "../support/realtime-provider.ts";
import type { Client } from "../support/realtime-session.ts";
import { waitFor } from "../support/wait-for.ts";
import { KEY, openSpeech } from "./speech-ports.ts";

export interface RealtimeStage {
  readonly provider: RealtimeProvider;
  readonly clock: ReturnType<typeof openSpeech>["clock"];
  readonly abort: AbortController;
  /** What the other voice was asked to say. */
  readonly otherwise: string[];
  open(options?: Partial<RealtimeOptions>, settings?: Partial<RealtimeEngine>): RealtimeSession;
  /** The newest connection, as the provider sees it. */
  readonly at: () => RealtimeProvider["sessions"][number];
  readonly said: <Type extends Client["type"]>(type: Type) => Extract<Client, { type: Type }>[];
}

export async function openStage(): Promise<RealtimeStage> {
  const provider = await openRealtimeProvider();
  const { speech, clock } = openSpeech();
  const abort = new AbortController();
  const otherwise: string[] = [];
  const speaking: Speaking = {
    name: "another voice",
    async *speak(text) {
      otherwise.push(text);
      yield { pcm: Buffer.alloc(640), sampleRate: 16_000 };
    },
  };
  onTestFinished(async () => {
    abort.abort(new Error("the test is over"));
    await speech.close();
    await provider.close();
  });
  const at = (): RealtimeProvider["sessions"][number] => {
    const session = provider.sessions.at(-1);
    if (session === undefined) throw new Error("Nobody has connected.");
    return session;
  };
  return {
    provider,
    clock,
    abort,
    otherwise,
    at,
    open: (options = {}, settings = {}) =>
      speech
        .realtime({ provider: "openai", baseUrl: provider.url, apiKey: KEY, ...settings })
        .open({ signal: abort.signal, speaking, ...options }),
    said: <Type extends Client["type"]>(type: Type) =>
      provider.sessions.flatMap(({ said }) => said.filter((one): one is Extract<Client, { type: Type }> => one.type === type)),
  };
}

/** Says something and waits for its words. */
export async function sayTurn(session: RealtimeSession, listening: Listening): Promise<string> {
  const before = listening.finals().length;
  say(session);
  session.endTurn();
  await waitFor(() => listening.finals().length > before);
  return listening.finals().at(-1)?.text ?? "";
}

export const user = (text: string): PromptMessage => ({ role: "user", text });
export const assistant = (text: string): PromptMessage => ({ role: "assistant", text, toolCalls: [] });

export async function audioOf(audio: AsyncIterable<SpokenAudio>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const { pcm } of audio) pieces.push(pcm);
  return Buffer.concat(pieces);
}

export { listen };
