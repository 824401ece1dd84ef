import type { WebSocket } from "ws";
import { WebSocketServer } from "ws";
import type { VoiceOffer } from "../../../protocol/frames.ts";
import { decodeVoiceFrame, encodeVoiceFrame, FRAME_PCM16, VOICE_PATH, type VoiceFrame } from "../../../protocol/voice-frame.ts";
import { type ParsedVoiceMessage, voiceClientSchema, type VoiceServerMessage } from "../../../protocol/voice-frames.ts";
import { waitFor } from "../../support/wait-for.ts";
import type { Pages } from "../embed/pages.ts";

const RATE = 24_000;

/** One connection to the voice line, as the desk sees it. Whatever does not fit the protocol fails the test. */
export class DeskCall {
  readonly said: ParsedVoiceMessage[] = [];
  readonly frames: VoiceFrame[] = [];
  isClosed = false;
  readonly #socket: WebSocket;
  #piece = 0;
  #placeMs = 0;
  #seq = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      if (!isBinary) return void this.said.push(voiceClientSchema.parse(JSON.parse(data.toString())));
      const frame = decodeVoiceFrame(data);
      if (typeof frame === "string") throw new Error(frame);
      this.frames.push(frame);
    });
    socket.on("close", () => (this.isClosed = true));
  }

  says(message: VoiceServerMessage): void {
    this.#socket.send(JSON.stringify(message));
  }

  ready(more: object = {}): void {
    const ready = {
      voiceCallId: "voice-call",
      conversationId: "conversation",
      codec: "pcm",
      hearing: "server",
      speaking: "server",
    } as const;
    this.says({ type: "call-ready", ...ready, ...more });
  }

  /** Says a piece: a soft tone of this length. */
  speaks(text: string, ms: number): void {
    const [piece, fromMs] = [this.#piece++, this.#placeMs];
    this.says({ type: "saying", piece, kind: "answer", text, fromMs, sampleRate: RATE });
    for (let at = 0; at < ms; at += 100) {
      const samples = Int16Array.from({ length: (RATE * Math.min(100, ms - at)) / 1000 }, (_, index) => 3000 * Math.sin(index / 9));
      this.#socket.send(
        encodeVoiceFrame({ type: FRAME_PCM16, flags: 0, seq: this.#seq++, timeMs: fromMs + at, audio: new Uint8Array(samples.buffer) }),
      );
    }
    this.#placeMs += ms;
    this.says({ type: "said", piece, untilMs: this.#placeMs });
  }

  /** Breaks the connection without a word. */
  breaks(): void {
    this.#socket.terminate();
  }

  of<T extends ParsedVoiceMessage["type"]>(type: T): Extract<ParsedVoiceMessage, { type: T }>[] {
    return this.said.filter((message): message is Extract<ParsedVoiceMessage, { type: T }> => message.type === type);
  }

  /** Waits for a message of this kind that fits. */
  async hears<T extends ParsedVoiceMessage["type"]>(
    type: T,
    fits: (message: Extract<ParsedVoiceMessage, { type: T }>) => boolean = () => true,
  ): Promise<Extract<ParsedVoiceMessage, { type: T }>> {
    await waitFor(() => this.of(type).some(fits));
    return this.of(type).find(fits)!;
  }
}

/** A desk that can be called. It answers nothing by itself: the test is the assistant. */
export class VoiceDesk {
  readonly calls: DeskCall[] = [];
  /** What was asked for on the customer line. */
  readonly asked: { readonly voiceCallId: string; readonly takeOver: boolean | string }[] = [];
  readonly #tokens = new Set<string>();

  constructor(pages: Pages, offer: Partial<VoiceOffer> = {}) {
    pages.assistant = { voice: { hearing: "server", speaking: "server", ...offer } };
    pages.replies.set("call-start", (frame) => this.start(frame));
    const server = new WebSocketServer({ noServer: true });
    pages.server.on("upgrade", (request, socket, head) => {
      if (request.url !== VOICE_PATH) return;
      server.handleUpgrade(request, socket, head, (webSocket) => this.calls.push(new DeskCall(webSocket)));
    });
  }

  /** Its reply to `call-start`. */
  start(frame: object): object {
    this.asked.push(frame as VoiceDesk["asked"][number]);
    const token = `token-${this.asked.length}`;
    this.#tokens.add(token);
    return { ok: true, token, expiresInMs: 30_000 };
  }

  /** The connection with this number, which has shown a token that is good once. */
  async open(number: number): Promise<DeskCall> {
    await waitFor(() => this.calls.length > number);
    const call = this.calls[number]!;
    const { token } = await call.hears("call-open");
    if (!this.#tokens.delete(token ?? "")) throw new Error(`The token ${token} was never given, or used before.`);
    return call;
  }
}
