/** What an assistant hears and speaks with, in the console. */
import type { Page } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { HEARING_FORMATS, startHearingServer } from "../speech/fake-hearing.ts";
import { startSpeakingServer } from "../speech/fake-speaking.ts";
import { countedPcm, KEY } from "../speech/speech-ports.ts";
import { openRealtimeProvider } from "../support/realtime-provider.ts";
import { type Desk, startDesk } from "./stage/desk.ts";
import { makePots } from "./stage/peers.ts";
import { picture } from "./stage/picture.ts";
import { expectSound } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

const PATH = "/assistants/pots/voice";
const voiceOf = (desk: Desk) => desk.admin.api<Record<string, unknown>>("GET", PATH);
const save = (page: Page) => page.getByRole("button", { name: "Save", exact: true }).click();

/** Engines in Deepgram's format, which say anything and hear the sentence. */
async function startEngines() {
  const format = HEARING_FORMATS[2];
  if (format === undefined) throw new Error("There is no such format.");
  const mouth = await startSpeakingServer();
  const ear = await startHearingServer(format);
  mouth.answer = ({ response }) => response.writeHead(200, { "content-type": "audio/l16;rate=24000" }).end(countedPcm(24_000));
  ear.onTurn = (turn) => turn.final("where is my order");
  onTestFinished(() => Promise.all([mouth.close(), ear.close()]).then(() => undefined));
  const speaking = { provider: "deepgram", baseUrl: `${mouth.url}/v1`, apiKey: KEY, voice: "thalia" };
  const hearing = { provider: "deepgram", baseUrl: `${ear.url}/v1`, apiKey: KEY };
  return { mouth, ear, speaking, hearing };
}

describe("voice", () => {
  test("engines, greeting, fillers and limits are set; a fault stands at its field; keys are shown to nobody", async () => {
    const desk = await startDesk();
    await makePots(desk);
    const page = await openConsole(desk, "/assistants/pots");
    await page.getByRole("tab", { name: "Voice" }).click();
    await page.getByLabel("Customers may call").check();
    const hearing = page.getByRole("group", { name: "Hearing" });
    const speaking = page.getByRole("group", { name: "Speaking" });
    await hearing.getByRole("button", { name: "Add an engine that hears" }).click();
    await hearing.getByLabel("Provider").selectOption("deepgram");
    await speaking.getByRole("button", { name: "Add an engine that speaks" }).click();
    await speaking.getByLabel("Provider").selectOption("elevenlabs");
    await save(page);
    await expect.poll(() => hearing.getByLabel("Key").getAttribute("aria-invalid")).toBe("true");
    expect(await speaking.getByLabel("Voice", { exact: true }).getAttribute("aria-invalid")).toBe("true");
    await hearing.getByLabel("Key").fill(KEY);
    await speaking.getByLabel("Key").fill(KEY);
    await speaking.getByLabel("Voice", { exact: true }).fill("JBFqnCBsd6RMkjVDRZzb");
    await speaking.getByLabel("Speed").fill("1.1");
    await speaking.getByLabel("Sample rate").selectOption("48000");
    await speaking.getByRole("button", { name: "Add an engine that speaks" }).click();
    await speaking.getByRole("group", { name: "2. OpenAI" }).getByLabel("Model").fill("gpt-speech");
    await speaking.getByRole("group", { name: "2. OpenAI" }).getByLabel("Key").fill(KEY);
    await speaking.getByRole("button", { name: "Ask earlier: 2. OpenAI" }).click();
    await page.getByLabel("Said when a call begins").fill("Hello, this is the pottery.");
    await page.getByLabel("While a tool works").fill("One moment.\nI am looking.");
    await page.getByLabel("Style of answers").selectOption("plain");
    await page.getByLabel("A call lasts at most").fill("10");
    await page.getByLabel("Calls at once").fill("5");
    await page.getByText("When a customer has finished speaking").click();
    await page.getByLabel("After a sentence").fill("800");
    await page.getByLabel("Record calls").check();
    await page.getByText("Customers read before the call begins that it is recorded.").waitFor();
    await picture(page, "voice");
    await expectSound(page);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize({ width: 375, height: 800 });
    await picture(page, "voice-phone");
    await expectSound(page);
    await page.setViewportSize({ width: 1440, height: 900 });
    await save(page);
    await page.getByText("Saved. It holds from the next call on.").waitFor();
    const saved = {
      enabled: true,
      greeting: "Hello, this is the pottery.",
      fillers: ["One moment.", "I am looking."],
      style: "plain",
      recording: { enabled: true },
      longestMs: 600_000,
      concurrentCalls: 5,
      turns: { endMs: 800 },
      hearing: [{ provider: "deepgram", apiKeySet: true }],
      speaking: [
        { provider: "openai", model: "gpt-speech", apiKeySet: true },
        { provider: "elevenlabs", voice: "JBFqnCBsd6RMkjVDRZzb", speed: 1.1, sampleRate: 48_000, apiKeySet: true },
      ],
      source: "api",
    };
    expect(await voiceOf(desk)).toEqual(saved);
    const everything = () =>
      page.evaluate(
        () =>
          document.documentElement.outerHTML +
          [...document.querySelectorAll("input, textarea")].map((box) => (box as HTMLInputElement).value).join("\n"),
      );
    expect(await everything()).not.toContain(KEY);

    // What is saved untouched keeps its keys; what is emptied is gone.
    await page.reload();
    await page.getByLabel("Said when a call begins").fill("");
    await page.getByLabel("Record calls").uncheck();
    await page.getByLabel("A call lasts at most").fill("");
    await save(page);
    await page.getByText("Saved. It holds from the next call on.").waitFor();
    const { greeting: _greeting, recording: _recording, longestMs: _longest, ...left } = saved;
    expect(await voiceOf(desk)).toEqual(left);
  });

  test("a pair is tested as it is typed and as it is kept, its sound is played, and what fails says what to do", async () => {
    const desk = await startDesk();
    await makePots(desk);
    const { mouth, ear, speaking, hearing } = await startEngines();
    await desk.admin.api("PUT", PATH, { enabled: true, speaking: [speaking], hearing: [hearing] }, await desk.admin.versionOf(PATH));
    const page = await openConsole(desk, PATH);
    const ears = page.getByRole("group", { name: "Hearing" });
    await ears.getByRole("button", { name: "Test 1. Deepgram" }).click();
    await ears.getByText("It works.").waitFor();
    await ears.getByText("heard “where is my order”").waitFor();
    await ears.getByText("a sentence of 1,000 ms").waitFor();
    await ears.getByRole("button", { name: "Play it" }).click();
    await ears.getByRole("button", { name: "It plays …" }).waitFor();
    await ears.getByRole("button", { name: "Play it" }).waitFor();
    await picture(page, "voice-tested");
    await expectSound(page);

    ear.onTurn = (turn) => turn.final("good morning");
    const mouths = page.getByRole("group", { name: "Speaking" });
    await mouths.getByRole("button", { name: "Test 1. Deepgram" }).click();
    await mouths.getByText("It answers, but was not understood.").waitFor();
    await mouths.getByText("That was “Where is my order?”").waitFor();
    mouth.answer = ({ response }) => response.writeHead(401).end("{}");
    await mouths.getByLabel("Key").fill("dg-just-typed");
    // It was about what was there before.
    await mouths.getByText("It answers, but was not understood.").waitFor({ state: "detached" });
    await mouths.getByRole("button", { name: "Test 1. Deepgram" }).click();
    await mouths.getByText("The key is refused. Check it at the provider.").waitFor();
    expect(mouth.asked.at(-1)?.request.headers.authorization).toBe("Token dg-just-typed");
    await picture(page, "voice-refused");
    await expectSound(page);
  });

  test("what is missing is said where it is seen: calls that nobody can make, fields of an engine, sound that no recording has", async () => {
    const desk = await startDesk();
    await makePots(desk);
    const browser = [{ provider: "browser" }];
    const set = { enabled: true, hearing: browser, speaking: browser, recording: { enabled: true } };
    await desk.admin.api("PUT", PATH, set, await desk.admin.versionOf(PATH));
    const page = await openConsole(desk, PATH);
    const speaking = page.getByRole("group", { name: "Speaking" });
    const hearing = page.getByRole("group", { name: "Hearing" });
    await page.getByText("Calls are not recorded: the customer’s browser hears and speaks").waitFor();
    expect(await page.getByText("Customers read before the call begins that it is recorded.").count()).toBe(0);
    const cannot = page.getByText("Customers cannot call: nothing speaks.");
    expect(await cannot.count()).toBe(0);
    await speaking.getByRole("button", { name: "Remove 1. The customer’s browser" }).click();
    await cannot.waitFor();
    await save(page);
    await page.getByText("Saved. It holds from the next call on.").waitFor();
    await cannot.waitFor();
    await picture(page, "voice-lacking");
    await expectSound(page);
    await page.getByText("What customers say is not recorded").waitFor();

    await hearing.getByLabel("Provider").selectOption("openai");
    await speaking.getByRole("button", { name: "Add an engine that speaks" }).click();
    await cannot.waitFor({ state: "detached" });
    await speaking.getByLabel("Provider").selectOption("openai-compatible");
    await speaking.getByText("Needed: the provider’s name, or the server’s, for the model.").waitFor();
    await hearing.getByRole("button", { name: "Test 1. OpenAI" }).click();
    await hearing.getByText("Hearing, 1. OpenAI, Key: Fill this in.").waitFor();
    await hearing.getByText("Speaking, 1. A server of OpenAI’s format, Address of the API: Fill this in.").waitFor();
    await hearing.getByText("Speaking, 1. A server of OpenAI’s format, Model: Fill this in.").waitFor();
  });

  test("a model that hears and speaks itself is kept with its key, changed, and taken away", async () => {
    const desk = await startDesk();
    await makePots(desk);
    const realtime = { provider: "openai", apiKey: KEY, voice: "marin" };
    await desk.admin.api("PUT", PATH, { enabled: true, realtime }, await desk.admin.versionOf(PATH));
    const page = await openConsole(desk, PATH);
    const own = page.getByRole("group", { name: "A model that hears and speaks itself" });
    await page.getByLabel("Said when a call begins").fill("Hello.");
    await save(page);
    await page.getByText("Saved. It holds from the next call on.").waitFor();
    expect(await voiceOf(desk)).toMatchObject({ greeting: "Hello.", realtime: { provider: "openai", voice: "marin", apiKeySet: true } });
    await own.getByLabel("Voice").fill("cedar");
    await own.getByLabel("Speed").fill("1.2");
    await own.getByText("What it costs").click();
    await own.getByLabel("A million tokens of input").fill("4.5");
    await own.getByLabel("Currency").fill("USD");
    await save(page);
    await expect.poll(() => own.getByLabel("A million tokens of output").getAttribute("aria-invalid")).toBe("true");
    await own.getByLabel("A million tokens of output").fill("16");
    await picture(page, "voice-realtime");
    await expectSound(page);
    await save(page);
    const changed = {
      provider: "openai",
      voice: "cedar",
      speed: 1.2,
      prices: { input: 4.5, output: 16, currency: "USD" },
      apiKeySet: true,
    };
    await expect.poll(async () => (await voiceOf(desk))["realtime"]).toEqual(changed);
    await page.getByLabel("Calls are answered by a model that hears and speaks itself").uncheck();
    await save(page);
    await expect.poll(async () => (await voiceOf(desk))["realtime"]).toBeUndefined();
  });

  test.each([
    {
      locale: "en-US",
      test: "Test OpenAI Realtime",
      works: "It works.",
      heard: "heard “where is my order”",
      refused: "The key is refused.",
    },
    {
      locale: "de-DE",
      test: "OpenAI Realtime testen",
      works: "Es geht.",
      heard: "„where is my order“",
      refused: "Der Schlüssel wird abgelehnt.",
    },
  ])("a model that hears and speaks itself is tested as it is typed and as it is kept: $locale", async ({ locale, ...words }) => {
    const desk = await startDesk();
    await makePots(desk);
    const provider = await openRealtimeProvider();
    onTestFinished(() => provider.close());
    provider.answer = () => ({ pieces: [{ text: "Where is my order?" }] });
    provider.understand = () => "where is my order";
    const realtime = { provider: "openai", baseUrl: provider.url, apiKey: KEY };
    await desk.admin.api("PUT", PATH, { enabled: true, realtime }, await desk.admin.versionOf(PATH));
    const page = await openConsole(desk, PATH, { locale });
    const test = page.getByRole("button", { name: words.test });
    await test.click();
    await page.getByText(words.works).waitFor();
    await page.getByText(words.heard).waitFor();
    expect(provider.keys.every((key) => key?.includes(KEY) === true)).toBe(true);
    await picture(page, `voice-realtime-tested-${locale}`);
    await expectSound(page);
    provider.refusal = { status: 401, code: "invalid_api_key", message: "Incorrect API key provided." };
    await page.locator("input[type=password]").fill("sk-just-typed");
    await page.getByText(words.works).waitFor({ state: "detached" });
    await test.click();
    await page.getByText(words.refused).waitFor();
    expect(provider.keys.at(-1)).toContain("sk-just-typed");
  });

  test("in German; the browser's own needs no key and cannot be tested; nothing hears without a voice", async () => {
    const desk = await startDesk();
    await makePots(desk);
    const page = await openConsole(desk, PATH, { locale: "de-DE" });
    const hearing = page.getByRole("group", { name: "Hören" });
    await hearing.getByRole("button", { name: "Etwas, das hört, hinzufügen" }).click();
    await hearing.getByText("Um das Hören zu testen, fügen Sie etwas hinzu, das spricht.").waitFor();
    await hearing.getByLabel("Anbieter").selectOption("browser");
    await hearing.getByText("manche senden das Gehörte ihrem Hersteller").waitFor();
    expect(await hearing.getByRole("button", { name: /testen/ }).count()).toBe(0);
    await hearing.getByLabel("Sprache").fill("de");
    await hearing.getByRole("button", { name: "Etwas, das hört, hinzufügen" }).click();
    await hearing.getByRole("group", { name: "2. OpenAI" }).getByLabel("Schlüssel").fill(KEY);
    await page.getByRole("button", { name: "Speichern" }).click();
    await hearing.getByText("Das steht allein in seiner Liste.").waitFor();
    await picture(page, "voice-german");
    await expectSound(page);
    await hearing.getByRole("button", { name: "2. OpenAI entfernen" }).click();
    await page.getByRole("button", { name: "Speichern" }).click();
    await page.getByText("Gespeichert. Es gilt ab dem nächsten Anruf.").waitFor();
    expect(await voiceOf(desk)).toMatchObject({ enabled: false, hearing: [{ provider: "browser", language: "de", apiKeySet: false }] });
  });
});
