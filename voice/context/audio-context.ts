import { AudioFault } from "./audio-fault.ts";

/** Throws an {@link AudioFault} where this page can have no calls. Touches no device. */
export function checkAudio(): void {
  if (!isSecureContext) throw new AudioFault("insecure");
  if (typeof AudioContext === "undefined" || typeof AudioWorkletNode === "undefined") throw new AudioFault("unsupported");
}

/**
 * An audio context with the worklet in it. Whoever opens it closes it.
 *
 * @param rate samples per second; undefined: as the device has it
 */
export async function openContext(workletUrl: string, rate?: number): Promise<AudioContext> {
  checkAudio();
  const context = new AudioContext({ latencyHint: "interactive", ...(rate === undefined ? {} : { sampleRate: rate }) });
  try {
    await context.audioWorklet.addModule(workletUrl);
  } catch (error) {
    closeContext(context);
    throw new AudioFault("not-loaded", error);
  }
  return context;
}

/** Closes it, if it is not closed: what it plays is silent at once. */
export function closeContext(context: AudioContext): void {
  if (context.state !== "closed") void context.close().catch(() => undefined);
}
