/** What browsers have of it. */
interface Output extends AudioContext {
  readonly setSinkId?: (id: string) => Promise<void>;
  /** Chromium's. The duration is in seconds. */
  readonly playbackStats?: { readonly underrunEvents?: number; readonly underrunDuration?: number };
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
