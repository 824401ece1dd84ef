/** A voice that speaks and an engine that hears, both real programs, over a server of OpenAI's format. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseConfiguration } from "../../server/configuration/read-configuration.ts";
import { checkVoices } from "../../server/start/check-voices.ts";
import { shareHeard } from "../../server/speech/text/known-words.ts";
import { type AudioServer, findSpeechPrograms, NO_SPEECH_PROGRAMS, startAudioServer } from "../support/speech-programs.ts";
import { allOf } from "../contract/speaking.ts";
import { listen } from "../contract/listening.ts";
import { waitFor } from "../support/wait-for.ts";
import { openSpeech } from "./speech-ports.ts";

const programs = findSpeechPrograms();
const { signal } = new AbortController();

describe("flite and pocketsphinx", () => {
  let server: AudioServer;
  beforeAll(async () => {
    if (programs !== undefined) server = await startAudioServer(programs);
  });
  afterAll(async () => {
    if (programs !== undefined) await server.close();
  });

  test("what one says, the other hears", async ({ skip }) => {
    if (programs === undefined) return skip(NO_SPEECH_PROGRAMS);
    const { speech } = openSpeech();
    const engine = { provider: "openai-compatible", baseUrl: server.url } as const;
    const speaking = speech.speaking({ ...engine, model: "flite", voice: "slt", sampleRate: 16_000 });
    const session = speech.hearing({ ...engine, model: "pocketsphinx" }).open({ signal });
    const listening = listen(session);
    for (const sentence of ["Where is my order?", "Do not approve it."]) {
      const { pcm, rates } = await allOf(speaking.speak(sentence, { signal }));
      expect([...rates]).toEqual([16_000]);
      session.send(pcm);
      session.send(new Uint8Array(16_000));
      session.endTurn();
    }
    await waitFor(() => listening.finals().length === 2);
    expect(listening.finals()[0]?.text).toBe("where is my order");
    expect(shareHeard("do not approve it", listening.finals()[1]?.text ?? "")).toBeGreaterThanOrEqual(0.5);
    await session.close();
  });

  test("the check of a file has them say a sentence, and hear it", async ({ skip }) => {
    if (programs === undefined) return skip(NO_SPEECH_PROGRAMS);
    const engine = { provider: "openai-compatible", baseUrl: server.url };
    const lines: string[] = [];
    const shop = {
      name: "Shop",
      prompt: "",
      model: { provider: "openai-compatible", model: "m", baseUrl: server.url },
      allowedOrigins: ["https://shop.example"],
      voice: {
        hearing: [{ ...engine, model: "pocketsphinx" }],
        speaking: [{ ...engine, model: "flite", voice: "slt", sampleRate: 16_000 }],
      },
    };
    const file = parseConfiguration(JSON.stringify({ assistants: { shop }, network: { allowPrivate: ["127.0.0.1"] } }), {});
    expect(await checkVoices(file, (line) => lines.push(line))).toBe(true);
    expect(lines).toEqual([
      expect.stringMatching(
        /^The assistant "shop" speaks with The speech server at 127\.0\.0\.1:\d+: first sound after \d+ ms, a sentence of \d+ ms after \d+ ms\.$/,
      ),
      expect.stringMatching(
        /^The assistant "shop" hears with The speech server at 127\.0\.0\.1:\d+: "where is my order" \d+ ms after the end of the sentence\.$/,
      ),
    ]);
  });
});
