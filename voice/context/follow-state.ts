/**
 * What a context does. `suspended`: the browser waits for a press. `interrupted`: something else has the sound, such as
 * a telephone call; after it, a new context has to be made, since this one may stand still though it says that it runs.
 */
export type SoundState = "running" | "suspended" | "interrupted";

export interface StateListener {
  readonly onState: (state: SoundState) => void;
  /** The interruption is over: this context is of no more use. */
  readonly onReturn: () => void;
}

/** Tells what the context does, from now on until the signal says no more. */
export function followState(context: AudioContext, { onState, onReturn }: StateListener, signal: AbortSignal): void {
  let isInterrupted = false;
  const change = (): void => {
    if (context.state === "closed") return;
    if (isInterrupted && context.state !== "interrupted") {
      onReturn();
      return;
    }
    isInterrupted = context.state === "interrupted";
    onState(context.state);
  };
  context.addEventListener("statechange", change, { signal });
  // A context may stay interrupted until somebody asks it to go on.
  document.addEventListener("visibilitychange", () => isInterrupted && document.visibilityState === "visible" && onReturn(), { signal });
  change();
}
