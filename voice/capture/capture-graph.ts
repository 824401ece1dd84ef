import { closeContext, openContext } from "../context/audio-context.ts";
import { CAPTURE, type CapturedPiece } from "../worklet/messages.ts";
import { SAMPLE_RATE } from "../activity/silero.ts";

/** What brings a microphone's samples to the page. */
export interface CaptureGraph {
  readonly context: AudioContext;
  readonly node: AudioWorkletNode;
}

/**
 * Joins a microphone to a context with the worklet. At 16 kHz where the browser brings the microphone to it; Firefox
 * refuses a context whose rate is not the microphone's, so there the rates that it may have are tried.
 *
 * @throws AudioFault
 */
export async function openCapture(workletUrl: string, stream: MediaStream, heard: (piece: CapturedPiece) => void): Promise<CaptureGraph> {
  const { sampleRate } = stream.getAudioTracks()[0]?.getSettings() ?? {};
  let refused: unknown;
  for (const rate of new Set([SAMPLE_RATE, sampleRate, undefined, 48_000, 44_100])) {
    const context = await openContext(workletUrl, rate);
    try {
      return { context, node: join(context, stream, heard) };
    } catch (error) {
      closeContext(context);
      refused = error;
    }
  }
  throw refused;
}

function join(context: AudioContext, stream: MediaStream, heard: (piece: CapturedPiece) => void): AudioWorkletNode {
  const source = new MediaStreamAudioSourceNode(context, { mediaStream: stream });
  const node = new AudioWorkletNode(context, CAPTURE, {
    numberOfOutputs: 1,
    outputChannelCount: [1],
    channelCount: 1,
    channelCountMode: "explicit",
  });
  node.port.onmessage = ({ data }: MessageEvent<CapturedPiece>) => heard(data);
  // It gives silence: a node that leads nowhere is not asked for anything in some browsers.
  source.connect(node).connect(context.destination);
  return node;
}
