import { InferenceSession, Tensor } from "onnxruntime-web";
import { expect, test } from "vitest";
import { SILERO_MODEL, sileroWeights, voiceWeights } from "../../../scripts/voice-weights.ts";
import { FRAME, Silero } from "../../../voice/activity/silero.ts";
import { readWeights, type SileroWeights } from "../../../voice/activity/silero-layout.ts";
import { hasRecordings, NO_RECORDINGS, recording } from "./recordings.ts";
import { atLevel, cough, looped, pinkNoise, ringTone, whiteNoise } from "./sounds.ts";

const isThere = hasRecordings();
if (!isThere) console.log(`Silero beside its ONNX file on speech is ${NO_RECORDINGS}.`);

const exact = await sileroWeights();
const file = await voiceWeights();
const published = readWeights(file);

/** A hundred and ten pulses a second, and some breath: what a voice is made of, without a mouth. */
function pulses(): Float32Array {
  const pulse = new Float32Array(1);
  pulse[0] = 1;
  const source = looped(pulse, 2, 1 / 110);
  const breath = whiteNoise(2, 5);
  return atLevel(
    source.map((sample, index) => sample + 0.02 * breath[index]!),
    0.1,
  );
}

const computed = {
  "white noise": whiteNoise(2, 1),
  "pink noise": pinkNoise(2, 2),
  cough: cough(2, { seed: 3, width: 400 }),
  "ring tone": ringTone(2),
  pulses: pulses(),
  silence: new Float32Array(16_000),
};

function* framesOf(samples: Float32Array): Generator<Float32Array> {
  for (let at = 0; at + FRAME <= samples.length; at += FRAME) yield samples.subarray(at, at + FRAME);
}

function values(weights: SileroWeights, samples: Float32Array): readonly number[] {
  const silero = new Silero(weights);
  return Array.from(framesOf(samples), (frame) => silero.value(frame));
}

/** What the ONNX file itself says. */
async function onnxValues(samples: Float32Array): Promise<readonly number[]> {
  const session = await InferenceSession.create(SILERO_MODEL, { intraOpNumThreads: 1 });
  const rate = new Tensor("int64", BigInt64Array.of(16_000n));
  let state: Tensor = new Tensor("float32", new Float32Array(256), [2, 1, 128]);
  let before = new Float32Array(64);
  const said: number[] = [];
  for (const frame of framesOf(samples)) {
    const input = Float32Array.of(...before, ...frame);
    const { output, stateN } = await session.run({ input: new Tensor("float32", input, [1, 576]), state, sr: rate });
    if (stateN === undefined || output === undefined) throw new Error("The network has another shape.");
    state = stateN;
    before = input.slice(-64);
    said.push(Number(output.data[0]));
  }
  return said;
}

function largestDifference(left: readonly number[], right: readonly number[]): number {
  return Math.max(...left.map((value, index) => Math.abs(value - right[index]!)));
}

test.each(Object.entries(computed))("%s: each frame has the value of the ONNX file", async (_name, samples) => {
  const said = await onnxValues(samples);
  expect(said.length).toBeGreaterThan(30);
  expect(largestDifference(values(exact, samples), said)).toBeLessThan(1e-5);
  expect(largestDifference(values(published, samples), said)).toBeLessThan(0.05);
});

test.skipIf(!isThere)("so has each of a novel that is read aloud, with the published weights within 0.05", async () => {
  const parts = ["0870", "0880", "0890", "0920", "0930"];
  let [largestExact, largestPublished] = [0, 0];
  for (const part of parts) {
    const samples = await recording(`pocketsphinx/test/data/librivox/sense_and_sensibility_01_austen_64kb-${part}.wav`);
    const said = await onnxValues(samples);
    expect(Math.max(...said)).toBeGreaterThan(0.9);
    largestExact = Math.max(largestExact, largestDifference(values(exact, samples), said));
    largestPublished = Math.max(largestPublished, largestDifference(values(published, samples), said));
  }
  console.log(`beside the ONNX file: exact weights ${largestExact.toExponential(1)}, published ${largestPublished.toFixed(3)}`);
  expect(largestExact).toBeLessThan(1e-5);
  expect(largestPublished).toBeLessThan(0.05);
});

test("what was heard before changes a value, until it is forgotten", () => {
  const silero = new Silero(published);
  const [first, second] = [...framesOf(pulses())];
  const [fresh, after] = [silero.value(first!), silero.value(second!)];
  silero.reset();
  expect(silero.value(second!)).not.toBe(after);
  silero.reset();
  expect(silero.value(first!)).toBe(fresh);
});

test("voices that share their weights do not hear each other", () => {
  const [one, other] = [new Silero(published), new Silero(published)];
  const alone = values(published, pulses());
  const noise = [...framesOf(whiteNoise(2, 9))];
  const together = Array.from(framesOf(pulses()), (frame, index) => {
    other.value(noise[index]!);
    return one.value(frame);
  });
  expect(together).toEqual(alone);
});

test("a sample that is no number is forgotten with the next frame", () => {
  const silero = new Silero(published);
  expect(silero.value(new Float32Array(FRAME).fill(NaN))).toBe(0);
  const frames = [...framesOf(pulses())];
  expect(frames.map((frame) => silero.value(frame))).toEqual(values(published, pulses()));
});

test("a frame of another length, and weights that are not whole, are refused with both numbers", () => {
  expect(() => new Silero(published).value(new Float32Array(480))).toThrow("A frame has 512 samples; this one has 480.");
  expect(() => readWeights(file.subarray(1))).toThrow(`${file.length - 1} bytes, not ${file.length}`);
});
