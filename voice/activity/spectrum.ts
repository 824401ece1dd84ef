/** How many samples one spectrum is made of. */
export const WINDOW = 256;
/** Frequencies of a spectrum: from 0 Hz to half of the sample rate. */
export const BINS = WINDOW / 2 + 1;

/** A von Hann window, as of a signal that repeats. */
const HANN = Float64Array.from({ length: WINDOW }, (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / WINDOW));
/** Of the first half of a circle. */
const COSINE = Float64Array.from({ length: WINDOW / 2 }, (_, index) => Math.cos((2 * Math.PI * index) / WINDOW));
const SINE = Float64Array.from({ length: WINDOW / 2 }, (_, index) => Math.sin((2 * Math.PI * index) / WINDOW));
/** Where each sample goes before the first step: its index with the bits turned round. */
const PLACE = Uint8Array.from({ length: WINDOW }, (_, index) => {
  let turned = 0;
  for (let bit = 1; bit < WINDOW; bit *= 2) turned = turned * 2 + (index & bit ? 1 : 0);
  return turned;
});
// Filled anew by each call: nothing waits between its beginning and its end.
const real = new Float64Array(WINDOW);
const imaginary = new Float64Array(WINDOW);

/**
 * The magnitudes of two spectra at once, by one Fourier transform: the first window's samples are the real part, the
 * second's the imaginary part.
 *
 * @param samples holds both windows: the second begins half a window after the first
 * @param from where the first begins
 * @param into gets {@link BINS} magnitudes of each, from `at` on
 */
export function twoSpectra(samples: Float32Array, from: number, into: Float32Array, at: number): void {
  for (let index = 0; index < WINDOW; index += 1) {
    const place = PLACE[index]!;
    real[place] = samples[from + index]! * HANN[index]!;
    imaginary[place] = samples[from + WINDOW / 2 + index]! * HANN[index]!;
  }
  transform();
  for (let bin = 0; bin < BINS; bin += 1) {
    const mirrored = (WINDOW - bin) % WINDOW;
    const firstReal = real[bin]! + real[mirrored]!;
    const firstImaginary = imaginary[bin]! - imaginary[mirrored]!;
    const secondReal = imaginary[bin]! + imaginary[mirrored]!;
    const secondImaginary = real[mirrored]! - real[bin]!;
    into[at + bin] = 0.5 * Math.sqrt(firstReal * firstReal + firstImaginary * firstImaginary);
    into[at + BINS + bin] = 0.5 * Math.sqrt(secondReal * secondReal + secondImaginary * secondImaginary);
  }
}

/** Cooley and Tukey's fast Fourier transform, in place. */
function transform(): void {
  for (let half = 1; half < WINDOW; half *= 2) {
    const step = WINDOW / (2 * half);
    for (let low = 0; low < WINDOW; low += (low + 1) % half === 0 ? half + 1 : 1) {
      const high = low + half;
      const cosine = COSINE[(low % half) * step]!;
      const sine = SINE[(low % half) * step]!;
      const turnedReal = real[high]! * cosine + imaginary[high]! * sine;
      const turnedImaginary = imaginary[high]! * cosine - real[high]! * sine;
      real[high] = real[low]! - turnedReal;
      imaginary[high] = imaginary[low]! - turnedImaginary;
      real[low] = real[low]! + turnedReal;
      imaginary[low] = imaginary[low]! + turnedImaginary;
    }
  }
}
