import { decodeVoiceFrame, encodeVoiceFrame, type VoiceFrame } from "../../protocol/voice-frame.ts";
import { toJson } from "../native/to-json.ts";
import type { VoiceClientMessage, VoiceServerMessage } from "../../protocol/voice-frames.ts";

/** What is used of a WebSocket. */
export type VoiceSocket = Pick<WebSocket, "binaryType" | "bufferedAmount" | "close" | "onclose" | "onmessage" | "onopen" | "send">;
export type OpenSocket = () => VoiceSocket;

export interface CallLineNews {
  message(message: VoiceServerMessage): void;
  frame(frame: VoiceFrame): void;
  /** The connection is gone, or could not be made. Not after `close`. */
  lost(): void;
}

/** Of what waits to be sent, as PCM 16 s: the way to the server is stuck. */
const STUCK_BYTES = 512 * 1024;

/** One connection to `/voice`. */
export class CallLine {
  readonly #socket: VoiceSocket;
  readonly #news: CallLineNews;
  #isOpen = false;
  #isOver = false;
  #seq = 0;
  #lastBuffered = 0;

  constructor(openSocket: OpenSocket, open: Extract<VoiceClientMessage, { type: "call-open" }>, news: CallLineNews) {
    this.#news = news;
    const socket = openSocket();
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.#isOpen = true;
      this.say(open);
    };
    socket.onmessage = ({ data }) => this.#take(data);
    socket.onclose = () => this.lose();
  }

  say(message: VoiceClientMessage): void {
    if (this.#isOpen && !this.#isOver) this.#socket.send(toJson(message));
  }

  frame(frame: Omit<VoiceFrame, "seq">): void {
    if (!this.#isOpen || this.#isOver) return;
    if (this.#socket.bufferedAmount > STUCK_BYTES) return this.lose();
    this.#socket.send(encodeVoiceFrame({ ...frame, seq: this.#seq++ }));
  }

  /** Call it every few seconds: a connection that took nothing since the last time is dead, and does not know it. */
  check(): void {
    const { bufferedAmount } = this.#socket;
    if (bufferedAmount > 0 && bufferedAmount >= this.#lastBuffered && this.#lastBuffered > 0) this.lose();
    else this.#lastBuffered = bufferedAmount;
  }

  /** Says nothing more. Harmless when repeated. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
  }

  /** It is given up. */
  lose(): void {
    if (this.#isOver) return;
    this.close();
    this.#news.lost();
  }

  #take(data: unknown): void {
    if (data instanceof ArrayBuffer) {
      const frame = decodeVoiceFrame(new Uint8Array(data));
      // Of a newer server: not for us.
      if (typeof frame !== "string") this.#news.frame(frame);
      return;
    }
    let message: VoiceServerMessage;
    try {
      message = JSON.parse(String(data)) as VoiceServerMessage;
    } catch {
      return this.lose();
    }
    this.#news.message(message);
  }
}
