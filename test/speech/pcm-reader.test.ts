import { expect, test } from "vitest";
import { PcmReader } from "../../server/speech/wires/pcm-reader.ts";
import { wavOf } from "../../server/speech/wires/wav.ts";
import { countedPcm } from "./speech-ports.ts";

const PCM = countedPcm(1_000);

/** Read in pieces of `size` bytes. */
function read(body: Buffer, type: string, size = 7) {
  const reader = new PcmReader("The engine", { "content-type": type }, 24_000);
  const audio = [];
  for (let at = 0; at < body.length; at += size) audio.push(...reader.push(body.subarray(at, at + size)));
  audio.push(...reader.end());
  expect(audio.filter(({ pcm }) => pcm.length === 0 || pcm.length % 2 === 1)).toEqual([]);
  return { pcm: Buffer.concat(audio.map(({ pcm }) => pcm)), rates: [...new Set(audio.map((one) => one.sampleRate))] };
}

test.each([
  ["audio/pcm", 24_000],
  ["audio/mpeg", 24_000],
  ["application/octet-stream", 24_000],
  ["", 24_000],
  ["audio/L16;rate=16000;channels=1", 16_000],
])("raw PCM is read whatever its type: %s", (type, rate) => {
  expect(read(PCM, type)).toEqual({ pcm: PCM, rates: [rate] });
});

test("a WAV is read with its own rate, also one whose sizes nobody knew, with other chunks before its samples", () => {
  expect(read(wavOf(PCM, 22_050), "audio/wav")).toEqual({ pcm: PCM, rates: [22_050] });
  const streamed = wavOf(PCM, 8_000);
  streamed.writeUInt32LE(0xff_ff_ff_ff, 4);
  streamed.writeUInt32LE(0xff_ff_ff_ff, 40);
  const list = Buffer.from("LIST\u0005\0\0\0INFO!\0", "latin1");
  const chunked = Buffer.concat([streamed.subarray(0, 36), list, streamed.subarray(36)]);
  expect(read(chunked, "audio/pcm", 1)).toEqual({ pcm: PCM, rates: [8_000] });
});

test("half a sample at the end is left out", () => {
  expect(read(PCM.subarray(0, 999), "audio/pcm").pcm).toEqual(PCM.subarray(0, 998));
});

const stereo = wavOf(PCM, 16_000);
stereo.writeUInt16LE(2, 22);

test.each<[string, Buffer, string, RegExp]>([
  ["an MP3 with a tag", Buffer.concat([Buffer.from("ID3"), PCM]), "audio/pcm", /bad-audio: .*an MP3 instead of PCM. Set the engine to PCM/],
  ["an MP3 without one", Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0]), PCM]), "audio/mpeg", /bad-audio: .*an MP3/],
  ["Ogg", Buffer.concat([Buffer.from("OggS"), PCM]), "audio/pcm", /bad-audio: .*Ogg/],
  ["FLAC", Buffer.concat([Buffer.from("fLaC"), PCM]), "", /bad-audio: .*FLAC/],
  ["two channels", stereo, "audio/wav", /bad-audio: .*2 channels of 16 bits/],
  [
    "a WAV that never has samples",
    Buffer.concat([Buffer.from("RIFF\0\0\0\0WAVEjunk\xff\xff\xff\x7f", "latin1"), Buffer.alloc(9_000)]),
    "",
    /bad-audio: .*without samples/,
  ],
  ["events", Buffer.from('data: {"type":"speech.audio.delta"}\n\n'), "text/event-stream", /bad-audio: .*text\/event-stream instead/],
  ["a page", Buffer.from("<html>"), "text/html; charset=utf-8", /bad-audio: .*text\/html instead of PCM/],
  [
    "an error in place of audio",
    Buffer.from('{"error":{"message":"no such voice","code":"bad_voice"}}'),
    "application/json",
    /broken: .*\(bad_voice\): no such voice\./,
  ],
  ["nothing", Buffer.alloc(0), "audio/pcm", /broken: .*without audio/],
])("%s is told from PCM", (_what, body, type, message) => {
  let found = "";
  try {
    read(body, type);
  } catch (error) {
    found = `${(error as { kind: string }).kind}: ${(error as Error).message}`;
  }
  expect(found).toMatch(message);
});

test("PCM that begins like an MP3 is PCM, unless its type says MP3", () => {
  const loud = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0]), PCM]);
  expect(read(loud, "audio/pcm").pcm).toEqual(loud);
});
