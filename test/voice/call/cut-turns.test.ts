/** Turns of which not all was heard: they may refuse, and approve nothing. */
import { expect, onTestFinished, test } from "vitest";
import { EngineHearing } from "../../../server/voice/hearing/engine-hearing.ts";
import type { HeardTurn } from "../../../server/voice/ports/hearing-side.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { scriptedHearing } from "../../support/scripted-speech.ts";
import { settled } from "../approval/call-stage.ts";
import { type AskedCall, calls, hears } from "./approval-stage.ts";
import { CALLER, openStage, type Stage } from "./call-stage.ts";

const PHRASE = "Yes, approve it.";
const sent = ({ asked }: Stage) => asked.flatMap(([method, request]) => (method === "send" ? [(request as { text: string }).text] : []));

async function understood({ hearing, settle }: Stage, text: string): Promise<void> {
  hearing.session.final(text);
  await settle();
}

/** How a turn is cut, in a call that asks. */
const CUTS: Readonly<Record<string, (call: AskedCall) => Promise<void>>> = {
  "by mute": async ({ stage, page }) => {
    await page.begin();
    await stage.forward(500);
    await page.take({ type: "mute", muted: true });
  },
  "by mute, after a breath": async ({ stage, page }) => {
    await page.begin();
    await stage.forward(500);
    await page.quiet();
    await stage.forward(200);
    await page.take({ type: "mute", muted: true });
  },
  "by a page that says nothing more": async ({ stage, page }) => {
    await page.begin();
    await stage.forward(3_100);
  },
  "by a line that is lost after a breath": async ({ stage, page }) => {
    await page.begin();
    await stage.forward(500);
    await page.quiet();
    await stage.forward(200);
    await page.lose();
  },
};

test.each(Object.keys(CUTS))("a sentence that was cut %s approves nothing", async (how) => {
  const call = await calls();
  await hears(call);
  await CUTS[how]!(call);
  await understood(call.stage, PHRASE);
  expect(call.decided).toEqual([]);
  expect(sent(call.stage)).toEqual([]);
});

test.each(Object.keys(CUTS))("a sentence that was cut %s may refuse", async (how) => {
  const call = await calls();
  await hears(call);
  await CUTS[how]!(call);
  await understood(call.stage, "No, not now");
  expect(call.decided).toMatchObject([{ decision: "rejected" }]);
});

/** The turns of an ear that hears one sound without an end. */
async function endless(begin: (ear: EngineHearing) => void): Promise<HeardTurn[]> {
  const clock = new ManualClock();
  const hearing = scriptedHearing();
  const turns: HeardTurn[] = [];
  const nothing = (): void => undefined;
  const rest = { turnOpen: nothing, partial: nothing, likely: nothing, resumed: nothing, failed: nothing, dropped: nothing, over: nothing };
  const ear = new EngineHearing({ hearing, clock, turns: () => ({}) }, { ...rest, final: (turn) => turns.push(turn) });
  onTestFinished(() => ear.close());
  hearing.understands = () => PHRASE;
  begin(ear);
  for (let second = 0; second < 61; second++) {
    ear.frame({ type: 1, flags: 0, seq: second, timeMs: clock.now(), audio: new Uint8Array(640) });
    clock.forward(1_000);
  }
  ear.take({ type: "talk", held: false, atMs: clock.now() });
  ear.take({ type: "speech", event: "paused", atMs: clock.now(), sinceMs: clock.now() });
  clock.forward(700);
  for (const held of [true, false]) ear.take({ type: "talk", held, atMs: clock.now() });
  await settled();
  return turns;
}

test.each<[string, (ear: EngineHearing) => void]>([
  ["a sound", (ear) => ear.take({ type: "speech", event: "started", atMs: 0 })],
  ["a held key", (ear) => ear.take({ type: "talk", held: true, atMs: 0 })],
])("%s of more than a minute is cut in two, and neither part is whole; the next turn is", async (_name, begin) => {
  expect((await endless(begin)).map(({ turn, isCut }) => [turn, isCut])).toEqual([
    [0, true],
    [1, true],
    [2, undefined],
  ]);
});

test("what comes after a stall may be the end of what came before it", async () => {
  const call = await calls();
  await hears(call);
  const { stage, page, decided } = call;
  await page.begin();
  await stage.forward(3_100);
  await understood(stage, "");
  await page.speak(PHRASE);
  expect(decided).toEqual([]);
  await page.playOut();
  await stage.forward(1_000);
  await page.speak(PHRASE);
  expect(decided).toMatchObject([{ decision: "approved" }]);
});

test("what a page was saying when its line was lost is the message that it says again, once", async () => {
  const stage = openStage();
  const page = await stage.call();
  await page.begin();
  await stage.forward(500);
  stage.hearing.session.partial("where is my");
  await stage.settle();
  await page.lose();
  expect(page.call.isOver).toBe(false);
  await understood(stage, "where is my");
  const back = await stage.call();
  await back.speak("where is my order");
  expect(sent(stage)).toEqual(["where is my order"]);
  expect(back.of("understood").map(({ turn, text }) => [turn, text])).toEqual([[1, "where is my order"]]);
});

test("what is said again is known for the whole of it, and approves", async () => {
  const call = await calls();
  await hears(call);
  const { stage, page, decided } = call;
  await page.begin();
  await stage.forward(500);
  await page.lose();
  await understood(stage, "yes");
  const back = await stage.call();
  await back.speak(PHRASE);
  expect(decided).toMatchObject([{ decision: "approved" }]);
});

test("words of a turn that counts for nothing are no caption of the page that is back", async () => {
  const stage = openStage();
  const page = await stage.call();
  await page.begin();
  await stage.forward(500);
  await page.lose();
  const back = await stage.call();
  stage.hearing.session.partial("where is my");
  await stage.settle();
  expect(back.of("understood")).toEqual([]);
  expect(back.phase).toBe("listening");
});

test("what was said to its end when the line was lost is a message all the same", async () => {
  const stage = openStage();
  const page = await stage.call();
  await page.begin();
  await stage.forward(500);
  await page.quiet();
  await page.lose();
  await understood(stage, "where is my order");
  expect(sent(stage)).toEqual(["where is my order"]);
});

test("a key that is held while the line is lost: all of it is said again", async () => {
  const stage = openStage();
  const page = await stage.call();
  await page.begin();
  await page.quiet();
  await page.take({ type: "talk", held: true, atMs: 6_000 });
  await stage.forward(500);
  await page.lose();
  await understood(stage, "where is");
  expect(sent(stage)).toEqual([]);
});

test("a device says nothing again, so what it was saying is a message, and approves nothing", async () => {
  const caller = { ...CALLER, via: "device" as const };
  const stage = openStage();
  const device = await stage.call({ caller });
  await device.begin();
  await stage.forward(500);
  await device.lose();
  await understood(stage, "where is my order");
  expect(sent(stage)).toEqual(["where is my order"]);

  const call = await calls({ caller });
  await hears(call);
  await call.page.begin();
  await call.stage.forward(500);
  await call.page.lose();
  await understood(call.stage, PHRASE);
  expect(call.decided).toEqual([]);
});
