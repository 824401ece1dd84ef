/** A voice that speaks and an engine that hears, both real programs, over a server of OpenAI's format. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testVoice } from "../../server/speech/test-voice.ts";
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

  test("the test of a voice has them say a sentence, and hear it", async ({ skip }) => {
    if (programs === undefined) return skip(NO_SPEECH_PROGRAMS);
    const engine = { provider: "openai-compatible", baseUrl: server.url } as const;
    const speaking = [{ ...engine, model: "flite", voice: "slt", sampleRate: 16_000 }];
    const voice = { enabled: true, hearing: [{ ...engine, model: "pocketsphinx" }], speaking };
    const found = await testVoice(voice, openSpeech(), signal);
    expect(found.said).toBe("Where is my order?");
    expect(found.speaking).toMatchObject([{ audioMs: expect.closeTo(1_200, -3) as number }]);
    expect(found.hearing).toMatchObject([{ text: "where is my order", understood: true }]);
  });
});
