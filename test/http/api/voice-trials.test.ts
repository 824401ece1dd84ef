/** Having engines of speech say and hear a sentence, over the API. */
import type { IncomingMessage } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { createMemoryLimiters } from "../../../server/guard/limits/memory-limiters.ts";
import { MODEL_TESTS, TestLimits } from "../../../server/guard/limits/test-limits.ts";
import { assistantVoiceRoutes } from "../../../server/http/api/routes/assistant-voice-routes.ts";
import type { Staff } from "../../../server/identity/staff/actions.ts";
import { VoiceTrials } from "../../../server/setup/assistants/voice-trials.ts";
import { testVoice } from "../../../server/speech/test-voice.ts";
import { ADA, OLIVE, openRegistry, OTIS, SAM, shopInput } from "../../setup/assistants-harness.ts";
import { HEARING_FORMATS, startHearingServer } from "../../speech/fake-hearing.ts";
import { startSpeakingServer } from "../../speech/fake-speaking.ts";
import { countedPcm, KEY, openSpeech } from "../../speech/speech-ports.ts";
import { assistant } from "../../support/desk-assistant.ts";
import { openRealtimeProvider } from "../../support/realtime-provider.ts";
import { startApi } from "./api-harness.ts";

const format = HEARING_FORMATS[2];
const DECLARED = assistant({ key: "desk", voice: { enabled: true, hearing: [], speaking: [] } });

async function open() {
  if (format === undefined) throw new Error("There is no such format.");
  const mouth = await startSpeakingServer();
  const ear = await startHearingServer(format);
  mouth.answer = ({ response }) => response.writeHead(200, { "content-type": "audio/l16;rate=24000" }).end(countedPcm(24_000));
  ear.onTurn = (turn) => turn.final("where is my order");
  const registry = await openRegistry([DECLARED]);
  await registry.assistants.create(OLIVE, shopInput());
  const { speech, clock } = openSpeech();
  const limits = new TestLimits({ limiters: createMemoryLimiters() });
  const trials = new VoiceTrials({
    ...registry,
    tests: { test: (engines, signal) => testVoice(engines, { speech, clock }, signal) },
    before: (...one) => limits.before(...one),
  });
  const staff = new Map<string, Staff>([ADA, OLIVE, OTIS, SAM].map((one) => [one.id, one]));
  const authenticate = async (request: IncomingMessage) => staff.get(request.headers.authorization ?? "");
  const api = await startApi(assistantVoiceRoutes({ ...registry, trials }), { authenticate });
  onTestFinished(() => Promise.all([mouth.close(), ear.close(), speech.close()]).then(() => undefined));
  const post = (who: Staff, key: string, body: object) =>
    api.fetch("POST", `/assistants/${key}/voice/test`, { body, headers: { Authorization: who.id } });
  const put = (body: object) =>
    api.fetch("PUT", "/assistants/shop/voice", { body, headers: { Authorization: OLIVE.id, "If-Match": '"0"' } });
  const speaking = { provider: "deepgram", baseUrl: `${mouth.url}/v1`, voice: "thalia" };
  const hearing = { provider: "deepgram", baseUrl: `${ear.url}/v1` };
  const tried = (body: object, who: Staff = OLIVE, key = "shop") => post(who, key, body);
  return { ...registry, mouth, ear, clock, put, tried, speaking, hearing };
}

test("a pair says a sentence and hears it, with delays and the sound, and nothing is stored", async () => {
  const { tried, speaking, hearing, documents, clock } = await open();
  const { status, json } = await tried({ speaking: { ...speaking, apiKey: KEY }, hearing: { ...hearing, apiKey: KEY } });
  expect(status).toBe(200);
  expect(json).toMatchObject({
    status: "works",
    said: "Where is my order?",
    speaking: { outcome: "ok", firstMs: expect.any(Number), wholeMs: expect.any(Number), audioMs: 1_000, audio: { sampleRate: 24_000 } },
    hearing: { outcome: "ok", finalMs: expect.any(Number), text: "where is my order" },
  });
  const { audio } = json["speaking"] as { audio: { pcm: string } };
  expect(Buffer.from(audio.pcm, "base64")).toEqual(countedPcm(24_000));
  expect(await documents.get("assistant-voice", "shop", clock.now())).toBeUndefined();
});

test("the key that is kept is used for its own address alone", async () => {
  const { tried, put, speaking, mouth } = await open();
  expect((await put({ speaking: [{ ...speaking, apiKey: KEY }] })).status).toBe(200);
  expect((await tried({ speaking })).json).toMatchObject({ status: "works", speaking: { outcome: "ok" } });
  expect(mouth.asked.at(-1)?.request.headers.authorization).toBe(`Token ${KEY}`);
  await tried({ speaking: { ...speaking, baseUrl: `${mouth.url}/v2` } });
  expect(mouth.asked.at(-1)?.request.headers.authorization).toBeUndefined();
});

test("what does not work says why and what to do, without the key", async () => {
  const { tried, speaking, hearing, mouth, ear } = await open();
  const pair = { speaking: { ...speaking, apiKey: KEY }, hearing: { ...hearing, apiKey: KEY } };
  ear.onTurn = (turn) => turn.final("good morning");
  expect((await tried(pair)).json).toMatchObject({ status: "misunderstood", hearing: { outcome: "misunderstood", text: "good morning" } });
  ear.onTurn = (turn) => turn.final("");
  expect((await tried(pair)).json).toMatchObject({ status: "fails", hearing: { outcome: "nothing" } });
  mouth.answer = ({ response }) => response.writeHead(401).end(`{"error":"Who is ${KEY}?"}`);
  const refused = await tried(pair);
  expect(refused.json).toMatchObject({
    status: "fails",
    speaking: { outcome: "failed", fault: { kind: "key-refused", cause: expect.stringContaining("Check the key") } },
    hearing: { outcome: "not-tried" },
  });
  expect(refused.text).not.toContain(KEY);
  expect((await tried({ speaking: { provider: "openai", apiKey: KEY } })).json["errors"]).toMatchObject([{ path: "/speaking/0/model" }]);
  expect((await tried({ speaking: { provider: "browser" } })).json).toMatchObject({ speaking: { outcome: "not-tried" } });
});

describe("a model that hears and speaks itself", () => {
  async function openModel() {
    const provider = await openRealtimeProvider();
    onTestFinished(() => provider.close());
    provider.answer = ({ items }) => ({
      pieces: [{ text: JSON.stringify(items).includes("Where is my order?") ? "Where is my order?" : "What?" }],
    });
    provider.understand = () => "where is my order";
    return { provider, realtime: { provider: "openai", baseUrl: provider.url }, ...(await open()) };
  }

  test("says the sentence and hears it back, with delays and the sound, and nothing is stored", async () => {
    const { tried, provider, realtime, documents, clock } = await openModel();
    const { status, json } = await tried({ realtime: { ...realtime, apiKey: KEY, voice: "cedar" } });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      status: "works",
      said: "Where is my order?",
      speaking: { engine: expect.stringContaining("OpenAI"), outcome: "ok", firstMs: expect.any(Number), audio: { sampleRate: 24_000 } },
      hearing: { engine: expect.stringContaining("OpenAI"), outcome: "ok", finalMs: expect.any(Number), text: "where is my order" },
    });
    const { audio, audioMs } = json["speaking"] as { audio: { pcm: string }; audioMs: number };
    expect(Buffer.from(audio.pcm, "base64").length).toBe(audioMs * 48);
    expect(audioMs).toBeGreaterThan(500);
    expect(provider.open).toBe(0);
    expect(await documents.get("assistant-voice", "shop", clock.now())).toBeUndefined();
  });

  test("takes the key that is kept for its own address alone", async () => {
    const { tried, put, provider, realtime } = await openModel();
    expect((await put({ realtime: { ...realtime, apiKey: KEY } })).status).toBe(200);
    expect((await tried({ realtime })).json).toMatchObject({ status: "works" });
    expect(provider.keys.every((key) => key?.includes(KEY))).toBe(true);
    expect(provider.keys.length).toBeGreaterThan(0);
    provider.keys.length = 0;
    await tried({ realtime: { ...realtime, baseUrl: `${provider.url}/other` } });
    expect(provider.keys.filter((key) => key?.includes(KEY))).toEqual([]);
  });

  test("that does not work says why, without its key", async () => {
    const { tried, provider, realtime } = await openModel();
    const asked = { realtime: { ...realtime, apiKey: KEY } };
    provider.understand = () => "good morning";
    expect((await tried(asked)).json).toMatchObject({
      status: "misunderstood",
      hearing: { outcome: "misunderstood", text: "good morning" },
    });
    provider.refusal = { status: 401, code: "invalid_api_key", message: `Incorrect API key provided: ${KEY}.` };
    const refused = await tried(asked);
    expect(refused.json).toMatchObject({
      status: "fails",
      speaking: { outcome: "failed", fault: { kind: "key-refused", cause: expect.stringContaining("Check the key") } },
      hearing: { outcome: "not-tried" },
    });
    expect(refused.text).not.toContain(KEY);
    expect((await tried({ realtime: { provider: "openai" } })).json["errors"]).toMatchObject([{ path: "/realtime/apiKey" }]);
  });

  test("stands in the place of engines, not beside them", async () => {
    const { tried, realtime, speaking, hearing } = await openModel();
    for (const body of [{}, { hearing }, { realtime, speaking }, { realtime, hearing }]) expect((await tried(body)).status).toBe(422);
  });
});

test("an engine that takes too long is not waited for", async () => {
  const { tried, speaking, mouth, clock } = await open();
  mouth.answer = ({ response }) => {
    response.writeHead(200, { "content-type": "audio/l16;rate=24000" });
    // It goes on for ever, a little at a time.
    const more = (): void => void response.write(countedPcm(240), () => clock.forward(1_000));
    response.on("drain", more);
    more();
    const timer = setInterval(more, 1);
    response.on("close", () => clearInterval(timer));
  };
  const { json } = await tried({ speaking: { ...speaking, apiKey: KEY } });
  expect(json).toMatchObject({ status: "fails", speaking: { fault: { kind: "silent", cause: expect.stringContaining("20 s") } } });
});

test("only who may change the assistant tests it, the file's only admins, and not too often", async () => {
  const { tried, speaking } = await open();
  const one = { speaking: { ...speaking, apiKey: KEY } };
  expect((await tried(one, OTIS)).status).toBe(404);
  expect((await tried(one, SAM)).status).toBe(403);
  expect((await tried(one, OLIVE, "desk")).status).toBe(403);
  expect((await tried(one, ADA, "desk")).status).toBe(200);
  for (let count = 0; count < MODEL_TESTS.perMinute; count += 1) expect((await tried(one)).status).toBe(200);
  expect((await tried(one)).json).toMatchObject({ code: "rate-limited" });
});
