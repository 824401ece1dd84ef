import { AudioFault, type AudioFaultReason } from "../context/audio-fault.ts";

/** What browsers call it. All others: the device does not answer. */
const REASONS: Readonly<Record<string, AudioFaultReason>> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "no-microphone",
  OverconstrainedError: "no-microphone",
  NotReadableError: "busy",
  AbortError: "busy",
  TypeError: "unsupported",
};

/**
 * Asks the browser for a microphone, which asks the customer. A device that is gone: the default.
 *
 * @throws AudioFault; and what the signal says, after which a microphone that comes late is ended at once
 */
export async function askMicrophone(deviceId: string, signal: AbortSignal): Promise<MediaStream> {
  const media = navigator.mediaDevices as MediaDevices | undefined;
  if (media === undefined) throw new AudioFault("unsupported");
  const audio: MediaTrackConstraints = {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    channelCount: 1,
    ...(deviceId === "" ? {} : { deviceId: { ideal: deviceId } }),
  };
  let stream: MediaStream;
  try {
    stream = await media.getUserMedia({ audio });
  } catch (error) {
    signal.throwIfAborted();
    throw new AudioFault((error instanceof Error && REASONS[error.name]) || "lost", error);
  }
  if (signal.aborted) endTracks(stream);
  signal.throwIfAborted();
  return stream;
}

export function endTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
