/**
 * A device without a browser: says what a WAV file says (16 kHz, 16 bits, one channel) and keeps the answer in another.
 *
 *     FRONTDESK_API_KEY=fd_… node demo/voice-device.ts https://desk.example.com shop question.wav answer.wav
 */
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { WebSocket } from "ws";

const [desk = "", assistant = "", question = "", answer = ""] = process.argv.slice(2);
const FRAME_MS = 20;
const FRAME_BYTES = FRAME_MS * 32;
const wav = readFileSync(question);
const pcm = wav.subarray(wav.indexOf("data") + 8);
const heard: Buffer[] = [];
let rate = 16_000;

const socket = new WebSocket(`${desk.replace(/^http/, "ws")}/voice?assistant=${assistant}&device=example-01`, {
  headers: { authorization: `Bearer ${process.env["FRONTDESK_API_KEY"] ?? ""}` },
  perMessageDeflate: false,
});
const say = (message: object): void => socket.send(JSON.stringify(message));

/** Talks as fast as a person does. The key of push-to-talk says where the question begins and ends. */
async function talk(): Promise<void> {
  say({ type: "talk", held: true, atMs: 0 });
  for (let seq = 0; seq * FRAME_BYTES < pcm.length; seq += 1) {
    const frame = Buffer.alloc(12 + Math.min(FRAME_BYTES, pcm.length - seq * FRAME_BYTES));
    frame.writeUInt8(1, 0); // the version
    frame.writeUInt8(1, 1); // PCM
    frame.writeUInt32LE(seq, 4);
    frame.writeUInt32LE(seq * FRAME_MS, 8);
    pcm.copy(frame, 12, seq * FRAME_BYTES, (seq + 1) * FRAME_BYTES);
    socket.send(frame);
    await pause(FRAME_MS);
  }
  say({ type: "talk", held: false, atMs: pcm.length / 32 });
}

socket.on("open", () => say({ type: "call-open", activity: true }));
socket.on("message", (data: Buffer, isBinary: boolean) => {
  if (isBinary) return void heard.push(data.subarray(12));
  const message = JSON.parse(data.toString("utf8")) as Record<string, unknown>;
  console.log(JSON.stringify(message));
  if (message["type"] === "call-ready") void talk();
  if (message["type"] === "saying") rate = Number(message["sampleRate"]);
  // A device with a loudspeaker says it once it has played that far.
  if (message["type"] === "said") say({ type: "heard", untilMs: message["untilMs"] });
  if (message["type"] === "phase" && message["phase"] === "listening" && heard.length > 0) say({ type: "call-end" });
});
socket.on("error", (error) => console.error(error.message));
socket.on("close", () => {
  const body = Buffer.concat(heard);
  const head = Buffer.from("RIFF....WAVEfmt ....................data....", "latin1");
  head.writeUInt32LE(36 + body.length, 4);
  for (const [at, value] of [
    [16, 16],
    [24, rate],
    [28, rate * 2],
    [40, body.length],
  ] as const)
    head.writeUInt32LE(value, at);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const)
    head.writeUInt16LE(value, at);
  writeFileSync(answer, Buffer.concat([head, body]));
  process.exitCode = body.length > 0 ? 0 : 1;
});
