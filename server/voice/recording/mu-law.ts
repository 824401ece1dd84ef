/**
 * ITU-T G.711 µ-law: a sample of 16 bits as one byte, with steps that grow with it. Speech keeps 36 to 38 dB between
 * itself and what is lost.
 */
const BIAS = 0x84;
const LOUDEST = 0x7fff - BIAS;
/** What nobody hears. */
export const SILENCE = 0xff;

const BYTES = Uint8Array.from({ length: 0x1_0000 }, (_, sample) => encoded((sample << 16) >> 16));
const SAMPLES = Int16Array.from({ length: 0x100 }, (_, byte) => decoded(byte));

/** Of 16-bit PCM, little endian. Half a sample at the end is left. */
export function toMuLaw(pcm16: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pcm16.length >> 1);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = BYTES[pcm16[2 * index]! | (pcm16[2 * index + 1]! << 8)]!;
  return bytes;
}

/** As 16-bit PCM, little endian. */
export function fromMuLaw(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const pcm16 = new DataView(new ArrayBuffer(2 * bytes.length));
  for (const [index, byte] of bytes.entries()) pcm16.setInt16(2 * index, SAMPLES[byte]!, true);
  return new Uint8Array(pcm16.buffer);
}

function encoded(sample: number): number {
  const biased = Math.min(Math.abs(sample), LOUDEST) + BIAS;
  const exponent = 24 - Math.clz32(biased);
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | ((biased >> (exponent + 3)) & 0x0f)) & 0xff;
}

function decoded(byte: number): number {
  const bits = ~byte & 0xff;
  const size = ((((bits & 0x0f) << 3) + BIAS) << ((bits >> 4) & 0x07)) - BIAS;
  return (bits & 0x80) === 0 ? size : -size;
}
