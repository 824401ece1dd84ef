/** So often the browser is asked: it may have to ask another process. */
const ASK_EVERY_SECONDS = 1;
/** More is no latency of a device, but a browser whose clock stands still: Safari's does. */
const MOST_SECONDS = 1.5;
/** Where the browser does not say, or must not be asked. */
const USUAL_SECONDS = 0.05;

/**
 * When what leaves a context is heard. Firefox must not be asked: on Linux its page waits for the sound server, which
 * waits for the page, and hangs for ever.
 */
export class OutputClock {
  readonly #context: AudioContext;
  #latency: number | undefined;
  #askedAt = -Infinity;

  constructor(context: AudioContext) {
    this.#context = context;
  }

  /** The context's time of what leaves the device at this moment, in seconds. */
  get at(): number {
    return this.#context.currentTime - this.latency;
  }

  /** From leaving the context to being heard, in seconds. */
  get latency(): number {
    const { currentTime, state } = this.#context;
    if (state === "running" && currentTime - this.#askedAt >= ASK_EVERY_SECONDS && !("mozInnerScreenX" in globalThis)) {
      this.#askedAt = currentTime;
      this.#latency = askLatency(this.#context);
    }
    return this.#latency ?? USUAL_SECONDS;
  }
}

function askLatency(context: AudioContext): number | undefined {
  const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
  const elapsed = (performance.now() - performanceTime) / 1000;
  const measured = context.currentTime - contextTime - elapsed;
  const isPlausible = contextTime > 0 && performanceTime > 0 && measured >= 0 && measured < MOST_SECONDS;
  // Undefined in older browsers, and 0 where nothing has been played yet.
  return isPlausible ? measured : (context.outputLatency as number | undefined) || undefined;
}
