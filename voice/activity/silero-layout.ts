/**
 * The numbers of the network in the order of the file that the build makes: of each layer one scale and one bias per
 * row, and one gain per input (float32, little-endian); then, after those of all layers, its weights, signed whole
 * numbers of one or two bytes, little-endian. A weight is its number times the scale of its row and the gain of its input.
 *
 * The gains are there for the first layer: its inputs are frequencies, and the highest have weights ten times those of
 * the lowest, which without gains would be rounded to little. The third layer has two bytes, since most of the
 * difference that rounding made came from it.
 */
export const LAYERS = [
  { name: "convolution1", rows: 128, inputs: 129, taps: 3, bytes: 1 },
  { name: "convolution2", rows: 64, inputs: 128, taps: 3, bytes: 1 },
  // The taps that the ONNX file has beside these only ever meet zeros beyond the frame.
  { name: "convolution3", rows: 64, inputs: 64, taps: 2, bytes: 2 },
  { name: "convolution4", rows: 128, inputs: 64, taps: 1, bytes: 1 },
  { name: "lstmInput", rows: 512, inputs: 128, taps: 1, bytes: 1 },
  { name: "lstmState", rows: 512, inputs: 128, taps: 1, bytes: 1 },
  { name: "decision", rows: 1, inputs: 128, taps: 1, bytes: 1 },
] as const satisfies readonly Layout[];

interface Layout {
  readonly name: string;
  readonly rows: number;
  readonly inputs: number;
  /** How many moments of the input a row looks at. */
  readonly taps: number;
  /** Of a weight. */
  readonly bytes: 1 | 2;
}

export type LayerName = (typeof LAYERS)[number]["name"];

/** One layer as it is computed with: `weights` row after row, of each row tap after tap, of each tap input after input. */
export interface Layer {
  readonly weights: Float32Array;
  readonly biases: Float32Array;
}

/** All layers. Read once, and shared by all voices. */
export type SileroWeights = Readonly<Record<LayerName, Layer>>;

const FLOATS = LAYERS.reduce((sum, { rows, inputs }) => sum + 2 * rows + inputs, 0);
const BYTES = LAYERS.reduce((sum, { rows, inputs, taps, bytes }) => sum + rows * inputs * taps * bytes, 0);

/** Reads the file that the build made. Throws where it is not one: a download that broke off, or another version's. */
export function readWeights(file: Uint8Array): SileroWeights {
  const expected = 4 * FLOATS + BYTES;
  if (file.length !== expected)
    throw new Error(`The weights of voice activity have ${file.length} bytes, not ${expected}: not whole, or another version's.`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let floats = 0;
  let at = 4 * FLOATS;
  const read = (length: number): Float32Array => {
    const numbers = Float32Array.from({ length }, (_, index) => view.getFloat32(4 * (floats + index), true));
    floats += length;
    return numbers;
  };
  const layers = LAYERS.map(({ name, rows, inputs, taps, bytes }) => {
    const scales = read(rows);
    const biases = read(rows);
    const gains = read(inputs);
    const weights = new Float32Array(rows * inputs * taps);
    for (let index = 0; index < weights.length; index += 1) {
      const scale = scales[Math.floor(index / (inputs * taps))]! * gains[index % inputs]!;
      weights[index] = scale * (bytes === 1 ? view.getInt8(at) : view.getInt16(at, true));
      at += bytes;
    }
    return [name, { weights, biases }] as const;
  });
  return Object.fromEntries(layers) as Record<LayerName, Layer>;
}
