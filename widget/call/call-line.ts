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
  #sentBytes = 0;
  #takenBytes = 0;

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
    if (!this.#isOpen || this.#isOver) return;
    const text = toJson(message);
    this.#sentBytes += new TextEncoder().encode(text).length;
    this.#socket.send(text);
  }

  frame(frame: Omit<VoiceFrame, "seq">): void {
    if (!this.#isOpen || this.#isOver) return;
    if (this.#socket.bufferedAmount > STUCK_BYTES) return this.lose();
    const bytes = encodeVoiceFrame({ ...frame, seq: this.#seq++ });
    this.#sentBytes += bytes.length;
    this.#socket.send(bytes);
  }

  /**
   * Call it every few seconds, before anything is sent: a connection that took nothing since the last time, and has
   * something to take, is dead and does not know it.
   */
  check(): void {
    const { bufferedAmount } = this.#socket;
    const takenBytes = this.#sentBytes - bufferedAmount;
    if (bufferedAmount > 0 && takenBytes <= this.#takenBytes) this.lose();
    else this.#takenBytes = takenBytes;
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
