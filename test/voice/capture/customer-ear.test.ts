import { beforeEach, describe, expect, test } from "vitest";
import { FRAME, FRAME_MS, type VoiceModel } from "../../../voice/activity/silero.ts";
import { CustomerEar, type EarEvent } from "../../../voice/capture/customer-ear.ts";

/** Says of a frame what its first sample is. */
const first: VoiceModel = { value: (frame) => frame[0]!, reset: () => undefined };
/** Where the audio begins. */
const FROM_MS = 1000;

let ear: CustomerEar;
let events: EarEvent[];
let nowMs: number;
beforeEach(() => {
  events = [];
  nowMs = FROM_MS;
  ear = new CustomerEar((event) => events.push(event));
  ear.model = first;
});

/** Pieces of one frame each, with these values. */
function hear(...values: readonly number[]): void {
  for (const value of values) {
    ear.hear(new Float32Array(FRAME).fill(value), nowMs);
    nowMs += FRAME_MS;
  }
}

const quiet = (ms: number): readonly number[] => Array.from({ length: Math.ceil(ms / FRAME_MS) }, () => 0);
/** What happened since this was last called, audio by the time of its capture and what is said of it. */
const since = (): readonly unknown[] =>
  events.splice(0).map((event) => {
    if (event.type !== "audio") return event;
    const { capturedMs, isLookback, isLast } = event;
    return `${capturedMs}${isLookback ? " before" : ""}${isLast ? " last" : ""}`;
  });
/** Without audio. */
const happened = (): readonly unknown[] => since().filter((event) => typeof event !== "string");
const times = (fromMs: number, count: number, what = ""): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${fromMs + index * FRAME_MS}${what}`);

describe("speech", () => {
  test("is sent with 400 ms from before it, until it has ended, and said", () => {
    hear(...quiet(960), 0.6, 0.6, 0.6);
    expect(since()).toEqual([
      { type: "speech", event: "started", atMs: 2024 },
      ...times(1544, 13, " before"),
      ...times(1960, 2),
      ...times(2024, 1),
    ]);
    hear(0, 0, 0, 0.6);
    expect(since()).toEqual([
      ...times(2056, 3),
      { type: "speech", event: "paused", atMs: 2152, sinceMs: 2056 },
      ...times(2152, 1),
      { type: "speech", event: "resumed", atMs: 2184 },
    ]);
    hear(...quiet(1216), 0, 0);
    const ending = since();
    expect(ending.slice(-2)).toEqual(["3368 last", { type: "speech", event: "ended", atMs: 3400, sinceMs: 2184 }]);
    expect(ear.isSpeech).toBe(false);
  });

  test("is 16-bit PCM", () => {
    hear(0.5, 0.5);
    const [audio] = events.filter((event) => event.type === "audio");
    expect([audio!.pcm.length, audio!.pcm[0], audio!.pcm[1]]).toEqual([2 * FRAME, 0, 0x40]);
  });

  test("is not heard without what judges it, nor while only the button is heard", () => {
    ear = new CustomerEar((event) => events.push(event));
    hear(...quiet(320), 0.6, 0.6, 0.6);
    ear.model = first;
    ear.handsFree = false;
    hear(0.6, 0.6, 0.6);
    expect(since()).toEqual([]);
    ear.handsFree = true;
    hear(0.6, 0.6);
    expect(happened()).toHaveLength(1);
  });

  test("ends where the microphone is muted; nothing is heard until it no longer is, and nothing of before is sent then", () => {
    hear(...quiet(320), 0.6, 0.6);
    since();
    ear.muted = true;
    expect(since()).toEqual([{ type: "speech", event: "ended", atMs: nowMs, sinceMs: nowMs }]);
    hear(0.6, 0.6, 0.6);
    expect(since()).toEqual([]);
    ear.muted = false;
    const unmutedMs = nowMs;
    hear(0.6, 0.6);
    expect(since()).toEqual([{ type: "speech", event: "started", atMs: nowMs }, ...times(unmutedMs, 2)]);
  });
});

describe("while the assistant speaks", () => {
  /** Long enough that its own echo is taken away. */
  const speak = (): void => {
    ear.assistantSpeaks();
    hear(...quiet(1600));
    since();
  };

  test("a doubt lowers its voice, and speech of 96 ms stops it before anything is sent", () => {
    speak();
    hear(0.6);
    expect(since()).toEqual([{ type: "lower" }]);
    hear(0.6);
    expect(since()).toEqual([]);
    hear(0.6);
    expect(since().slice(0, 2)).toEqual([
      { type: "stop", by: "speech" },
      { type: "speech", event: "started", atMs: nowMs },
    ]);
  });

  test("what was nothing raises it again", () => {
    speak();
    hear(0.6, 0.6, 0.1);
    expect(since()).toEqual([{ type: "lower" }, { type: "raise" }]);
  });

  test("in its first 1.5 s, and where echo is likely, more is needed", () => {
    ear.assistantSpeaks();
    hear(0.7, 0.7, 0.7, 0.7, 0.7, 0.7);
    expect(since()).toEqual([]);
    speak();
    ear.echoIsLikely = true;
    hear(0.7, 0.7, 0.7, 0.7, 0.7, 0.7);
    expect(since()).toEqual([]);
    hear(0.9, 0.9, 0.9, 0.9, 0.9);
    expect(happened()).toEqual([{ type: "lower" }, { type: "stop", by: "speech" }, { type: "speech", event: "started", atMs: nowMs }]);
  });

  test("it counts as out for 300 ms after it: a room still sounds, and sentences have pauses", () => {
    speak();
    ear.assistantIsSilent();
    hear(...quiet(192), 0.6, 0.6);
    expect(since()).toEqual([{ type: "lower" }]);
    hear(...quiet(64), 0.6, 0.6);
    expect(happened()).toEqual([{ type: "raise" }, { type: "speech", event: "started", atMs: nowMs }]);
  });

  test("a pause between two of its sentences begins nothing anew", () => {
    speak();
    ear.assistantIsSilent();
    hear(...quiet(128));
    ear.assistantSpeaks();
    hear(0.6, 0.6, 0.6);
    expect(happened()).toContainEqual({ type: "stop", by: "speech" });
  });

  test("a doubt that becomes speech when it has just fallen silent raises it for what comes next", () => {
    speak();
    hear(0.6);
    ear.assistantIsSilent();
    hear(...Array.from({ length: 10 }, () => 0.45));
    hear(0.6, 0.6);
    expect(happened()).toEqual([{ type: "lower" }, { type: "raise" }, { type: "speech", event: "started", atMs: nowMs }]);
  });

  test("it does not talk over who speaks already", () => {
    hear(...quiet(320), 0.6, 0.6);
    since();
    ear.assistantSpeaks();
    expect(since()).toEqual([{ type: "stop", by: "speech" }]);
  });

  test("speech that had paused is over: its own first sound does not resume it", () => {
    hear(...quiet(320), 0.6, 0.6, ...quiet(640));
    since();
    ear.assistantSpeaks();
    expect(since()).toEqual([{ type: "speech", event: "ended", atMs: nowMs, sinceMs: nowMs - 640 }]);
    hear(0.4, 0.7, 0.7, 0.7);
    expect(since()).toEqual([]);
  });
});

describe("push-to-talk", () => {
  test("sends all that is said while it is held, and what was on its way when it was let go", () => {
    ear.handsFree = false;
    hear(0, 0);
    ear.press();
    hear(0, 0.6);
    ear.release();
    hear(0, 0, 0, 0.6);
    expect(since()).toEqual([
      { type: "talk", held: true, atMs: 1064 },
      "1064",
      "1096",
      "1128",
      "1160 last",
      { type: "talk", held: false, atMs: 1192 },
    ]);
  });

  test("works without what judges sound", () => {
    ear = new CustomerEar((event) => events.push(event));
    ear.press();
    hear(0.1);
    expect(since()).toEqual([{ type: "talk", held: true, atMs: 0 }, "1000"]);
  });

  test("stops the assistant", () => {
    ear.assistantSpeaks();
    ear.press();
    expect(since()).toEqual([
      { type: "stop", by: "button" },
      { type: "talk", held: true, atMs: 0 },
    ]);
  });

  test("takes speech over that has begun hands-free, and gives it back", () => {
    hear(...quiet(320), 0.6, 0.6);
    since();
    ear.press();
    expect(since()).toEqual([
      { type: "speech", event: "ended", atMs: nowMs, sinceMs: nowMs },
      { type: "talk", held: true, atMs: nowMs },
    ]);
    ear.release();
    hear(0.6, 0.6, ...quiet(320), 0.6, 0.6);
    expect(happened()).toEqual([
      { type: "talk", held: false, atMs: nowMs - 12 * FRAME_MS },
      { type: "speech", event: "started", atMs: nowMs },
    ]);
  });

  test("is let go by muting, and not pressed while muted", () => {
    ear.press();
    hear(0.6);
    ear.muted = true;
    ear.press();
    hear(0.6);
    expect(since()).toEqual([{ type: "talk", held: true, atMs: 0 }, "1000", { type: "talk", held: false, atMs: 1032 }]);
  });

  test("pressed again before all has come goes on", () => {
    ear.press();
    hear(0.6);
    ear.release();
    ear.press();
    hear(0.6, 0.6, 0.6, 0.6);
    expect(happened()).toHaveLength(1);
  });
});
