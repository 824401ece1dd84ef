/** What browsers have of it. */
interface Output extends AudioContext {
  readonly setSinkId?: (id: string) => Promise<void>;
  /** Chromium's. The duration is in seconds. */
  readonly playbackStats?: { readonly underrunEvents?: number; readonly underrunDuration?: number };
}

/** From leaving the context to being heard. */
export function outputLatencyMs(context: AudioContext): number {
  // Undefined in some browsers, and 0 where the device does not say.
  const latency = (context.outputLatency as number | undefined) || (context.baseLatency as number | undefined) || 0;
  return latency * 1000;
}

/** The context's time of what leaves the device at this moment, in seconds. */
export function outputAt(context: AudioContext): number {
  const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
  const elapsed = (performance.now() - performanceTime) / 1000;
  // Where nothing was played yet both are 0, and a context that stands still says what it last said.
  const isKnown = contextTime > 0 && performanceTime > 0 && context.state === "running";
  return isKnown
    ? Math.min(contextTime + Math.max(0, elapsed), context.currentTime)
    : context.currentTime - outputLatencyMs(context) / 1000;
}

/** How often the device ran out of what the context gives it, where the browser counts that. */
export function deviceUnderruns(context: AudioContext): { readonly underruns: number; readonly underrunMs: number } {
  const { underrunEvents = 0, underrunDuration = 0 } = (context as Output).playbackStats ?? {};
  return { underruns: underrunEvents, underrunMs: underrunDuration * 1000 };
}

/** Sends the sound to a device, or to the default where that is gone. */
export async function sendTo(context: AudioContext, sinkId: string): Promise<void> {
  const { setSinkId } = context as Output;
  if (setSinkId === undefined) return;
  try {
    await setSinkId.call(context, sinkId);
  } catch {
    if (sinkId !== "") await setSinkId.call(context, "").catch(() => undefined);
  }
}
