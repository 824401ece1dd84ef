/** What a page does in a call, with the microphone and the loudspeaker of the widget, and when each of it happened. */
import {
  decodeVoiceFrame,
  encodeVoiceFrame,
  FRAME_PCM16,
  type VoiceClientMessage,
  type VoiceServerMessage,
} from "../../../protocol/voice-frames.ts";
import { toPcm16 } from "../../../voice/activity/pcm16.ts";
import { openMicrophone } from "../../../voice/capture/microphone.ts";
import { openSpeaker } from "../../../voice/playback/speaker.ts";

export interface LoopAsked {
  readonly voiceUrl: string;
  readonly token: string;
  readonly echoUrl: string;
  readonly workletUrl: string;
  readonly turns: number;
}

/** Times are of the machine's clock, in milliseconds since 1970. */
export interface LoopSeen {
  /** When the first sample of each frame was captured, in the order in which they were sent. */
  readonly captured: number[];
  /** When the first sample of each answer left, by the output's timestamp, and how late the device was. */
  readonly out: number[];
  readonly deviceMs: number[];
  /** A frame to a bare server and back. */
  readonly echoMs: number[];
}

const SPEECH_MS = 600;
const ECHOES = 50;

export async function talk({ voiceUrl, token, echoUrl, workletUrl, turns }: LoopAsked): Promise<LoopSeen> {
  const seen: LoopSeen = { captured: [], out: [], deviceMs: [], echoMs: await echo(echoUrl) };
  const socket = await open(voiceUrl);
  const say = (message: VoiceClientMessage): void => socket.send(JSON.stringify(message));
  let rate = 16_000;
  let fromMs: number | undefined;
  let answered = (): void => undefined;
  const speaker = await openSpeaker({
    workletUrl,
    onHeard: (untilMs) => {
      say({ type: "heard", untilMs });
      if (fromMs === undefined || untilMs <= fromMs) return;
      seen.out.push(performance.timeOrigin + performance.now() - (untilMs - fromMs));
      seen.deviceMs.push(speaker.stats().outputLatencyMs);
      fromMs = undefined;
    },
    onSpeaking: (isSpeaking) => {
      if (!isSpeaking) answered();
    },
  });
  let isFirst = false;
  const ready = Promise.withResolvers<void>();
  socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
    if (typeof data !== "string") {
      const frame = decodeVoiceFrame(new Uint8Array(data));
      if (typeof frame === "string") throw new Error(frame);
      if (isFirst) fromMs = frame.timeMs;
      isFirst = false;
      return speaker.play(frame.audio, rate, frame.timeMs);
    }
    const message = JSON.parse(data) as VoiceServerMessage;
    if (message.type === "saying") rate = message.sampleRate;
    else if (message.type === "said") speaker.end(message.untilMs);
    else if (message.type === "call-ready") ready.resolve();
    else if (message.type === "refused") ready.reject(new Error(message.error.message));
  };
  say({ type: "call-open", token });
  await ready.promise;
  let seq = 0;
  let lastMs = 0;
  let isTalking = false;
  const begun = performance.timeOrigin + performance.now();
  const microphone = await openMicrophone({
    workletUrl,
    onFrames: (samples, capturedMs) => {
      lastMs = capturedMs + samples.length / 16;
      if (!isTalking) return;
      seen.captured.push(begun + capturedMs);
      socket.send(encodeVoiceFrame({ type: FRAME_PCM16, flags: 0, seq: seq++, timeMs: capturedMs, audio: toPcm16(samples) }));
    },
    onEnd: (reason) => ready.reject(new Error(reason)),
  });
  for (let turn = 0; turn < turns; turn += 1) {
    const over = new Promise<void>((resolve) => (answered = resolve));
    say({ type: "speech", event: "started", atMs: lastMs });
    isTalking = true;
    await new Promise((resolve) => setTimeout(resolve, SPEECH_MS));
    isTalking = false;
    isFirst = true;
    say({ type: "speech", event: "paused", atMs: lastMs, sinceMs: lastMs });
    await over;
  }
  microphone.stop();
  speaker.close();
  socket.close();
  return seen;
}

async function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error(`Nobody is at ${url}.`));
  });
  return socket;
}

async function echo(url: string): Promise<number[]> {
  const socket = await open(url);
  const times: number[] = [];
  for (let round = 0; round < ECHOES; round += 1) {
    const begun = performance.now();
    const back = new Promise((resolve) => (socket.onmessage = resolve));
    socket.send(new Uint8Array(652));
    await back;
    times.push(performance.now() - begun);
  }
  socket.close();
  return times;
}
