/** A page or a device on the voice line: it says what the test says, and keeps what it is told. */
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import {
  decodeVoiceFrame,
  encodeVoiceFrame,
  FRAME_PCM16,
  VOICE_PATH,
  type VoiceClientMessage,
  type VoiceFrame,
  type VoiceServerMessage,
} from "../../protocol/voice-frames.ts";
import { waitFor } from "./wait-for.ts";

export type Told<T extends VoiceServerMessage["type"]> = Extract<VoiceServerMessage, { type: T }>;

export interface VoiceClient {
  readonly socket: WebSocket;
  readonly told: VoiceServerMessage[];
  readonly frames: VoiceFrame[];
  /** Undefined while it is open. */
  readonly closed: () => { readonly code: number; readonly reason: string } | undefined;
  say(message: VoiceClientMessage): void;
  /** So much audio, in frames of 20 ms, captured from this moment on; `byte` is what it is made of, silence without it. */
  send(atMs: number, lengthMs: number, flags?: number, byte?: number): void;
  raw(data: string | Uint8Array): void;
  /** Waits for a message of this type, the `number`-th from 0. */
  hear<T extends VoiceServerMessage["type"]>(type: T, number?: number): Promise<Told<T>>;
  of<T extends VoiceServerMessage["type"]>(type: T): Told<T>[];
  /** Says that everything that came is heard, until it is told otherwise. */
  listen(): void;
}

export function openVoice(url: string, headers: Readonly<Record<string, string>> = {}, query = ""): VoiceClient {
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}${VOICE_PATH}${query}`, { headers: { ...headers }, perMessageDeflate: false });
  onTestFinished(() => socket.terminate());
  const told: VoiceServerMessage[] = [];
  const frames: VoiceFrame[] = [];
  let closed: { code: number; reason: string } | undefined;
  let seq = 0;
  let listens = false;
  socket.on("error", () => undefined);
  socket.on("close", (code, reason) => (closed = { code, reason: reason.toString("utf8") }));
  const of = <T extends VoiceServerMessage["type"]>(type: T): Told<T>[] => told.filter((one): one is Told<T> => one.type === type);
  const client: VoiceClient = {
    socket,
    told,
    frames,
    closed: () => closed,
    of,
    say: (message) => socket.send(JSON.stringify(message)),
    raw: (data) => socket.send(data),
    send(atMs, lengthMs, flags = 0, byte = 0) {
      for (let at = 0; at < lengthMs; at += 20)
        socket.send(encodeVoiceFrame({ type: FRAME_PCM16, flags, seq: seq++, timeMs: atMs + at, audio: new Uint8Array(640).fill(byte) }));
    },
    hear: (type, number = 0) => waitFor(() => of(type)[number]),
    listen: () => {
      listens = true;
      for (const { untilMs } of of("said").slice(-1)) client.say({ type: "heard", untilMs });
    },
  };
  socket.on("message", (data: Buffer, isBinary) => {
    if (isBinary) {
      const frame = decodeVoiceFrame(data);
      if (typeof frame === "string") throw new Error(frame);
      frames.push(frame);
      return;
    }
    const message = JSON.parse(data.toString("utf8")) as VoiceServerMessage;
    told.push(message);
    if (listens && message.type === "said") client.say({ type: "heard", untilMs: message.untilMs });
  });
  return client;
}
