/** Programs that speak and hear, from Debian's packages: unpacked, not installed. */
import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { fetchDebianPackages, libraryFolders } from "./debian-packages.ts";
import { wavOf } from "../../server/speech/wires/wav.ts";

const run = promisify(execFile);
const unpacked = fileURLToPath(new URL("../.artifacts/speech-programs", import.meta.url));
const ROOTS = ["", unpacked];
const PACKAGES = [
  "flite",
  "libflite1",
  "libasound2",
  "pocketsphinx",
  "pocketsphinx-en-us",
  "libpocketsphinx3",
  "libsphinxbase3",
  "libpulse0",
  "libblas3",
  "liblapack3",
  "libgfortran5",
  "libsndfile1",
  "libasyncns0",
];

export const NO_SPEECH_PROGRAMS = "There are no flite and pocketsphinx_continuous. Install them, or run npm test, which fetches Debian's.";

export interface SpeechPrograms {
  readonly flite: string;
  readonly pocketsphinx: string;
  /** The folder of pocketsphinx' English model. */
  readonly model: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Undefined: there are none that run. */
export function findSpeechPrograms(): SpeechPrograms | undefined {
  const find = (path: string): string | undefined => ROOTS.map((root) => `${root}${path}`).find((one) => existsSync(one));
  const flite = find("/usr/bin/flite");
  const pocketsphinx = find("/usr/bin/pocketsphinx_continuous");
  const model = find("/usr/share/pocketsphinx/model/en-us");
  if (flite === undefined || pocketsphinx === undefined || model === undefined) return undefined;
  const env = { ...process.env, LD_LIBRARY_PATH: libraryFolders(unpacked).join(":") };
  const starts = [flite, pocketsphinx].every((program) => spawnSync(program, ["--help"], { env }).status !== 127);
  return starts ? { flite, pocketsphinx, model, env } : undefined;
}

/** Fetches Debian's where there are none and the system has such packages. Never throws: a test says what it misses. */
export function fetchSpeechPrograms(): void {
  if (findSpeechPrograms() !== undefined) return;
  fetchDebianPackages(unpacked, (unpack) => {
    // Where a library has another name in this system's version, it is mostly installed.
    for (const name of PACKAGES) unpack(name);
    return findSpeechPrograms() !== undefined;
  });
}

/** An audio server of OpenAI's format: flite speaks (16 kHz), pocketsphinx hears, English both. */
export interface AudioServer {
  /** Ends with `/v1`. */
  readonly url: string;
  /** Hears only these sentences from now on; without them, free dictation. */
  hearOnly(sentences?: readonly string[]): void;
  /** What it heard so far. */
  readonly heard: readonly string[];
  close(): Promise<void>;
}

export async function startAudioServer(programs: SpeechPrograms): Promise<AudioServer> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-speech-"));
  let files = 0;
  let only: readonly string[] | undefined;
  const heard: string[] = [];
  const server = createServer((request, response) => {
    const path = (): string => join(folder, `${++files}.wav`);
    const answer =
      request.url === "/v1/audio/speech"
        ? speech(request, response, path(), programs)
        : hear(request, response, path(), { ...programs, only, heard });
    answer.catch((error: unknown) => response.writeHead(500).end(JSON.stringify({ error: { message: String(error) } })));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    hearOnly: (sentences) => (only = sentences),
    heard,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A WAV file in which somebody says this. */
export async function sayInto(
  path: string,
  text: string,
  { flite, env }: Pick<SpeechPrograms, "flite" | "env">,
  voice = "slt",
): Promise<void> {
  await run(flite, ["-voice", voice, "-t", text, "-o", path], { env });
}

async function speech(request: IncomingMessage, response: ServerResponse, path: string, { flite, env }: SpeechPrograms): Promise<void> {
  const { input, voice, response_format: format } = JSON.parse((await bodyOf(request)).toString("utf8")) as Record<string, string>;
  await sayInto(path, input ?? "", { flite, env }, voice || "slt");
  const wav = await readFile(path);
  const samples = wav.subarray(wav.indexOf("data") + 8);
  response.writeHead(200, { "content-type": format === "pcm" ? "audio/pcm" : "audio/wav" }).end(format === "pcm" ? samples : wav);
}

interface Ears extends SpeechPrograms {
  readonly only: readonly string[] | undefined;
  readonly heard: string[];
}

async function hear(request: IncomingMessage, response: ServerResponse, path: string, ears: Ears): Promise<void> {
  const body = await bodyOf(request);
  const from = body.indexOf("RIFF");
  const samples = body.subarray(from + 44, body.lastIndexOf("\r\n--"));
  await writeFile(path, wavOf(samples, 16_000));
  const { pocketsphinx, model, env, only, heard } = ears;
  const grammar = `${path}.jsgf`;
  if (only !== undefined) await writeFile(grammar, `#JSGF V1.0;\ngrammar said;\npublic <said> = ${only.join(" | ")};\n`);
  const language = only === undefined ? { "-lm": `${model}/en-us.lm.bin` } : { "-jsgf": grammar };
  const names = { "-hmm": `${model}/en-us`, ...language, "-dict": `${model}/cmudict-en-us.dict` };
  const { stdout } = await run(pocketsphinx, ["-infile", path, ...Object.entries(names).flat(), "-logfn", "/dev/null"], { env });
  const text = stdout.replaceAll(/\s+/g, " ").trim();
  heard.push(text);
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ text }));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
