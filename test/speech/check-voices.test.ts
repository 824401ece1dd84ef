import { expect, onTestFinished, test } from "vitest";
import { parseConfiguration } from "../../server/configuration/read-configuration.ts";
import { checkVoices } from "../../server/start/check-voices.ts";
import { openRealtimeProvider } from "../support/realtime-provider.ts";
import { HEARING_FORMATS, startHearingServer } from "./fake-hearing.ts";
import { SPEAKING_FORMATS, startSpeakingServer } from "./fake-speaking.ts";
import { countedPcm, KEY } from "./speech-ports.ts";

const format = { hearing: HEARING_FORMATS[2], speaking: SPEAKING_FORMATS[1] };

async function openEngines() {
  if (format.hearing === undefined || format.speaking === undefined) throw new Error("There is no such format.");
  const speaking = await startSpeakingServer();
  const hearing = await startHearingServer(format.hearing);
  onTestFinished(() => Promise.all([speaking.close(), hearing.close()]).then(() => undefined));
  speaking.answer = ({ response }) => response.writeHead(200, { "content-type": "audio/l16;rate=24000" }).end(countedPcm(24_000));
  hearing.onTurn = (turn) => turn.final("Wo ist meine Bestellung?");
  const check = async (voice: object): Promise<{ good: boolean; said: string }> => {
    const shop = {
      name: "Shop",
      prompt: "",
      model: { provider: "openai-compatible", model: "m", baseUrl: speaking.url },
      allowedOrigins: ["https://shop.example"],
      voice,
    };
    const lines: string[] = [];
    const file = parseConfiguration(JSON.stringify({ assistants: { shop }, network: { allowPrivate: ["127.0.0.1"] } }), {});
    return { good: await checkVoices(file, (line) => lines.push(line)), said: lines.join("\n") };
  };
  const engine = (url: string): object => ({ provider: "deepgram", baseUrl: `${url}/v1`, apiKey: KEY, language: "de" });
  return { speaking, hearing, check, voice: { speaking: [engine(speaking.url)], hearing: [engine(hearing.url)] } };
}

test("a sentence in the voice's language is said and heard back, with its delays", async () => {
  const { check, voice, speaking, hearing } = await openEngines();
  const { good, said } = await check(voice);
  expect(good).toBe(true);
  expect(said).toMatch(
    /^The assistant "shop" speaks with Deepgram at [\d.:]+: first sound after \d+ ms, a sentence of 1000 ms after \d+ ms\.$/m,
  );
  expect(said).toMatch(/^The assistant "shop" hears with Deepgram at [\d.:]+: "Wo ist meine Bestellung\?" \d+ ms after the end/m);
  expect(speaking.asked[0]?.body).toContain("Wo ist meine Bestellung?");
  // A second of it at 16 kHz, and half a second of silence that the fake counts apart.
  expect(hearing.turns[0]?.audio.length).toBe(32_000);
});

test("an engine that does not work is said to, with what to do, and without its key", async () => {
  const { check, voice, speaking, hearing } = await openEngines();
  hearing.refusal = { status: 401, code: "INVALID_AUTH", message: `Who is ${KEY}?` };
  const deaf = await check(voice);
  expect(deaf.good).toBe(false);
  expect(deaf.said).toMatch(
    /does not hear with Deepgram .*\n {2}Deepgram at .* answered 401 \(invalid_auth\): Who is \[key\]\? Check the key/,
  );
  speaking.answer = ({ response }) => response.writeHead(402).end("{}");
  const dumb = await check(voice);
  expect(dumb.said).toMatch(/does not speak with Deepgram .*\n {2}.*Check the account's credit/);
  expect(dumb.said).toMatch(/was not tried with Deepgram .*: there was no voice to hear\./);
});

test("what was not understood is told", async () => {
  const { check, voice, hearing } = await openEngines();
  hearing.onTurn = (turn) => turn.final("Guten Tag");
  expect((await check(voice)).said).toMatch(/hears with .*"Guten Tag".*\n {2}That was "Wo ist meine Bestellung\?"\. Check its model/);
  hearing.onTurn = (turn) => turn.final("");
  const { good, said } = await check(voice);
  expect(good).toBe(false);
  expect(said).toContain('It understood nothing of "Wo ist meine Bestellung?"');
});

test("a model that hears and speaks itself says the sentence and hears it back", async () => {
  const { check } = await openEngines();
  const provider = await openRealtimeProvider();
  onTestFinished(() => provider.close());
  provider.answer = ({ items }) => ({
    pieces: [{ text: JSON.stringify(items).includes("Wo ist meine") ? "Wo ist meine Bestellung?" : "What?" }],
  });
  provider.understand = () => "Wo ist meine Bestellung?";
  const realtime = { provider: "openai", baseUrl: provider.url, apiKey: KEY, language: "de" };
  const { good, said } = await check({ realtime });
  expect(said).toMatch(
    /^The assistant "shop" speaks with OpenAI at [\d.:]+: first sound after \d+ ms, a sentence of 1440 ms after \d+ ms\.$/m,
  );
  expect(said).toMatch(/^The assistant "shop" hears with OpenAI at [\d.:]+: "Wo ist meine Bestellung\?" \d+ ms after the end/m);
  expect(good).toBe(true);
  expect(provider.open).toBe(0);
  provider.refusal = { status: 401, code: "invalid_api_key", message: `Incorrect API key provided: ${KEY}.` };
  const refused = await check({ realtime });
  expect(refused.good).toBe(false);
  expect(refused.said).toMatch(
    /does not speak with OpenAI .*\n {2}.*answered 401 \(invalid_api_key\): Incorrect API key provided: \[key\]/,
  );
});
