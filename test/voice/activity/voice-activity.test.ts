import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FRAME, FRAME_MS, type VoiceModel } from "../../../voice/activity/silero.ts";
import { VoiceActivity, type VoiceEvent } from "../../../voice/activity/voice-activity.ts";
import { MEASURED_VOICE } from "../../../voice/activity/voice-settings.ts";

/** Says of a frame what its first sample is. */
const first: VoiceModel & { resets: number } = {
  resets: 0,
  value: (frame) => frame[0]!,
  reset() {
    this.resets += 1;
  },
};

function frame(value: number): Float32Array {
  return new Float32Array(FRAME).fill(value);
}

/** What happens with frames of these values, the first captured at 1,000 ms. */
function hear(values: readonly number[], activity = new VoiceActivity(first), fromMs = 1000): readonly VoiceEvent[] {
  return values.flatMap((value, index) => [...activity.accept(frame(value), fromMs + index * FRAME_MS)]);
}

const types = (events: readonly VoiceEvent[]): readonly string[] => events.map(({ type }) => type);
const quiet = (ms: number): readonly number[] => Array.from({ length: Math.ceil(ms / FRAME_MS) }, () => 0);

describe("while the assistant is silent", () => {
  test("speech of 64 ms starts, and 400 ms before it belong to it", () => {
    expect(hear([...quiet(960), 0.6, 0.6])).toEqual([{ type: "speech-started", atMs: 2024, voiceMs: 1960, fromMs: 1560 }]);
  });

  test("speech of one frame, or under the threshold, does not", () => {
    expect(hear([0.6, 0.4, 0.6, 0.4, 0.49, 0.49, 0.49, 0.49])).toEqual([]);
  });

  test("it goes on down to 0.35, pauses after 96 ms below, resumes, and ends after 1,200 ms", () => {
    const events = hear([0.6, 0.6, 0.36, 0.36, 0.36, 0.36, 0, 0, 0, 0, 0.4, ...quiet(1300)]);
    expect(events.slice(1)).toEqual([
      { type: "speech-paused", atMs: 1288, sinceMs: 1192 },
      { type: "speech-resumed", atMs: 1352 },
      { type: "speech-paused", atMs: 1448, sinceMs: 1352 },
      { type: "speech-ended", atMs: 2568, sinceMs: 1352 },
    ]);
  });

  test("the audio of a second start begins where that of the first ended", () => {
    const events = hear([0.6, 0.6, ...quiet(1216), 0.6, 0.6]);
    const [, ended, second] = events.filter(({ type }) => type !== "speech-paused");
    expect(second).toMatchObject({ type: "speech-started", fromMs: ended!.atMs });
  });

  test("there is nothing before the first sample", () => {
    expect(hear([0.6, 0.6])[0]).toMatchObject({ fromMs: 1000, voiceMs: 1000 });
  });
});

describe("while the assistant speaks", () => {
  const speaking = (settledMs = 2000): VoiceActivity => {
    const activity = new VoiceActivity(first);
    activity.assistantSpeaks(1000 - settledMs);
    return activity;
  };

  test("32 ms are a doubt and 96 ms a start", () => {
    expect(hear([0, 0.6, 0.6, 0.6], speaking())).toEqual([
      { type: "doubt", atMs: 1064 },
      { type: "speech-started", atMs: 1128, voiceMs: 1032, fromMs: 1000 },
    ]);
  });

  test("a doubt that was nothing is over; between the two thresholds it stays", () => {
    expect(types(hear([0.6, 0.4, 0.4, 0.2, 0], speaking()))).toEqual(["doubt", "doubt-over"]);
    expect(types(hear([0.6, 0.4, 0.4], speaking()))).toEqual(["doubt"]);
  });

  test("the first 1.5 s need 0.8 for 160 ms", () => {
    const values = Array.from({ length: 46 }, () => 0.79);
    expect(hear(values, speaking(0))).toEqual([]);
    expect(types(hear([0.9, 0.9, 0.9, 0.9, 0, 0.9, 0.9, 0.9, 0.9, 0.9], speaking(0)))).toEqual([
      "doubt",
      "doubt-over",
      "doubt",
      "speech-started",
    ]);
  });

  test("and so does all of it where echo is likely", () => {
    const activity = speaking();
    activity.echoIsLikely(true);
    expect(hear([0.7, 0.7, 0.7, 0.7], activity)).toEqual([]);
    activity.echoIsLikely(false);
    expect(types(hear([0.7, 0.7, 0.7], activity, 1000 + 4 * FRAME_MS))).toEqual(["doubt", "speech-started"]);
  });

  test("a sentence after the other is one voice; after silence it has to be learnt anew", () => {
    const activity = speaking();
    activity.assistantSpeaks(900);
    expect(types(hear([0.6, 0, 0], activity))).toEqual(["doubt", "doubt-over"]);
    activity.assistantIsSilent();
    activity.assistantSpeaks(1096);
    expect(hear([0.6, 0.6, 0.6, 0.6], activity, 1096)).toEqual([]);
  });

  test("once it is silent, a doubt becomes a start by the rule of silence", () => {
    const activity = speaking();
    expect(types(hear([0.6], activity))).toEqual(["doubt"]);
    activity.assistantIsSilent();
    expect(types(hear([0.6], activity, 1032))).toEqual(["speech-started"]);
  });
});

describe("a gap", () => {
  test("of a lost packet is passed over", () => {
    const activity = new VoiceActivity(first);
    const before = first.resets;
    expect(types([...hear([0.6], activity), ...hear([0.6], activity, 1092)])).toEqual(["speech-started"]);
    expect(first.resets).toBe(before);
  });

  test("of more than that is quiet, and what was heard before is forgotten", () => {
    const activity = new VoiceActivity(first);
    const before = first.resets;
    expect(hear([0.6], activity)).toEqual([]);
    expect(hear([0.6], activity, 1300)).toEqual([]);
    expect(first.resets).toBe(before + 1);
    expect(types(hear([0.6], activity, 1332))).toEqual(["speech-started"]);
    expect(types(hear([0.6], activity, 1700))).toEqual(["speech-paused", "speech-resumed"]);
    expect(types(hear([0], activity, 9000))).toEqual(["speech-paused", "speech-ended"]);
  });

  test("backwards ends what was said", () => {
    const activity = new VoiceActivity(first);
    hear([0.6, 0.6], activity, 5000);
    expect(types(hear([0.6, 0.6], activity, 1000))).toEqual(["speech-ended", "speech-started"]);
  });
});

/** One step of a call: a frame, or what becomes of the assistant's voice. */
const step = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(0, 0.2, 0.34, 0.35, 0.49, 0.5, 0.7, 0.8, 0.95) },
  { weight: 1, arbitrary: fc.constantFrom("speaks", "is silent", "echoes", "does not echo") },
);

/** Plays a call, in pieces of these lengths. */
function play(
  steps: readonly (number | string)[],
  pieces: readonly number[] = [FRAME],
): { events: readonly VoiceEvent[]; speaks: readonly boolean[] } {
  const activity = new VoiceActivity(first);
  const speaks: boolean[] = [];
  let atMs = 0;
  let isSpeaking = false;
  let turn = 0;
  const events = steps.flatMap((one) => {
    if (typeof one === "string") {
      if (one === "speaks") activity.assistantSpeaks(atMs);
      if (one === "is silent") activity.assistantIsSilent();
      if (one === "echoes" || one === "does not echo") activity.echoIsLikely(one === "echoes");
      if (one === "speaks" || one === "is silent") isSpeaking = one === "speaks";
      return [];
    }
    const heard: VoiceEvent[] = [];
    const samples = frame(one);
    for (let at = 0; at < FRAME;) {
      const length = Math.min(pieces[turn++ % pieces.length]!, FRAME - at);
      heard.push(...activity.accept(samples.subarray(at, at + length), atMs + at / 16));
      at += length;
    }
    atMs += FRAME_MS;
    speaks.push(isSpeaking);
    return heard;
  });
  return { events, speaks };
}

describe("in any call", () => {
  const calls = fc.array(step, { maxLength: 300 });

  test("events come in their order, and time does not go back", () => {
    fc.assert(
      fc.property(calls, (steps) => {
        const { events } = play(steps);
        let [state, isDoubtful, lastMs] = ["ended", false, 0];
        const allowed: Readonly<Record<string, readonly string[]>> = {
          ended: ["started"],
          started: ["paused"],
          paused: ["resumed", "ended"],
          resumed: ["paused"],
        };
        for (const { type, atMs } of events) {
          expect(atMs).toBeGreaterThanOrEqual(lastMs);
          lastMs = atMs;
          if (type === "doubt" || type === "doubt-over") {
            expect(state).toBe("ended");
            expect(isDoubtful).toBe(type === "doubt-over");
            isDoubtful = type === "doubt";
            continue;
          }
          const next = type.slice("speech-".length);
          expect(allowed[state]).toContain(next);
          state = next;
          if (next === "started") isDoubtful = false;
        }
      }),
    );
  });

  test("a start follows enough speech and no less, and a doubt is one only while the assistant speaks", () => {
    fc.assert(
      fc.property(calls, (steps) => {
        const { events, speaks } = play(steps);
        const values = steps.filter((one) => typeof one === "number");
        for (const event of events) {
          const last = Math.round(event.atMs / FRAME_MS) - 1;
          if (event.type === "doubt") expect(speaks[last]).toBe(true);
          if (event.type !== "speech-started") continue;
          const needed = (speaks[last] ? MEASURED_VOICE.stopMs : MEASURED_VOICE.startMs) / FRAME_MS;
          expect(values.slice(last + 1 - needed, last + 1).every((value) => value >= MEASURED_VOICE.startAbove)).toBe(true);
          expect(event.voiceMs - event.fromMs).toBeLessThanOrEqual(MEASURED_VOICE.keptMs);
          expect(event.fromMs).toBeLessThanOrEqual(event.voiceMs);
          expect(event.atMs - event.voiceMs).toBeGreaterThanOrEqual(needed * FRAME_MS);
        }
      }),
    );
  });

  test("no sound belongs to two starts", () => {
    fc.assert(
      fc.property(calls, (steps) => {
        let takenMs = -Infinity;
        for (const event of play(steps).events) {
          if (event.type === "speech-started") expect(event.fromMs).toBeGreaterThanOrEqual(takenMs);
          if (event.type === "speech-ended") takenMs = event.atMs;
        }
      }),
    );
  });

  test("how the audio is cut into pieces changes nothing", () => {
    fc.assert(
      fc.property(calls, fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 }), (steps, pieces) => {
        expect(play(steps, pieces).events).toEqual(play(steps).events);
      }),
      { numRuns: 30 },
    );
  });
});
