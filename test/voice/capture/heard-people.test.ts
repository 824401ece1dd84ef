import { describe, expect, test } from "vitest";
import { voiceWeights } from "../../../scripts/voice-weights.ts";
import { readWeights } from "../../../voice/activity/silero-layout.ts";
import { Silero } from "../../../voice/activity/silero.ts";
import { CustomerEar, type EarEvent } from "../../../voice/capture/customer-ear.ts";
import { noises, utterances } from "../activity/five-minutes.ts";
import { atLevel, whiteNoise } from "../activity/sounds.ts";
import { hasRecordings, NO_RECORDINGS } from "../activity/recordings.ts";

/** As a worklet has it: 20 ms. */
const PIECE = 320;
const isThere = hasRecordings();
if (!isThere) console.log(`What is sent of people who speak is ${NO_RECORDINGS}.`);
const weights = readWeights(await voiceWeights());

interface Heard {
  readonly events: readonly (EarEvent & { readonly nowMs: number })[];
  readonly durationMs: number;
}

/** What the ear makes of a sound; with quiet after it, in which speech ends. `assistantSinceMs`: it speaks since then, before the sound. */
function hear(samples: Float32Array, { assistantSinceMs }: { readonly assistantSinceMs?: number } = {}): Heard {
  const events: Heard["events"][number][] = [];
  let nowMs = 0;
  const ear = new CustomerEar((event) => events.push({ ...event, nowMs }));
  ear.model = new Silero(weights);
  const leadMs = assistantSinceMs === undefined ? 0 : -assistantSinceMs;
  // As a microphone in a quiet room has it: none gives nothing at all.
  const sound = atLevel(whiteNoise((samples.length / 16 + leadMs + 1500) / 1000, 3), 0.0003);
  sound.set(samples, 16 * leadMs);
  if (assistantSinceMs !== undefined) ear.assistantSpeaks();
  for (let at = 0; at < sound.length; at += PIECE) {
    nowMs = (at + PIECE) / 16 - leadMs;
    ear.hear(sound.subarray(at, at + PIECE), at / 16);
  }
  return {
    events: events.map((event) => ("capturedMs" in event ? { ...event, capturedMs: event.capturedMs - leadMs } : event)),
    durationMs: nowMs,
  };
}

describe.skipIf(!isThere)("of people who speak", () => {
  test("all that they say is sent, once, in order, with its soft first sounds, and little else", async () => {
    for (const { name, samples, fromMs, untilMs } of await utterances()) {
      const { events } = hear(samples);
      const sent = events.filter((event) => event.type === "audio");
      const times = sent.map(({ capturedMs }) => capturedMs);
      expect(times[0], name).toBeLessThanOrEqual(fromMs);
      expect(times.at(-1)! + 20, name).toBeGreaterThanOrEqual(untilMs);
      expect(times, name).toEqual(times.map((_, index) => times[0]! + 20 * index));
      expect(times[0], name).toBeGreaterThanOrEqual(fromMs - 600);
      expect(sent.filter(({ isLast }) => isLast).length, name).toBe(1);
      expect(sent.at(-1)!.isLast, name).toBe(true);
      const said = events.flatMap((event) => (event.type === "speech" ? [event.event] : []));
      expect([said[0], said.at(-1)], name).toEqual(["started", "ended"]);
    }
  });

  test("the assistant is lowered and stops for each of them, and nothing of theirs is lost", async () => {
    const delays: number[] = [];
    for (const { name, samples, fromMs } of await utterances()) {
      const { events } = hear(samples, { assistantSinceMs: -2000 });
      const [lowered, stopped] = [events.find(({ type }) => type === "lower"), events.find(({ type }) => type === "stop")];
      expect(lowered, name).toBeDefined();
      expect(stopped, name).toBeDefined();
      expect(lowered!.nowMs, name).toBeLessThan(stopped!.nowMs);
      expect(events.find((event) => event.type === "audio")!.capturedMs, name).toBeLessThanOrEqual(fromMs);
      delays.push(stopped!.nowMs - fromMs);
    }
    const [median] = delays.toSorted((one, other) => one - other).slice(delays.length / 2);
    console.log(`from the first sound to the assistant's stop: half within ${median!.toFixed(0)} ms`);
    expect(median).toBeLessThanOrEqual(250);
  });

  test("of sounds in which nobody speaks, next to none stops the assistant", async () => {
    const all = await noises();
    const stopped = all.filter(({ samples }) => hear(samples, { assistantSinceMs: -2000 }).events.some(({ type }) => type === "stop"));
    console.log(`stopped by ${stopped.map(({ name }) => name).join(", ") || "none"} of ${all.length} sounds in which nobody speaks`);
    // Which ones do, and whether any, changes with what comes before them: from none to two were seen.
    expect(stopped.length).toBeLessThanOrEqual(3);
  });

  test("what lowered the assistant without stopping it raises it again", async () => {
    for (const { name, samples } of await noises()) {
      const said = hear(samples, { assistantSinceMs: -2000 }).events.map(({ type }) => type);
      const count = (type: string): number => said.filter((one) => one === type).length;
      expect(count("lower"), name).toBe(count("raise") + count("stop"));
    }
  });
});
