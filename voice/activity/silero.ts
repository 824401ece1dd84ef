import type { Layer, SileroWeights } from "./silero-layout.ts";
import { BINS, twoSpectra, WINDOW } from "./spectrum.ts";

/** Samples per second of all that is listened to. */
export const SAMPLE_RATE = 16_000;
/** Samples of a frame. */
export const FRAME = 512;
export const FRAME_MS = (FRAME / SAMPLE_RATE) * 1000;

/** Samples of the frame before that the network hears again. Without them it hears nothing at all. */
const BEFORE = 64;
const HOP = WINDOW / 2;
const HEARD = BEFORE + FRAME;
/** Spectra of a frame. */
const MOMENTS = 4;
const UNITS = 128;

/** What judges a frame: how much it sounds like speech, from 0 to 1. It remembers what it heard before. */
export interface VoiceModel {
  value(frame: Float32Array): number;
  /** Forgets what it heard: the audio has a gap. */
  reset(): void;
}

/**
 * Silero VAD v6 for 16 kHz, as its ONNX file computes it: the magnitudes of four spectra, four convolutions, an LSTM, and
 * one decision. Allocates nothing after it is made. One for each voice: it remembers what it heard.
 */
export class Silero implements VoiceModel {
  readonly #weights: SileroWeights;
  readonly #samples = new Float32Array(HEARD + BEFORE);
  // One row for each moment, between two rows of zeros, which the convolution after it sees beyond the frame.
  readonly #spectra = new Float32Array((MOMENTS + 2) * BINS);
  readonly #convolutions: readonly Convolution[];
  readonly #convolved: Float32Array;
  readonly #gates = new Float32Array(4 * UNITS);
  readonly #hidden = new Float32Array(UNITS);
  readonly #cell = new Float32Array(UNITS);

  constructor(weights: SileroWeights) {
    this.#weights = weights;
    const { convolution1, convolution2, convolution3, convolution4 } = weights;
    const first = new Float32Array((MOMENTS + 2) * 128);
    const second = new Float32Array(2 * 64);
    const third = new Float32Array(64);
    const fourth = new Float32Array(UNITS);
    const row = (numbers: Float32Array, size: number, from: number, count = 1): Float32Array =>
      numbers.subarray(from * size, (from + count) * size);
    this.#convolutions = [
      ...[0, 1, 2, 3].map((at) => ({ layer: convolution1, input: row(this.#spectra, BINS, at, 3), output: row(first, 128, at + 1) })),
      // From here on every second moment is left out: the second sees two of four, the third the first of two.
      ...[0, 1].map((at) => ({ layer: convolution2, input: row(first, 128, 2 * at, 3), output: row(second, 64, at) })),
      { layer: convolution3, input: second, output: third },
      { layer: convolution4, input: third, output: fourth },
    ];
    this.#convolved = fourth;
  }

  /** @param frame {@link FRAME} samples from -1 to 1 at {@link SAMPLE_RATE}, right after those of the last call */
  value(frame: Float32Array): number {
    if (frame.length !== FRAME) throw new Error(`A frame has ${FRAME} samples; this one has ${frame.length}.`);
    this.#hear(frame);
    for (const convolution of this.#convolutions) convolve(convolution);
    this.#remember();
    const value = this.#decide();
    if (!Number.isNaN(value)) return value;
    // A sample that is no number would stay in what it remembers for ever.
    this.reset();
    return 0;
  }

  reset(): void {
    this.#samples.fill(0);
    this.#hidden.fill(0);
    this.#cell.fill(0);
  }

  /** The spectra of the frame, with the end of the one before and, mirrored, its own end. */
  #hear(frame: Float32Array): void {
    const samples = this.#samples;
    samples.copyWithin(0, FRAME, HEARD);
    samples.set(frame, BEFORE);
    for (let index = 0; index < BEFORE; index += 1) samples[HEARD + index] = samples[HEARD - 2 - index]!;
    for (let moment = 0; moment < MOMENTS; moment += 2) twoSpectra(samples, moment * HOP, this.#spectra, (moment + 1) * BINS);
  }

  /** The LSTM; its gates are in PyTorch's order: input, forget, cell, output. */
  #remember(): void {
    const { lstmInput, lstmState } = this.#weights;
    const gates = this.#gates;
    for (let gate = 0; gate < gates.length; gate += 1) gates[gate] = lstmInput.biases[gate]! + lstmState.biases[gate]!;
    multiply(lstmInput.weights, this.#convolved, gates);
    multiply(lstmState.weights, this.#hidden, gates);
    for (let unit = 0; unit < UNITS; unit += 1) {
      const kept = sigmoid(gates[UNITS + unit]!) * this.#cell[unit]!;
      const cell = kept + sigmoid(gates[unit]!) * Math.tanh(gates[2 * UNITS + unit]!);
      this.#cell[unit] = cell;
      this.#hidden[unit] = sigmoid(gates[3 * UNITS + unit]!) * Math.tanh(cell);
    }
  }

  #decide(): number {
    const { weights, biases } = this.#weights.decision;
    let sum = biases[0]!;
    for (let unit = 0; unit < UNITS; unit += 1) sum += weights[unit]! * Math.max(0, this.#hidden[unit]!);
    return sigmoid(sum);
  }
}

/** One moment of one convolution: views into what is before it and after it. */
interface Convolution {
  readonly layer: Layer;
  readonly input: Float32Array;
  readonly output: Float32Array;
}

function convolve({ layer, input, output }: Convolution): void {
  output.set(layer.biases);
  multiply(layer.weights, input, output);
  for (let row = 0; row < output.length; row += 1) if (output[row]! < 0) output[row] = 0;
}

/**
 * Adds the input times its row of weights to each number of the output. Four rows at once: their sums do not wait for
 * each other, and each input is read once for all. So the output's length has to be a multiple of four.
 */
function multiply(weights: Float32Array, input: Float32Array, output: Float32Array): void {
  const length = input.length;
  for (let row = 0; row < output.length; row += 4) {
    const first = row * length;
    const second = first + length;
    const third = second + length;
    const fourth = third + length;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let index = 0; index < length; index += 1) {
      const number = input[index]!;
      sum0 += weights[first + index]! * number;
      sum1 += weights[second + index]! * number;
      sum2 += weights[third + index]! * number;
      sum3 += weights[fourth + index]! * number;
    }
    output[row] = output[row]! + sum0;
    output[row + 1] = output[row + 1]! + sum1;
    output[row + 2] = output[row + 2]! + sum2;
    output[row + 3] = output[row + 3]! + sum3;
  }
}

function sigmoid(number: number): number {
  return 1 / (1 + Math.exp(-number));
}
