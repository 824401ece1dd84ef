import type { RawData, WebSocket } from "ws";
import { RequestError } from "../../../protocol/errors.ts";
import {
  ALIVE_EVERY_MS,
  decodeVoiceFrame,
  encodeVoiceFrame,
  FRAME_PCM16,
  type ParsedVoiceMessage,
  type VoiceFrame,
  voiceClientSchema,
  type VoiceServerMessage,
} from "../../../protocol/voice-frames.ts";
import { ByteBudget } from "../../foundation/byte-budget.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { CallLine } from "../../voice/ports/call-line.ts";
import type { VoiceCall } from "../../voice/voice-call.ts";
import { OpusFrames } from "./opus-frames.ts";

export interface VoiceSocketPorts {
  /** The call that a `call-open` opens. Throws `RequestError`. */
  readonly open: (message: Extract<ParsedVoiceMessage, { type: "call-open" }>, line: CallLine) => Promise<VoiceCall>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Whoever has not said which call they want by then is gone. */
const OPEN_MS = 5_000;
/** With so much unread, the page is as good as gone: what it is told grows no further. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024;
/** Closing is answered by then, or the connection is cut. */
const CLOSE_MS = 2_000;

/** Closed because of what came: RFC 6455, policy violation. */
const UNFIT = 1008;
const DONE = 1000;
/**
 * A little above real time, whatever is sent: PCM is 32 kB/s. A page whose network stood still sends what it has kept.
 */
const BUDGET = { bytesASecond: 64 * 1024, burstBytes: 512 * 1024 };
/** What a message costs beside its bytes. */
const MESSAGE_BYTES = 64;
const TOO_MUCH = "This is more than a voice sends.";

/** One socket of the voice line: it reads what comes, judges its form, and hands it to its call. It decides nothing. */
export class VoiceSocket implements CallLine {
  readonly #socket: WebSocket;
  readonly #ports: VoiceSocketPorts;
  readonly #budget: ByteBudget;
  #call: VoiceCall | undefined;
  #opus: OpusFrames | undefined;
  #isOpening = false;
  /** Hung up while it was opened. */
  #isHungUp = false;
  #isAlive = true;
  #callOff: () => void;

  constructor(socket: WebSocket, ports: VoiceSocketPorts) {
    this.#socket = socket;
    this.#ports = ports;
    this.#budget = new ByteBudget(BUDGET, ports.clock);
    this.#callOff = ports.clock.after(OPEN_MS, () => this.#refuse("Say which call you want: call-open is the first message."));
    socket.on("message", (data, isBinary) => this.#take(data, isBinary));
    socket.on("pong", () => (this.#isAlive = true));
    // A frame that is too long, or no WebSocket's: ws says so to the other side and closes.
    socket.on("error", () => undefined);
    socket.once("close", () => {
      this.#callOff();
      this.#opus?.close();
      this.#call?.detach(this);
    });
  }

  get codec(): "pcm" | "opus" {
    return this.#opus === undefined ? "pcm" : "opus";
  }

  get waitingBytes(): number {
    return this.#socket.bufferedAmount;
  }

  say(message: VoiceServerMessage): void {
    if (this.#isFull()) return;
    if (this.#isOpen()) this.#socket.send(JSON.stringify(message));
  }

  frame(frame: VoiceFrame): void {
    if (this.#isFull()) return;
    if (this.#isOpen()) this.#socket.send(encodeVoiceFrame(frame));
  }

  close(): void {
    this.#close(DONE, "");
  }

  #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  #isFull(): boolean {
    if (this.#socket.bufferedAmount <= MOST_UNREAD_BYTES) return false;
    this.#socket.terminate();
    return true;
  }

  #refuse(reason: string): void {
    this.#close(UNFIT, reason);
  }

  #close(code: number, reason: string): void {
    this.#callOff();
    if (!this.#isOpen()) return;
    this.#socket.close(code, reason);
    this.#callOff = this.#ports.clock.after(CLOSE_MS, () => this.#socket.terminate());
  }

  #take(data: RawData, isBinary: boolean): void {
    if (!this.#isOpen()) return;
    const bytes = bytesOf(data);
    if (!this.#budget.take(bytes.length + MESSAGE_BYTES)) return this.#refuse(TOO_MUCH);
    if (isBinary) this.#frame(bytes);
    else this.#message(bytes.toString("utf8"));
  }

  #frame(bytes: Uint8Array): void {
    if (this.#call === undefined) return this.#refuse("Audio comes after call-ready.");
    const sent = decodeVoiceFrame(bytes);
    const frame = typeof sent === "string" || sent.type === FRAME_PCM16 ? sent : this.#decode(sent);
    if (typeof frame === "string") this.#refuse(frame);
    else this.#call.frame(frame);
  }

  /** What Opus saves on the way counts all the same: engines hear it as PCM. */
  #decode(sent: VoiceFrame): VoiceFrame | string {
    const frame = this.#opus?.read(sent) ?? "Opus is for calls whose call-ready says so.";
    if (typeof frame === "string" || this.#budget.take(Math.max(0, frame.audio.length - sent.audio.length))) return frame;
    return TOO_MUCH;
  }

  #message(text: string): void {
    const message = readMessage(text);
    if (typeof message === "string") return this.#refuse(message);
    if (message.type === "call-open") this.#open(message);
    else if (this.#call !== undefined) this.#call.take(message);
    else if (message.type === "call-end" && this.#isOpening) {
      this.#isHungUp = true;
      this.close();
    } else this.#refuse("The first message is call-open, and call-ready answers it.");
  }

  #open(message: Extract<ParsedVoiceMessage, { type: "call-open" }>): void {
    if (this.#isOpening) return this.#refuse("A socket opens one call.");
    this.#isOpening = true;
    this.#callOff();
    this.#openDecoder(message.codecs)
      .then(() => this.#ports.open(message, this))
      .then(
        (call) => this.#opened(call),
        (error: unknown) => this.#failed(error),
      );
  }

  /** Without one, the client sends PCM. */
  async #openDecoder(codecs: readonly string[]): Promise<void> {
    if (!codecs.includes("opus")) return;
    try {
      this.#opus = await OpusFrames.open();
    } catch (error) {
      this.#ports.log.error({ error }, "The decoder of Opus could not be loaded. Calls send PCM.");
    }
    // Gone while it was loaded.
    if (!this.#isOpen()) this.#opus?.close();
  }

  #opened(call: VoiceCall): void {
    this.#call = call;
    if (this.#isHungUp) return call.take({ type: "call-end" });
    // Gone while it was opened.
    if (!this.#isOpen()) return call.detach(this);
    this.#ping();
  }

  #failed(error: unknown): void {
    const refusal = error instanceof RequestError ? error : new RequestError("internal");
    if (refusal !== error) this.#ports.log.error({ error }, "A voice call could not be opened.");
    this.say({ type: "refused", error: refusal.toWire() });
    this.close();
  }

  /** A page that is gone without a word does not answer; one whose server is gone hears nothing. */
  #ping(): void {
    if (!this.#isOpen()) return;
    if (!this.#isAlive) return this.#socket.terminate();
    this.#isAlive = false;
    this.#socket.ping();
    this.say({ type: "alive" });
    this.#callOff = this.#ports.clock.after(ALIVE_EVERY_MS, () => this.#ping());
  }
}

/** The message, or what is wrong with it. */
function readMessage(text: string): ParsedVoiceMessage | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return "A text message is JSON.";
  }
  const parsed = voiceClientSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  // The reason of a close has 123 bytes at most.
  return `The message is not valid: ${issue?.path.map(String).join("/") || "type"}.`.slice(0, 100);
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
