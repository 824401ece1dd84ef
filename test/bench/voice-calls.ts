/**
 * Voice calls with engines that answer at once: how long our own part takes, and what many calls cost one core. The
 * floor is a bare `ws` that sends each frame back. Run alone: `npm run bench -- --only voice-calls`.
 */
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { WebSocket } from "ws";
import { decodeVoiceFrame, encodeVoiceFrame, FRAME_PCM16, type VoiceServerMessage } from "../../protocol/voice-frames.ts";
import { benchVoiceLoop } from "./browser/voice-loop.ts";
import type { Bench, Figure } from "./figure.ts";
import { median } from "./samples.ts";
import { startEcho, startVoiceProcess, voiceToken } from "./server/voice-peers.ts";

const ORIGIN = "https://shop.example";
const CALLS = 50;
const FRAME_MS = 20;
const SPEECH_MS = 1_000;
/** How long it is quiet until a turn ends, as `voice/activity/turn-settings.ts` has it. */
const TURN_WAIT_MS = 600;
const RATE = 16_000;
const PCM = new Uint8Array((RATE / 1000) * FRAME_MS * 2);

export const benchVoiceCalls: Bench = async (options) => [...(await benchServer(options)), ...(await benchVoiceLoop(options))];

const benchServer: Bench = async ({ fast }) => {
  const server = await startVoiceProcess({ origin: ORIGIN });
  const echo = await startEcho();
  try {
    const floor = await echo.roundTripMs();
    const one = await Call.open(server.port, 0);
    const alone: number[] = [];
    for (let turn = 0; turn < (fast ? 3 : 12); turn += 1) alone.push(await one.turn());
    const before = await server.ask();
    const calls = await Promise.all(Array.from({ length: fast ? 5 : CALLS }, (_, index) => Call.open(server.port, index + 1)));
    const warm = await server.ask();
    const begun = performance.now();
    const together = (await Promise.all(calls.map(async (call) => [await call.turn(), await call.turn(), await call.turn()]))).flat();
    const seconds = (performance.now() - begun) / 1000;
    const after = await server.ask();
    const underruns = [one, ...calls].reduce((sum, call) => sum + call.underruns, 0);
    for (const call of [one, ...calls]) call.close();
    const figures: Figure[] = [
      {
        name: "end of speech to first audio, without engines and the wait for the turn's end; floor a bare ws echo",
        value: median(alone),
        unit: "ms",
        floor,
        budget: 120,
      },
      { name: `the same in ${calls.length} calls at once`, value: median(together), unit: "ms", floor },
      {
        name: `CPU of one core for ${calls.length} calls`,
        value: ((after.cpuMs - warm.cpuMs) / (seconds * 1000)) * 100,
        unit: "%",
        budget: 100,
      },
      { name: `underruns in ${calls.length} calls of ${seconds.toFixed(0)} s`, value: underruns, unit: "", budget: 0 },
      { name: "memory of one call", value: (after.rss - before.rss) / calls.length / 1024, unit: "kB", budget: 1024 },
    ];
    return figures;
  } finally {
    echo.close();
    server.close();
  }
};

/** A customer whose page plays what comes, in real time. */
class Call {
  readonly #socket: WebSocket;
  readonly #close: () => void;
  #seq = 0;
  #capturedMs = 0;
  /** Where playing will have come to, by the audio that is there. */
  #playedUntil = 0;
  #placeMs = 0;
  #onAudio: (() => void) | undefined;
  #onSaid: (() => void) | undefined;
  #phase = "";
  underruns = 0;

  constructor(socket: WebSocket, close: () => void) {
    this.#socket = socket;
    this.#close = close;
    socket.on("message", (data: Buffer, isBinary) =>
      isBinary ? this.#audio(data) : this.#told(JSON.parse(data.toString("utf8")) as VoiceServerMessage),
    );
  }

  static async open(port: number, index: number): Promise<Call> {
    const { token, voiceUrl, close } = await voiceToken(port, ORIGIN, String(index));
    const socket = new WebSocket(voiceUrl, { origin: ORIGIN, perMessageDeflate: false });
    await once(socket, "open");
    const call = new Call(socket, () => {
      socket.terminate();
      close();
    });
    const ready = new Promise<void>((resolve) => (call.#onSaid = resolve));
    call.#say({ type: "call-open", token });
    await ready;
    return call;
  }

  /** Says something and hears the whole answer; how long its first audio took, without the wait for the turn's end. */
  async turn(): Promise<number> {
    const from = this.#capturedMs;
    this.#say({ type: "speech", event: "started", atMs: from });
    const begun = performance.now();
    for (let at = 0; at < SPEECH_MS; at += FRAME_MS) {
      this.#socket.send(encodeVoiceFrame({ type: FRAME_PCM16, flags: 0, seq: this.#seq++, timeMs: from + at, audio: PCM }));
      await pause(Math.max(0, begun + at + FRAME_MS - performance.now()));
    }
    const until = from + SPEECH_MS;
    const spokenAt = performance.now();
    const first = new Promise<void>((resolve) => (this.#onAudio = resolve));
    this.#say({ type: "speech", event: "paused", atMs: until, sinceMs: until });
    await first;
    const tookMs = performance.now() - spokenAt;
    while (this.#phase !== "listening" || performance.now() < this.#playedUntil) {
      await pause(250);
      this.#say({ type: "heard", untilMs: Math.max(0, this.#placeMs - Math.max(0, this.#playedUntil - performance.now())) });
    }
    this.#capturedMs = until + Math.round(performance.now() - spokenAt) + 1000;
    return Math.max(0, tookMs - TURN_WAIT_MS);
  }

  close(): void {
    this.#close();
  }

  #say(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  #told(message: VoiceServerMessage): void {
    if (message.type === "refused") throw new Error(message.error.message);
    if (message.type === "phase") this.#phase = message.phase;
    if (message.type === "call-ready") this.#onSaid?.();
  }

  #audio(data: Buffer): void {
    const frame = decodeVoiceFrame(data);
    if (typeof frame === "string") throw new Error(frame);
    const lengthMs = (frame.audio.length / 2 / RATE) * 1000;
    const now = performance.now();
    const isFirst = this.#onAudio !== undefined;
    this.#onAudio?.();
    this.#onAudio = undefined;
    // Between two answers nothing plays, and nothing is missed.
    if (!isFirst && now > this.#playedUntil) this.underruns += 1;
    this.#playedUntil = Math.max(now, this.#playedUntil) + lengthMs;
    this.#placeMs = frame.timeMs + lengthMs;
  }
}
