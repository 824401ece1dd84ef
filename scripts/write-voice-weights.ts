import { LAYERS, type SileroWeights } from "../voice/activity/silero-layout.ts";

/**
 * How much of the difference between inputs their gains take up. With all of it, a row of small weights is rounded by
 * its largest; three quarters came out best.
 */
const GAIN_POWER = 0.75;

/** Writes the file that `readWeights` reads: each weight becomes the nearest of 255 or 65,535 steps. */
export function writeWeights(layers: SileroWeights): Uint8Array {
  const floats: number[] = [];
  const numbers: { readonly value: number; readonly bytes: 1 | 2 }[] = [];
  for (const { name, inputs, bytes } of LAYERS) {
    const { weights, biases } = layers[name];
    const largest = largestOf(weights, inputs, (index) => index % inputs);
    const gains = largest.map((size) => (name === "convolution1" ? size ** GAIN_POWER : 1));
    const perRow = weights.length / biases.length;
    const even = weights.map((weight, index) => weight / gains[index % inputs]!);
    const steps = 2 ** (8 * bytes - 1) - 1;
    const scales = largestOf(even, biases.length, (index) => Math.floor(index / perRow)).map((size) => size / steps);
    floats.push(...scales, ...biases, ...gains);
    for (const [index, weight] of even.entries()) {
      const value = Math.round(weight / scales[Math.floor(index / perRow)]!);
      numbers.push({ value: Math.max(-steps, Math.min(steps, value)), bytes });
    }
  }
  const file = new Uint8Array(4 * floats.length + numbers.reduce((sum, { bytes }) => sum + bytes, 0));
  const view = new DataView(file.buffer);
  for (const [index, number] of floats.entries()) view.setFloat32(4 * index, number, true);
  let at = 4 * floats.length;
  for (const { value, bytes } of numbers) {
    if (bytes === 1) view.setInt8(at, value);
    else view.setInt16(at, value, true);
    at += bytes;
  }
  return file;
}

/** The largest size of the weights of each group; one where all are zero. */
function largestOf(weights: Float32Array, count: number, groupOf: (index: number) => number): Float32Array {
  const largest = new Float32Array(count);
  for (const [index, weight] of weights.entries()) largest[groupOf(index)] = Math.max(largest[groupOf(index)]!, Math.abs(weight));
  return largest.map((size) => size || 1);
}
