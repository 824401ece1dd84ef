import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { FLAG_LOOKBACK } from "../../../protocol/voice-frame.ts";
import { hasRecordings, NO_RECORDINGS, recording } from "../../voice/activity/recordings.ts";
import { atLevel, cough } from "../../voice/activity/sounds.ts";
import { CallBrowser, type Visit } from "./call-browser.ts";
import type { DeskCall } from "./voice-desk.ts";

const RATE = 16_000;
/** As somebody before a notebook sounds. */
const SPEECH_LEVEL = 0.06;
const SENTENCE = "asterisk/sounds/en_US_f_Allison/sorry-youre-having-problems.wav";

let visit: Visit;
afterEach(async () => {
  await visit?.end();
  expect(visit?.complaints ?? []).toEqual([]);
});

/** A call that listens by itself to a microphone that hears this, again and again. */
async function call(heard: Float32Array): Promise<DeskCall> {
  const browser = await CallBrowser.open({ heard });
  onTestFinished(() => browser.close());
  visit = await browser.visit();
  await visit.openChat();
  await visit.button("Start call").click();
  const desk = await visit.desk.open(0);
  desk.ready();
  await visit.button("Mute").waitFor();
  return desk;
}

/** A sound with so many seconds of quiet before and after it. */
function amid(quietSeconds: number, samples: Float32Array): Float32Array {
  const whole = new Float32Array(samples.length + 2 * quietSeconds * RATE);
  whole.set(samples, quietSeconds * RATE);
  return whole;
}

describe.skipIf(!hasRecordings())(`somebody who speaks${hasRecordings() ? "" : ` (${NO_RECORDINGS})`}`, () => {
  test("is heard with the sound before the start, and interrupts the assistant, who goes on after it", async () => {
    const desk = await call(amid(2, atLevel(await recording(SENTENCE), SPEECH_LEVEL)));
    await desk.hears("speech", ({ event }) => event === "started");
    await desk.hears("speech", ({ event }) => event === "ended");
    const [first] = desk.frames;
    expect(first?.flags).toBe(FLAG_LOOKBACK);
    expect(desk.frames.filter(({ flags }) => flags === 0).length).toBeGreaterThan(20);

    desk.speaks("A long story, in which the customer has something to say before its end.", 30_000);
    const { untilMs, by } = await desk.hears("cut");
    expect(by).toBe("speech");
    expect(untilMs).toBeGreaterThan(0);
    expect(untilMs).toBeLessThan(30_000);
    desk.says({ type: "hush" });
    const ends = desk.of("speech").filter(({ event }) => event === "ended").length;
    await desk.hears(
      "speech",
      (message) => message.event === "ended" && desk.of("speech").filter(({ event }) => event === "ended").length > ends,
    );
    // Sentence 6: after an interruption the next answer is audible.
    desk.speaks("Of course.", 300);
    await desk.hears("heard", (message) => message.untilMs > 30_200);
    await visit.bar().getByText("Of course.").waitFor();
  });
});

/** Sentence 4. */
test("somebody who coughs interrupts nothing: what is said is heard to its end", async () => {
  const desk = await call(amid(0.5, atLevel(cough(1, { seed: 3, width: 500 }), SPEECH_LEVEL)));
  desk.speaks("It left our workshop on Tuesday, and it should be with you on Friday.", 5_000);
  await desk.hears("heard", ({ untilMs }) => untilMs > 4_990);
  expect(desk.of("cut")).toEqual([]);
  expect(desk.of("speech")).toEqual([]);
});
