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

/** What browsers say of a device that is not there, before they ask anybody. */
const GONE = ["NotFoundError", "OverconstrainedError"];

/**
 * Asks the browser for a microphone, which asks the customer. A device that is gone: the default.
 *
 * @throws AudioFault; and what the signal says, after which a microphone that comes late is ended at once
 */
export async function askMicrophone(deviceId: string, signal: AbortSignal): Promise<MediaStream> {
  const media = navigator.mediaDevices as MediaDevices | undefined;
  if (media === undefined) throw new AudioFault("unsupported");
  let stream: MediaStream;
  try {
    stream = await ask(media, deviceId);
  } catch (error) {
    signal.throwIfAborted();
    throw new AudioFault((error instanceof Error && REASONS[error.name]) || "lost", error);
  }
  if (signal.aborted) endTracks(stream);
  signal.throwIfAborted();
  return stream;
}

async function ask(media: MediaDevices, deviceId: string): Promise<MediaStream> {
  const audio: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
  if (deviceId !== "") {
    try {
      return await media.getUserMedia({ audio: { ...audio, deviceId: { exact: deviceId } } });
    } catch (error) {
      if (!(error instanceof Error && GONE.includes(error.name))) throw error;
    }
  }
  return media.getUserMedia({ audio });
}

export function endTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
