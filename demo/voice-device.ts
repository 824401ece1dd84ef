/**
 * A device without a browser: says what a WAV file says (16 kHz, 16 bits, one channel) and keeps the answer in another.
 *
 *     FRONTDESK_API_KEY=fd_… node demo/voice-device.ts https://desk.example.com shop question.wav answer.wav
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { WebSocket } from "ws";

const [desk = "", assistant = "", question = "", answer = ""] = process.argv.slice(2);
const [FRAME_MS, FRAME_BYTES] = [20, 640];

function stop(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
if (answer === "") stop("Usage: node demo/voice-device.ts ADDRESS ASSISTANT QUESTION.wav ANSWER.wav");
if (!existsSync(question)) stop(`There is no file ${question}.`);
if (!/^https?:\/\/[^/]/.test(desk)) stop(`${desk} is no address such as https://desk.example.com.`);
const key = process.env["FRONTDESK_API_KEY"] ?? stop("Set FRONTDESK_API_KEY to an API key that may do conversations.write.");
const heard: Buffer[] = [];
let rate = 16_000;
/** The call is asked once it listens. The answer is over when it has thought, worked or spoken, and listens again. */
let stage: "opening" | "asking" | "asked" | "answering" = "opening";
const wav = readFileSync(question);
const pcm = wav.subarray(wav.indexOf("data") + 8);
const address = `${desk.replace(/^http/, "ws").replace(/\/+$/, "")}/voice?assistant=${encodeURIComponent(assistant)}&device=example-01`;
const socket = new WebSocket(address, { headers: { authorization: `Bearer ${key}` }, perMessageDeflate: false });
const say = (message: object): void => socket.send(JSON.stringify(message));

/** Talks as fast as a person does. The key of push-to-talk says where the question begins and ends. */
async function talk(): Promise<void> {
  stage = "asking";
  say({ type: "talk", held: true, atMs: 0 });
  for (let seq = 0; seq * FRAME_BYTES < pcm.length; seq += 1) {
    const head = Buffer.from([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]); // version 1, PCM
    head.writeUInt32LE(seq, 4);
    head.writeUInt32LE(seq * FRAME_MS, 8);
    socket.send(Buffer.concat([head, pcm.subarray(seq * FRAME_BYTES, (seq + 1) * FRAME_BYTES)]));
    await pause(FRAME_MS);
  }
  stage = "asked";
  say({ type: "talk", held: false, atMs: pcm.length / 32 });
}

function follow(phase: unknown): void {
  if (stage === "opening" && phase === "listening") void talk(); // the greeting is over
  else if (stage === "asked" && phase !== "listening" && phase !== "understanding") stage = "answering";
  else if (stage === "answering" && phase === "listening") say({ type: "call-end" });
}

socket.on("open", () => say({ type: "call-open", activity: true }));
socket.on("message", (data: Buffer, isBinary: boolean) => {
  if (isBinary) return stage === "opening" ? undefined : void heard.push(data.subarray(12));
  const message = JSON.parse(data.toString("utf8")) as Record<string, unknown>;
  console.log(JSON.stringify(message));
  if (message["type"] === "phase") follow(message["phase"]);
  if (message["type"] === "refused") stop(`The call was refused: ${(message["error"] as { message: string }).message}`);
  if (message["code"] === "nothing-understood") say({ type: "call-end" });
  if (message["type"] === "saying") rate = Number(message["sampleRate"]);
  // A device with a loudspeaker says it once it has played that far.
  if (message["type"] === "said") say({ type: "heard", untilMs: message["untilMs"] });
});
const REASONS: Record<number, string> = { 401: "The key is wrong.", 403: "The key may not do conversations.write." };
socket.on("unexpected-response", (_request, { statusCode = 0 }) =>
  stop(REASONS[statusCode] ?? `There is no voice line at ${desk}: it answered ${statusCode}.`),
);
socket.on("error", (error) => stop(`${desk} cannot be called: ${error.message}`));
socket.on("close", () => {
  const body = Buffer.concat(heard);
  if (body.length === 0) stop("The call ended without an answer.");
  const u32 = (...values: number[]): Buffer => Buffer.from(Uint32Array.from(values).buffer);
  // PCM, one channel; two bytes a sample, of 16 bits.
  const format = [u32(16, 0x0001_0001, rate, rate * 2, 0x0010_0002), "data", u32(body.length)];
  const parts = ["RIFF", u32(36 + body.length), "WAVEfmt ", ...format, body];
  writeFileSync(answer, Buffer.concat(parts.map((part) => Buffer.from(part as Buffer))));
});
