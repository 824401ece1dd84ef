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

/** A context begins suspended, and is not for long where nobody has to press. */
const BEGINS_WITHIN_MS = 1000;

/** Starts the context, and tells what it does until the signal says no more. */
export function followState(context: AudioContext, { onState, onReturn }: StateListener, signal: AbortSignal): void {
  let isInterrupted = false;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const change = (): void => {
    clearTimeout(waiting);
    const { state } = context;
    if (state === "closed") return;
    if (isInterrupted && state !== "interrupted") {
      onReturn();
      return;
    }
    isInterrupted = state === "interrupted";
    if (state === "suspended") waiting = setTimeout(onState, BEGINS_WITHIN_MS, state);
    else onState(state);
  };
  const start = (): void => {
    if (context.state === "suspended") void context.resume();
  };
  // A context may stay interrupted until somebody asks it to go on.
  const look = (): void => {
    if (isInterrupted && document.visibilityState === "visible") onReturn();
  };
  context.addEventListener("statechange", change, { signal });
  document.addEventListener("visibilitychange", look, { signal });
  for (const press of ["click", "keydown"]) document.addEventListener(press, start, { signal, capture: true });
  signal.addEventListener("abort", () => clearTimeout(waiting));
  start();
  change();
}
