import { expect, test } from "vitest";
import { say } from "../../support/desk-scripts.ts";
import { CHARACTER_MS } from "../../support/scripted-speech.ts";
import { openStage, type Recorded } from "./call-stage.ts";
import { CALL, CONVERSATION, startVoiceServer, VOICE } from "./server-stage.ts";

const KEY = "k".repeat(64);
const ANSWER = "Your order is on its way. It comes tomorrow.";

async function called(voice: object) {
  const stage = await startVoiceServer({
    script: () => say(ANSWER),
    voice: { ...VOICE, ...voice },
    environment: { FRONTDESK_ADMIN_KEY: KEY },
  });
  stage.hearing.understands = () => "where is my order";
  const customer = await stage.customer();
  const begun = Date.now();
  const page = await customer.call();
  page.listen();
  page.say({ type: "speech", event: "started", atMs: 1000 });
  page.send(1000, 600);
  page.say({ type: "speech", event: "paused", atMs: 1700, sinceMs: 1600 });
  const heard = await stage.event("speech-heard");
  page.say({ type: "call-end" });
  const ended = await stage.event("voice-call-ended");
  const read = (path: string) =>
    fetch(`${stage.url}/api/v1/conversations/${CONVERSATION}/recordings${path}`, { headers: { Authorization: `Bearer ${KEY}` } });
  return { ...stage, begun, page, heard, ended, read };
}

test("a call is recorded where its assistant says so: the customer is told, and both sides are there to be heard", async () => {
  const { begun, page, heard, ended, event, read } = await called({ recording: { enabled: true } });
  expect(page.told[0]).toMatchObject({ type: "call-ready", recorded: true });
  const started = await event("voice-call-started");
  expect(started.recorded).toBe(true);
  const soundMs = page.of("said").at(-1)!.untilMs;
  expect(heard.heardMs).toBeCloseTo(soundMs, 0);

  // What is left is written when the call is over.
  interface Item {
    readonly voiceCallId: string;
    readonly startedAt: number;
    readonly endedAt?: number;
    readonly durationMs: number;
  }
  const items = async () => ((await (await read("")).json()) as { items: Item[] }).items;
  await expect.poll(async () => (await items())[0]?.endedAt).toBeDefined();
  const recording = (await items())[0]!;
  expect(recording.voiceCallId).toBe(CALL);
  // It begins with the call, and is no shorter.
  expect(recording.startedAt).toBeGreaterThanOrEqual(begun);
  expect(recording.startedAt).toBeLessThanOrEqual(started.at);
  expect(recording.durationMs).toBeGreaterThanOrEqual(Math.floor(ended.durationMs));
  const file = new Uint8Array(await (await read(`/${CALL}.wav`)).arrayBuffer());
  expect(String.fromCharCode(...file.subarray(0, 4))).toBe("RIFF");
});

test("otherwise nothing is recorded, and nobody is told that it is", async () => {
  const { page, event, read } = await called({});
  expect(page.told[0]).not.toHaveProperty("recorded");
  expect(await event("voice-call-started")).not.toHaveProperty("recorded");
  expect(await (await read("")).json()).toEqual({ items: [] });
  expect((await read(`/${CALL}.wav`)).status).toBe(404);
});

test("the recording has what was heard, where it was heard, and nothing that was cut", async () => {
  const stage = openStage({ voice: { recording: { enabled: true } } });
  const { recorded, clock } = stage;
  const begun = clock.now();
  const page = await stage.call();
  await stage.forward(1_000);
  await page.speak("where is my order", 800);
  await stage.answer("Your order is on its way to you.");
  const saidAt = clock.now() - begun;
  await page.play(700);
  await page.cut("button");
  await stage.forward(5_000);
  await stage.answer("Good bye.", "turn-0002");
  await page.playOut();
  const lengthMs = clock.now() - begun;
  await page.take({ type: "call-end" });
  await stage.settle();
  const spans = (side: "customer" | "assistant") =>
    recorded.flatMap((one: Recorded) => ("side" in one && one.side === side ? [[one.from / 16, one.audio.length / 16]] : []));

  // The first frame of the page is there before its hundred milliseconds are over.
  expect(spans("customer")).toEqual([[900, 800]]);
  expect(spans("assistant")).toEqual([
    [saidAt, 700],
    [saidAt + 700 + 5_000, "Good bye.".length * CHARACTER_MS],
  ]);
  expect(recorded.at(-1)).toEqual({ at: begun + lengthMs, durationMs: lengthMs });
  const [cut] = stage.written.filter(({ type }) => type === "speech-cut");
  expect(cut).toMatchObject({ heardMs: 700 });
});
