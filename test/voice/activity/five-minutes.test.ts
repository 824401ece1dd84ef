import { expect, test } from "vitest";
import { noises, type Utterance, utterances } from "./five-minutes.ts";
import { listen } from "./listen.ts";
import { hasRecordings, NO_RECORDINGS } from "./recordings.ts";

const isThere = hasRecordings();
if (!isThere) console.log(`The five minutes are ${NO_RECORDINGS}.`);

interface Heard {
  /** Nothing was heard while they spoke, or it was heard before they did. */
  readonly missed: readonly string[];
  /** From where speech begins until it was noticed. */
  readonly onsetMs: readonly number[];
  /** Ended while they still spoke. */
  readonly split: readonly string[];
}

function hear(said: readonly Utterance[], assistantSpeaks = false): Heard {
  const missed: string[] = [];
  const onsetMs: number[] = [];
  const split: string[] = [];
  for (const { name, samples, fromMs, untilMs } of said) {
    const { events, turns } = listen(samples, { assistantSpeaks });
    const start = events.find(({ type }) => type === "speech-started");
    if (start === undefined || start.atMs <= fromMs || start.atMs > untilMs + 100) missed.push(name);
    else onsetMs.push(start.atMs - fromMs);
    // Its last turn ends after it; one that ends before leaves a rest.
    if (turns.some((turn) => turn.type === "turn-ended" && turn.atMs < untilMs)) split.push(name);
  }
  return { missed, onsetMs: onsetMs.toSorted((left, right) => left - right), split };
}

function share(part: readonly unknown[], of: readonly unknown[]): number {
  return part.length / of.length;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}

/** The value that this share of them does not exceed. */
function quantile(sorted: readonly number[], at: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? Infinity;
}

test.skipIf(!isThere)("five minutes of people, noise, coughs, keys and music", async () => {
  const clean = await utterances();
  const even = await utterances({ decibels: 0 });
  const below = await utterances({ decibels: -5 });
  const quiet = await noises();
  const seconds = [...clean, ...even, ...below, ...quiet].reduce((sum, { samples }) => sum + samples.length / 16_000, 0);
  const heard = { clean: hear(clean), even: hear(even), below: hear(below) };
  const interrupting = hear(clean, true);
  const started = quiet.filter(({ samples }) => listen(samples).events.some(({ type }) => type === "speech-started"));

  console.log(
    [
      `${seconds.toFixed(0)} s: ${clean.length} utterances three times, ${quiet.length} noises`,
      `missed: ${percent(share(heard.clean.missed, clean))}; at 0 dB ${percent(share(heard.even.missed, even))}; at -5 dB ${percent(share(heard.below.missed, below))} ${heard.below.missed.join(", ")}`,
      `onset: p50 ${quantile(heard.clean.onsetMs, 0.5).toFixed(0)} ms, p90 ${quantile(heard.clean.onsetMs, 0.9).toFixed(0)} ms`,
      `over the assistant's first words: missed ${percent(share(interrupting.missed, clean))}, p50 ${quantile(interrupting.onsetMs, 0.5).toFixed(0)} ms, p90 ${quantile(interrupting.onsetMs, 0.9).toFixed(0)} ms`,
      `split: ${percent(share(heard.clean.split, clean))}`,
      `started by noise: ${started.length} of ${quiet.length} ${started.map(({ name }) => name).join(", ")}`,
    ].join("\n"),
  );
  expect(seconds).toBeGreaterThan(290);
  expect(quiet).toHaveLength(31);
  expect(heard.clean.missed).toEqual([]);
  expect(share(heard.even.missed, even)).toBeLessThanOrEqual(0.01);
  expect(share(heard.below.missed, below)).toBeLessThanOrEqual(0.06);
  expect(started.length).toBeLessThanOrEqual(1);
  expect(quantile(heard.clean.onsetMs, 0.5)).toBeLessThanOrEqual(150);
  expect(share(heard.clean.split, clean)).toBeLessThanOrEqual(0.01);
});
