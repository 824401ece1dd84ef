import { OpusDecoder } from "opus-decoder";
import { CAPTURE_RATE, FRAME_OPUS, FRAME_PCM16, type VoiceFrame } from "../../../protocol/voice-frame.ts";
import { toPcm16 } from "../../../voice/activity/pcm16.ts";

/** 120 ms of 256 kbit/s: for more the decoder has no room. */
const LONGEST_PACKET_BYTES = 3_840;
const NO_PACKET = "The frame is not a packet of Opus.";

/** The Opus of one connection as PCM: each packet depends on those before it. */
export class OpusFrames {
  readonly #decoder: OpusDecoder<typeof CAPTURE_RATE>;
  #isClosed = false;

  private constructor(decoder: OpusDecoder<typeof CAPTURE_RATE>) {
    this.#decoder = decoder;
  }

  static async open(): Promise<OpusFrames> {
    const decoder = new OpusDecoder({ channels: 1, sampleRate: CAPTURE_RATE });
    await decoder.ready;
    return new OpusFrames(decoder);
  }

  /** The frame as PCM, or what is wrong with it. Its audio is late by the 6 ms that the codec takes. */
  read(frame: VoiceFrame): VoiceFrame | string {
    if (frame.type !== FRAME_OPUS) return frame;
    if (this.#isClosed) return "The call is over.";
    if (frame.audio.length > LONGEST_PACKET_BYTES) return NO_PACKET;
    const { channelData, errors } = this.#decoder.decodeFrame(frame.audio);
    const [samples] = channelData;
    if (errors.length > 0 || samples === undefined || samples.length === 0) return NO_PACKET;
    return { ...frame, type: FRAME_PCM16, audio: toPcm16(samples) };
  }

  /** Harmless when repeated. */
  close(): void {
    if (!this.#isClosed) this.#decoder.free();
    this.#isClosed = true;
  }
}
