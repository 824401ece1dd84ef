/**
 * Audio on the voice line, as bytes: `voice-frames.ts` says how. Apart from the messages there, whose schemas would
 * bring zod into the browser.
 */
export const VOICE_PATH = "/voice";
export const VOICE_VERSION = 1;

/** So often the server says `alive`. Who has not heard it for twice as long has a connection that is dead. */
export const ALIVE_EVERY_MS = 15_000;

export const FRAME_HEADER_BYTES = 12;
/** A longer message is refused. */
export const MOST_FRAME_BYTES = 16 * 1024;
/** Of the audio that a client sends as PCM, and of Opus once it is decoded. */
export const CAPTURE_RATE = 16_000;

export const FRAME_PCM16 = 1;
export const FRAME_OPUS = 2;
export const FLAG_LAST = 1;
export const FLAG_LOOKBACK = 2;

export interface VoiceFrame {
  readonly type: typeof FRAME_PCM16 | typeof FRAME_OPUS;
  readonly flags: number;
  readonly seq: number;
  readonly timeMs: number;
  readonly audio: Uint8Array;
}

export function encodeVoiceFrame({ type, flags, seq, timeMs, audio }: VoiceFrame): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + audio.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, VOICE_VERSION);
  view.setUint8(1, type);
  view.setUint16(2, flags, true);
  view.setUint32(4, seq, true);
  view.setUint32(8, Math.round(timeMs) >>> 0, true);
  bytes.set(audio, FRAME_HEADER_BYTES);
  return bytes;
}

/** What is wrong with it, or the frame; its audio is a view of these bytes. */
export function decodeVoiceFrame(bytes: Uint8Array): VoiceFrame | string {
  if (bytes.byteLength > MOST_FRAME_BYTES) return `A frame has at most ${MOST_FRAME_BYTES} bytes.`;
  if (bytes.byteLength <= FRAME_HEADER_BYTES) return `A frame has a header of ${FRAME_HEADER_BYTES} bytes, and audio.`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint8(0) !== VOICE_VERSION) return `The frame is of version ${view.getUint8(0)}, not ${VOICE_VERSION}.`;
  const type = view.getUint8(1);
  if (type !== FRAME_PCM16 && type !== FRAME_OPUS) return `There is no frame of type ${type}.`;
  const audio = bytes.subarray(FRAME_HEADER_BYTES);
  if (type === FRAME_PCM16 && audio.byteLength % 2 !== 0) return "PCM of 16 bits has an even number of bytes.";
  return { type, flags: view.getUint16(2, true), seq: view.getUint32(4, true), timeMs: view.getUint32(8, true), audio };
}
