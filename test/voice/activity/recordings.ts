import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FLACDecoder } from "@wasm-audio-decoders/flac";
import { fromPcm16 } from "../../../voice/activity/pcm16.ts";
import { Resampler } from "../../../voice/activity/resampler.ts";
import { fetchDebianPackages } from "../../support/debian-packages.ts";

/** Recordings of people, keys and music from Debian's packages, unpacked. They are fetched, and not kept with the code. */
const unpacked = fileURLToPath(new URL("../../.artifacts/recordings", import.meta.url));
/** A package, and a file by which one sees that it is there. */
const PACKAGES: Readonly<Record<string, string>> = {
  "asterisk-core-sounds-en-wav": "usr/share/asterisk/sounds/en_US_f_Allison/vm-intro.wav",
  "asterisk-core-sounds-fr-wav": "usr/share/asterisk/sounds/fr_CA_f_June/vm-intro.wav",
  "asterisk-core-sounds-ru-wav": "usr/share/asterisk/sounds/ru_RU_f_IvrvoiceRU/vm-intro.wav",
  "pocketsphinx-testdata": "usr/share/pocketsphinx/test/data/cards/001.wav",
  "bucklespring-data": "usr/share/buckle/wav/1e-0.wav",
  "sonic-pi-samples": "usr/share/sonic-pi/samples/loop_amen.flac",
};

export const NO_RECORDINGS = "skipped: the recordings are missing. npm test fetches them, from Debian's packages, where there is apt-get";

/** Whether all of them are there. */
export function hasRecordings(): boolean {
  return missing().length === 0;
}

/** Fetches those that are missing, where the system has such packages. Never throws: a test says what it misses. */
export function fetchRecordings(): void {
  if (missing().length > 0) fetchDebianPackages(unpacked, (unpack) => missing().map(unpack).every(Boolean));
}

function missing(): string[] {
  return Object.keys(PACKAGES).filter((name) => !existsSync(join(unpacked, PACKAGES[name]!)));
}

/** A recording at 16 kHz, one channel. `path` is below `usr/share`. */
export async function recording(path: string): Promise<Float32Array> {
  const file = readFileSync(join(unpacked, "usr/share", path));
  const { rate, channels } = path.endsWith(".flac") ? await readFlac(file) : readWav(file);
  return new Resampler(rate).resample(channels);
}

interface Sound {
  readonly rate: number;
  readonly channels: readonly Float32Array[];
}

async function readFlac(file: Uint8Array): Promise<Sound> {
  const decoder = new FLACDecoder();
  await decoder.ready;
  try {
    const { channelData, sampleRate } = await decoder.decodeFile(file);
    return { rate: sampleRate, channels: channelData };
  } finally {
    decoder.free();
  }
}

/** A file of 16-bit PCM, one channel; without a header it has 16 kHz. */
function readWav(file: Buffer): Sound {
  if (file.toString("latin1", 0, 4) !== "RIFF") return { rate: 16_000, channels: [fromPcm16(file)] };
  const data = file.indexOf("data", 12, "latin1");
  if (file.readUInt16LE(20) !== 1 || file.readUInt16LE(34) !== 16 || data < 0) throw new Error("This is no WAV file of 16-bit PCM.");
  const samples = fromPcm16(file.subarray(data + 8, data + 8 + (Math.min(file.readUInt32LE(data + 4), file.length - data - 8) & ~1)));
  const count = file.readUInt16LE(22);
  const channels = Array.from({ length: count }, (_, channel) => samples.filter((_sample, index) => index % count === channel));
  return { rate: file.readUInt32LE(24), channels };
}
