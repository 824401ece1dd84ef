import { LAYERS, type SileroWeights } from "../voice/activity/silero-layout.ts";

/** Writes the file that `readWeights` reads: each weight becomes the nearest of 255 steps. */
export function writeWeights(layers: SileroWeights): Uint8Array {
  const floats: number[] = [];
  const bytes: number[] = [];
  for (const { name, inputs } of LAYERS) {
    const { weights, biases } = layers[name];
    const gains = name === "convolution1" ? largestOf(weights, inputs, (index) => index % inputs) : new Float32Array(inputs).fill(1);
    const perRow = weights.length / biases.length;
    const even = weights.map((weight, index) => weight / gains[index % inputs]!);
    const scales = largestOf(even, biases.length, (index) => Math.floor(index / perRow)).map((largest) => largest / 127);
    floats.push(...scales, ...biases, ...gains);
    for (const [index, weight] of even.entries()) bytes.push(Math.round(weight / scales[Math.floor(index / perRow)]!));
  }
  const file = new Uint8Array(4 * floats.length + bytes.length);
  const view = new DataView(file.buffer);
  for (const [index, number] of floats.entries()) view.setFloat32(4 * index, number, true);
  for (const [index, byte] of bytes.entries()) view.setInt8(4 * floats.length + index, byte);
  return file;
}

/** The largest size of the weights of each group; one where all are zero. */
function largestOf(weights: Float32Array, count: number, groupOf: (index: number) => number): Float32Array {
  const largest = new Float32Array(count);
  for (const [index, weight] of weights.entries()) largest[groupOf(index)] = Math.max(largest[groupOf(index)]!, Math.abs(weight));
  return largest.map((size) => size || 1);
}
