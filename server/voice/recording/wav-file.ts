import { RECORDING_RATE, type Recording, type Recordings } from "../../conversation/ports/recordings.ts";
import { SILENCE } from "./mu-law.ts";

const CHANNELS = 2;
const HEADER_BYTES = 58;
/** WAVE_FORMAT_MULAW of RFC 2361. */
const MU_LAW = 7;
const SAMPLES_AT_ONCE = 2 * RECORDING_RATE;

/** A recording as a file that players and browsers know: the customer on the left, the assistant on the right. */
export interface WavFile {
  readonly bytes: number;
  /** The bytes from `from` up to, and without, `to`. */
  read(from: number, to: number): AsyncGenerator<Uint8Array>;
}

export function wavFile(recordings: Pick<Recordings, "read">, recording: Recording): WavFile {
  const samples = Math.floor((recording.durationMs * RECORDING_RATE) / 1000);
  const header = wavHeader(samples);
  const bytes = HEADER_BYTES + samples * CHANNELS;
  return {
    bytes,
    read: async function* (from, to) {
      if (from < HEADER_BYTES) yield header.subarray(from, Math.min(to, HEADER_BYTES));
      const [first, last] = [Math.max(from, HEADER_BYTES) - HEADER_BYTES, Math.min(to, bytes) - HEADER_BYTES];
      for (let place = first; place < last;) {
        const sample = Math.floor(place / CHANNELS);
        const end = Math.min(sample + SAMPLES_AT_ONCE, Math.ceil(last / CHANNELS));
        const audio = await stereo(recordings, recording, sample, end);
        const begin = place - sample * CHANNELS;
        const part = audio.subarray(begin, Math.min(audio.length, last - sample * CHANNELS));
        yield part;
        place += part.length;
      }
    },
  };
}

async function stereo(recordings: Pick<Recordings, "read">, recording: Recording, from: number, to: number): Promise<Uint8Array> {
  const audio = new Uint8Array((to - from) * CHANNELS).fill(SILENCE);
  for (const piece of await recordings.read(recording, from, to)) {
    const channel = piece.side === "customer" ? 0 : 1;
    const [first, last] = [Math.max(from, piece.from), Math.min(to, piece.from + piece.audio.length)];
    for (let sample = first; sample < last; sample += 1) audio[(sample - from) * CHANNELS + channel] = piece.audio[sample - piece.from]!;
  }
  return audio;
}

function wavHeader(samples: number): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES);
  const bytes = samples * CHANNELS;
  header.write("RIFF", 0);
  header.writeUInt32LE(HEADER_BYTES - 8 + bytes, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(18, 16);
  header.writeUInt16LE(MU_LAW, 20);
  header.writeUInt16LE(CHANNELS, 22);
  header.writeUInt32LE(RECORDING_RATE, 24);
  header.writeUInt32LE(RECORDING_RATE * CHANNELS, 28);
  header.writeUInt16LE(CHANNELS, 32);
  header.writeUInt16LE(8, 34);
  // What is not PCM says how many samples each channel has.
  header.write("fact", 38);
  header.writeUInt32LE(4, 42);
  header.writeUInt32LE(samples, 46);
  header.write("data", 50);
  header.writeUInt32LE(bytes, 54);
  return header;
}
