import { CAPTURE_RATE, FRAME_OPUS, type VoiceFrame } from "../../protocol/voice-frame.ts";
import type { VoiceClientMessage } from "../../protocol/voice-frames.ts";
import type { Clock } from "../thread/clock.ts";

type Frame = Omit<VoiceFrame, "seq">;

/** A microphone's pieces: 20 ms of PCM of 16 bits. */
const PIECE_BYTES = 640;
/** Silence is sent as well, as it is where nothing is said of it: without it, a decoder would close the gap. */
const CONFIG: AudioEncoderConfig = {
  codec: "opus",
  sampleRate: CAPTURE_RATE,
  numberOfChannels: 1,
  bitrate: 24_000,
};
/** An encoder takes a few milliseconds; one that takes so long is none. */
const LATE_MS = 500;

export async function canSendOpus(): Promise<boolean> {
  try {
    return (await AudioEncoder.isConfigSupported(CONFIG)).supported === true;
  } catch {
    return false;
  }
}

interface Line {
  say(message: VoiceClientMessage): void;
  frame(frame: Frame): void;
}

interface Item {
  /** Absent: it is a message. */
  readonly frame?: Frame;
  /** Sends it; absent while its packet is not made yet. */
  send?: () => void;
}

/** What is said on one connection, its audio as Opus. What comes after audio waits until that is encoded. */
export class OpusLane {
  readonly #line: Line;
  readonly #clock: Clock;
  readonly #encoder: AudioEncoder;
  #items: Item[] = [];
  #isBroken = false;
  #timeUs = 0;
  #callOff: (() => void) | undefined;

  constructor(line: Line, clock: Clock) {
    this.#line = line;
    this.#clock = clock;
    this.#encoder = new AudioEncoder({ output: (packet) => this.#encoded(packet), error: () => this.#break() });
    this.#encoder.configure(CONFIG);
  }

  say(message: VoiceClientMessage): void {
    this.#add({ send: () => this.#line.say(message) });
  }

  frame(frame: Frame): void {
    const { audio } = frame;
    if (this.#isBroken || audio.byteLength !== PIECE_BYTES) return this.#add({ send: () => this.#line.frame(frame) });
    this.#items.push({ frame });
    const data = new AudioData({
      format: "s16",
      sampleRate: CAPTURE_RATE,
      numberOfFrames: PIECE_BYTES / 2,
      numberOfChannels: 1,
      timestamp: this.#timeUs,
      data: audio as Uint8Array<ArrayBuffer>,
    });
    this.#timeUs += 20_000;
    this.#encoder.encode(data);
    data.close();
    this.#callOff ??= this.#clock.after(LATE_MS, () => this.#break());
  }

  /** Says nothing more. Harmless when repeated. */
  close(): void {
    this.#callOff?.();
    this.#items = [];
    if (this.#encoder.state !== "closed") this.#encoder.close();
  }

  #add(item: Item): void {
    this.#items.push(item);
    this.#drain();
  }

  /** Packets come in the order of their pieces, one for each. */
  #encoded(packet: EncodedAudioChunk): void {
    const item = this.#items.find(({ send }) => send === undefined);
    if (item?.frame === undefined) return;
    const { flags, timeMs } = item.frame;
    const audio = new Uint8Array(packet.byteLength);
    packet.copyTo(audio);
    item.send = () => this.#line.frame({ type: FRAME_OPUS, flags, timeMs, audio });
    this.#drain();
  }

  /** What cannot be encoded is sent as it is. */
  #break(): void {
    this.#isBroken = true;
    if (this.#encoder.state !== "closed") this.#encoder.close();
    for (const item of this.#items) {
      const { frame } = item;
      if (frame !== undefined) item.send ??= () => this.#line.frame(frame);
    }
    this.#drain();
  }

  #drain(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    for (;;) {
      const [item] = this.#items;
      if (item?.send === undefined) break;
      this.#items.shift();
      item.send();
    }
    if (this.#items.length > 0) this.#callOff = this.#clock.after(LATE_MS, () => this.#break());
  }
}
