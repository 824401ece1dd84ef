import { describe, expect, test } from "vitest";
import { JitterBuffer } from "../../../voice/worklet/jitter-buffer.ts";

const RATE = 48_000;
const QUANTUM = 128;
const PIECE_MS = 20;
const PIECE = (RATE * PIECE_MS) / 1000;

/** Low tones that never repeat together: where a piece is left out, its ends do not fit. */
function chord(ms: number): Float32Array {
  return Float32Array.from({ length: (ms * RATE) / 1000 }, (_, index) => {
    const turns = (2 * Math.PI * index) / RATE;
    return 0.2 * (Math.sin(61 * turns) + Math.sin(97 * turns) + Math.sin(151 * turns));
  });
}

/** A voice of 150 Hz with overtones, with pauses or without. */
function voice(ms: number, { pauses = false }: { readonly pauses?: boolean } = {}): Float32Array {
  return Float32Array.from({ length: (ms * RATE) / 1000 }, (_, index) => {
    const seconds = index / RATE;
    if (pauses && seconds % 1 > 0.7) return 0;
    const phase = 2 * Math.PI * 150 * seconds;
    return 0.3 * Math.sin(phase) + 0.15 * Math.sin(2 * phase + 1) + 0.05 * Math.sin(7 * phase);
  });
}

/** The greatest step from one sample to the next: a click is far more than a voice has. */
function steepest(samples: Float32Array, before = 0): number {
  return samples.reduce((most, sample, index) => Math.max(most, Math.abs(sample - (samples[index - 1] ?? before))), 0);
}

interface Moment {
  readonly atMs: number;
  readonly bufferMs: number;
  readonly placeMs: number;
}

/** Plays for so long; `arrives` says when a piece comes that was sent at a time. */
function play(buffer: JitterBuffer, sound: Float32Array, ms: number, arrives: (sentMs: number) => number) {
  const output = new Float32Array(Math.floor((ms * RATE) / 1000 / QUANTUM) * QUANTUM);
  const moments: Moment[] = [];
  let sent = 0;
  for (let at = 0; at < output.length; at += QUANTUM) {
    const atMs = (at / RATE) * 1000;
    for (; sent < sound.length && arrives((sent / RATE) * 1000) <= atMs; sent += PIECE)
      buffer.push(sound.slice(sent, sent + PIECE), (sent / RATE) * 1000);
    buffer.read(output.subarray(at, at + QUANTUM));
    moments.push({ atMs, bufferMs: buffer.bufferMs, placeMs: buffer.placeMs });
  }
  return { output, moments };
}

/** As it is captured, but nothing comes between 2 s and 2.3 s; then all of it does. */
const stalled = (sentMs: number): number => (sentMs > 2000 && sentMs < 2300 ? 2300 : sentMs);

describe("a live sound", () => {
  test("begins with 60 ms in hand, and is played as it is, but for its first 3 ms", () => {
    const sound = voice(1000);
    const { output } = play(new JitterBuffer(RATE), sound, 1000, (sentMs) => sentMs);
    const first = output.findIndex((sample) => sample !== 0);
    expect((first / RATE) * 1000).toBeGreaterThan(38);
    expect((first / RATE) * 1000).toBeLessThan(50);
    const begin = Math.floor(first / QUANTUM) * QUANTUM;
    expect(output.slice(begin + 144)).toEqual(sound.slice(144, output.length - begin));
    expect(steepest(output)).toBeLessThanOrEqual(steepest(sound));
  });

  test.each([{ pauses: false }, { pauses: true }])("after a stall of 300 ms is less than 100 ms late within 3 s (%o)", (kind) => {
    const sound = voice(8000, kind);
    const buffer = new JitterBuffer(RATE);
    const { output, moments } = play(buffer, sound, 8000, stalled);
    expect(buffer.underruns).toBe(1);
    expect(buffer.underrunMs).toBeGreaterThan(220);
    expect(buffer.underrunMs).toBeLessThan(260);
    const after = moments.filter(({ atMs }) => atMs > 2300);
    expect(after[0]!.bufferMs).toBeGreaterThan(280);
    expect(after.find(({ bufferMs }) => bufferMs < 100)!.atMs).toBeLessThan(5300);
    expect(Math.max(...after.filter(({ atMs }) => atMs > 5300).map(({ bufferMs }) => bufferMs))).toBeLessThan(100);
    // It did not become higher.
    if (!kind.pauses) expect(risesPerSecond(output, 2500, 4500)).toBeCloseTo(150, -1);
  });

  test("has no click where it runs out, begins again and is shortened", () => {
    const sound = chord(6000);
    const { output } = play(new JitterBuffer(RATE), sound, 6000, stalled);
    expect(steepest(output)).toBeLessThan(1.5 * steepest(sound));
  });

  test("has its places where it was shortened too", () => {
    const buffer = new JitterBuffer(RATE);
    const { moments } = play(buffer, voice(8000), 7900, stalled);
    const { atMs, placeMs, bufferMs } = moments.at(-1)!;
    // What was sent by now, less what still waits: pieces are of 20 ms.
    expect(Math.abs(atMs - placeMs - bufferMs)).toBeLessThan(2 * PIECE_MS);
    for (const [index, moment] of moments.entries()) expect(moment.placeMs).toBeGreaterThanOrEqual(moments[index - 1]?.placeMs ?? 0);
  });

  test("keeps more in hand after a stall, for a while", () => {
    const buffer = new JitterBuffer(RATE);
    const { moments } = play(buffer, voice(12_000), 12_000, (sentMs) => (sentMs > 2000 ? Math.max(sentMs, 2300) : sentMs));
    expect(buffer.underruns).toBe(1);
    expect(moments.at(-1)!.bufferMs).toBeLessThan(100);
  });
});

/** How often a second it rises through zero. */
function risesPerSecond(samples: Float32Array, fromMs: number, untilMs: number): number {
  const heard = samples.subarray((fromMs * RATE) / 1000, (untilMs * RATE) / 1000);
  const rises = heard.filter((sample, index) => index > 0 && heard[index - 1]! < 0 && sample >= 0).length;
  return (rises * 1000) / (untilMs - fromMs);
}

test("a sound that was sent ahead is played as it is, all of it", () => {
  const sound = voice(5000);
  const { output } = play(new JitterBuffer(RATE), sound, 4900, () => 0);
  expect(output.slice(144)).toEqual(sound.slice(144, output.length));
});

test("a stall of a sound that comes faster than it is played costs no more than its own length", () => {
  const sound = voice(4000);
  const buffer = new JitterBuffer(RATE);
  // 100 ms are played, nothing for 300 ms, and then the rest is there: without the stall it would be at 3.9 s.
  const { moments } = play(buffer, sound, 3900, (sentMs) => (sentMs < 100 ? 0 : 400));
  expect(buffer.underruns).toBe(1);
  expect(moments.at(-1)!.placeMs).toBeGreaterThan(3880);
  expect(moments.at(-1)!.placeMs).toBeLessThan(3920);
});

test("what was late is forgotten with the end: what is sent after it is played as it is", () => {
  const buffer = new JitterBuffer(RATE);
  play(buffer, voice(400), 600, (sentMs) => (sentMs < 100 ? 0 : 500));
  buffer.end(400);
  play(buffer, new Float32Array(0), 500, () => 0);
  const sound = voice(2000);
  const { output } = play(buffer, sound, 1900, () => 0);
  expect(output.slice(144)).toEqual(sound.slice(144, output.length));
});

describe("an end", () => {
  test("is played to, though less is there than a beginning needs, and is no underrun", () => {
    const buffer = new JitterBuffer(RATE);
    const sound = chord(30);
    buffer.push(sound, 500);
    buffer.end(530.01);
    const { output } = play(buffer, new Float32Array(0), 100, () => 0);
    expect(output.findIndex((sample) => sample !== 0)).toBeLessThan(QUANTUM);
    expect(output.slice(sound.length).every((sample) => sample === 0)).toBe(true);
    expect(steepest(output)).toBeLessThanOrEqual(1.5 * steepest(sound));
    expect([buffer.isPlaying, buffer.underruns, buffer.placeMs]).toEqual([false, 0, 530.01]);
  });

  test("that comes after everything was played counts no more as a stall", () => {
    const buffer = new JitterBuffer(RATE);
    play(buffer, voice(200), 400, () => 0);
    const { underrunMs } = buffer;
    expect(underrunMs).toBeGreaterThan(150);
    buffer.end(200);
    play(buffer, new Float32Array(0), 400, () => 0);
    expect(buffer.underrunMs).toBe(underrunMs);
    expect(buffer.placeMs).toBe(200);
  });

  test("of what was dropped moves nothing", () => {
    const buffer = new JitterBuffer(RATE);
    play(buffer, voice(1000), 300, () => 0);
    const untilMs = buffer.flush();
    buffer.end(1000);
    expect(buffer.placeMs).toBe(untilMs);
  });

  test("is followed by the next sound without a pause, if that is there", () => {
    const buffer = new JitterBuffer(RATE);
    const sound = voice(400);
    buffer.push(sound.slice(0, sound.length / 2), 0);
    buffer.end(200);
    buffer.push(sound.slice(sound.length / 2), 200);
    buffer.end(400);
    const { output } = play(buffer, new Float32Array(0), 300, () => 0);
    expect(output.slice(144)).toEqual(sound.slice(144, output.length));
  });
});

describe("a flush", () => {
  test("is silent after 3 ms, without a click, and says where", () => {
    const buffer = new JitterBuffer(RATE);
    const sound = chord(1000);
    play(buffer, sound, 300, () => 0);
    const before = buffer.placeMs;
    const untilMs = buffer.flush();
    const { output } = play(buffer, new Float32Array(0), 50, () => 0);
    expect(untilMs - before).toBeCloseTo(3, 3);
    expect(output.slice(144).every((sample) => sample === 0)).toBe(true);
    expect(steepest(output, sound[Math.round((before * RATE) / 1000) - 1])).toBeLessThan(1.5 * steepest(sound));
    expect(buffer.underruns).toBe(0);
  });

  test("does not swallow what comes after it", () => {
    const buffer = new JitterBuffer(RATE);
    const heard = play(buffer, chord(1000), 300, () => 0).output;
    buffer.flush();
    const next = chord(100);
    buffer.push(next, 2000);
    buffer.end(2100);
    const { output } = play(buffer, new Float32Array(0), 200, () => 0);
    expect(steepest(output, heard.at(-1))).toBeLessThan(1.5 * steepest(next));
    expect(buffer.placeMs).toBe(2100);
  });

  test("of what was not begun drops it, and leaves the place", () => {
    const buffer = new JitterBuffer(RATE);
    buffer.push(voice(20), 700);
    expect(buffer.flush()).toBe(0);
    const { output } = play(buffer, new Float32Array(0), 200, () => 0);
    expect(output.every((sample) => sample === 0)).toBe(true);
  });
});
