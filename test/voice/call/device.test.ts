/** Calls without a browser: a program with an API key, whose audio the server listens to. */
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { wavOf } from "../../../server/speech/wires/wav.ts";
import { type VoiceModel } from "../../../voice/activity/silero.ts";
import { ServerEar } from "../../../server/voice/hearing/server-ear.ts";
import { voiceWeights } from "../../../scripts/voice-weights.ts";
import { WIDGET } from "../../http/server-harness.ts";
import { say } from "../../support/desk-scripts.ts";
import { CHARACTER_MS, SPOKEN_RATE } from "../../support/scripted-speech.ts";
import { openVoice } from "../../support/voice-client.ts";
import { waitFor } from "../../support/wait-for.ts";
import { CONVERSATION, startVoiceServer, VOICE } from "./server-stage.ts";

const KEY = "k".repeat(32);
const environment = { FRONTDESK_ADMIN_KEY: KEY };

test("a device with a key calls, and its conversation is its own", async () => {
  const { url, hearing, event, journal } = await startVoiceServer({ script: () => say("It is on its way."), environment });
  hearing.understands = () => "where is my order";
  const query = `?assistant=shop&conversation=${CONVERSATION}&device=kiosk-01`;
  const device = openVoice(url, { Authorization: `Bearer ${KEY}` }, query);
  await waitFor(() => device.socket.readyState === 1);
  device.say({ type: "call-open", activity: true });
  expect(await device.hear("call-ready")).toMatchObject({ conversationId: CONVERSATION, codec: "pcm" });
  device.listen();
  device.say({ type: "talk", held: true, atMs: 0 });
  device.say({ type: "talk", held: false, atMs: 900 });
  expect(await event("speech-heard")).toMatchObject({ text: "It is on its way." });
  const [started] = await journal();
  expect(started).toMatchObject({
    type: "voice-call-started",
    via: "device",
    by: { kind: "customer", id: expect.stringMatching(/^device_/) },
  });

  // Another device with the same key is another customer.
  const other = openVoice(url, { Authorization: `Bearer ${KEY}` }, query.replace("kiosk-01", "kiosk-02"));
  await waitFor(() => other.socket.readyState === 1);
  other.say({ type: "call-open" });
  expect((await other.hear("refused")).error.code).toBe("unknown-conversation");
});

test("a key that is none, one that may not write, and a query that names no assistant are refused at the door", async () => {
  const { url, logged } = await startVoiceServer({ environment });
  const api = async (body: object) => {
    const answer = await fetch(`${url}/api/v1/api-keys`, {
      method: "POST",
      headers: { Authorization: `Bearer ${KEY}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return ((await answer.json()) as { key: string }).key;
  };
  const refused = async (key: string, query: string): Promise<unknown> => {
    const device = openVoice(url, { Authorization: `Bearer ${key}` }, query);
    const answer = await new Promise<{ statusCode: number }>((resolve) =>
      device.socket.once("unexpected-response", (_request, response) => resolve(response as never)),
    );
    return answer.statusCode;
  };
  expect(await refused("fd_nothing", "?assistant=shop")).toBe(401);
  const owner = await api({ name: "Owner's", roles: ["owner"] });
  expect(await refused(owner, "?assistant=shop")).toBe(403);
  const support = await api({ name: "Kiosk", roles: ["support"], scopes: ["conversations.write"] });
  expect(await refused(support, "")).toBe(400);
  expect(logged.join("\n")).not.toContain(support);
  const device = openVoice(url, { Authorization: `Bearer ${support}` }, "?assistant=shop");
  await waitFor(() => device.socket.readyState === 1);
  device.say({ type: "call-open" });
  await device.hear("call-ready");
});

test("a page shows no key: what it sends is looked at as a page's", async () => {
  const { url } = await startVoiceServer({ environment });
  const page = openVoice(url, { Authorization: `Bearer ${KEY}`, Origin: "https://shop.example" }, "?assistant=shop");
  await waitFor(() => page.socket.readyState === 1);
  page.say({ type: "call-open" });
  expect((await page.hear("refused")).error.code).toBe("call-over");
});

const values = (...of: number[]): VoiceModel => ({ value: () => of.shift() ?? 0, reset: () => undefined }) as unknown as VoiceModel;
const frameAt = (timeMs: number) => ({ type: 1, flags: 0, seq: 0, timeMs, audio: new Uint8Array(1024) }) as const;

test("for a device that says nothing of speech the server hears when it begins and ends, with what came just before", () => {
  const told: string[] = [];
  // 32 ms each: quiet, 10 of speech, quiet.
  const ear = new ServerEar(values(...Array(20).fill(0), ...Array(10).fill(0.9)), {
    frame: ({ timeMs }) => void told.push(`frame ${timeMs}`),
    speech: ({ event, atMs, sinceMs }) => void told.push(`${event} ${atMs}${sinceMs === undefined ? "" : ` ${sinceMs}`}`),
    interrupted: () => void told.push("interrupted"),
  });
  for (let frame = 0; frame < 90; frame++) ear.accept(frameAt(frame * 32));
  const speech = told.filter((one) => !one.startsWith("frame"));
  expect(speech).toEqual(["started 704", "paused 1056 960", "ended 2176 960"]);
  const frames = told.filter((one) => one.startsWith("frame")).map((one) => Number(one.slice(6)));
  // 400 ms before the first sound.
  expect(frames[0]).toBe(640 - 416);
  expect(frames).toEqual(frames.toSorted((left, right) => left - right));
  expect(new Set(frames).size).toBe(frames.length);
  expect(told.indexOf("started 704")).toBe(0);
});

test("over the assistant's voice more is needed, and then it is interrupted", () => {
  const told: string[] = [];
  const ear = new ServerEar(values(...Array(4).fill(0.9), 0, ...Array(6).fill(0.9)), {
    frame: () => undefined,
    speech: ({ event }) => void told.push(event),
    interrupted: () => void told.push("interrupted"),
  });
  ear.assistant(true);
  for (let frame = 0; frame < 5; frame++) ear.accept(frameAt(frame * 32));
  expect(told).toEqual([]);
  for (let frame = 5; frame < 11; frame++) ear.accept(frameAt(frame * 32));
  expect(told).toEqual(["interrupted", "started"]);
});

test("a device's audio is listened to with the weights that pages load; without any, it is told that it cannot be", async () => {
  const widget = { ...WIDGET, "assets/silero-6-test.bin": Buffer.from(await voiceWeights()) };
  for (const [files, answer] of [
    [widget, "call-ready"],
    [WIDGET, "refused"],
  ] as const) {
    const { url, hearing, logged } = await startVoiceServer({ environment, widget: files });
    const device = openVoice(url, { Authorization: `Bearer ${KEY}` }, "?assistant=shop");
    await waitFor(() => device.socket.readyState === 1);
    device.say({ type: "call-open", activity: false });
    await device.hear(answer);
    if (answer === "refused") expect(logged.join("\n")).toContain("There are no weights of voice activity");
    else {
      device.send(0, 2_000);
      device.say({ type: "mute", muted: false });
      expect(hearing.session.bytes).toBe(0);
    }
  }
});

const program = new URL("../../../demo/voice-device.ts", import.meta.url).pathname;

async function callByProgram(
  args: readonly string[],
  key: string | undefined = KEY,
): Promise<{ stdout: string; stderr: string; code: number }> {
  const env = { ...process.env, FRONTDESK_API_KEY: key };
  return promisify(execFile)(process.execPath, [program, ...args], { env }).then(
    (done) => ({ ...done, code: 0 }),
    (failed: { stdout: string; stderr: string; code: number }) => failed,
  );
}

test("the device of the demo waits for the greeting, says what a file says, and keeps the whole answer alone", async () => {
  const greeting = "Hello, this is the shop.";
  const sentences = ["It is on its way.", "It comes tomorrow."] as const;
  const written = Promise.withResolvers<void>();
  const stage = await startVoiceServer({
    script: async function* () {
      yield { type: "text", text: `${sentences[0]} It comes` };
      await written.promise;
      yield { type: "text", text: " tomorrow." };
      yield { type: "finish", reason: "stop", usage: { inputTokens: 1, outputTokens: 1 } };
    },
    voice: { ...VOICE, greeting },
    environment,
  });
  const { url, hearing, speaking, folder } = stage;
  hearing.understands = () => "where is my order";
  void waitFor(() => speaking.said.includes(sentences[0])).then(() => written.resolve());
  const [question, answer] = [join(folder, "question.wav"), join(folder, "answer.wav")];
  await writeFile(question, wavOf(new Uint8Array(16_000), 16_000));
  const { stdout, code } = await callByProgram([`${url}/`, "shop", question, answer]);
  expect(code).toBe(0);
  expect(stdout).toContain('"type":"understood"');
  const wav = await readFile(answer);
  expect(wav.readUInt32LE(40)).toBe(wav.length - 44);
  // Both sentences, and not the greeting.
  expect(wav.length - 44).toBe(sentences.join("").length * CHARACTER_MS * (SPOKEN_RATE / 1000) * 2);
  expect(stdout).toContain('"reason":"hung-up"');
});

test("what the device of the demo cannot do, it says in one sentence", async () => {
  const { url, folder } = await startVoiceServer({ environment });
  const question = join(folder, "question.wav");
  await writeFile(question, wavOf(new Uint8Array(640), 16_000));
  const answer = join(folder, "answer.wav");
  for (const [args, key, sentence] of [
    [[], KEY, "Usage: node demo/voice-device.ts ADDRESS ASSISTANT QUESTION.wav ANSWER.wav"],
    [["desk.example.com", "shop", question, answer], KEY, "desk.example.com is no address such as https://desk.example.com."],
    [[url, "shop", `${question}.gone`, answer], KEY, `There is no file ${question}.gone.`],
    [[url, "shop", question, answer], "fd_nothing", "The key is wrong."],
    [[url, "other", question, answer], KEY, "The call was refused: "],
    [[`${url}/elsewhere`, "shop", question, answer], KEY, `There is no voice line at ${url}/elsewhere: it answered `],
  ] as const) {
    const { stderr, code } = await callByProgram(args, key);
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(1);
  }
});
