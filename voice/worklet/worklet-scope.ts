/** What an audio worklet has, as far as it is used here: no library of types knows it beside those of a page. */
export interface Port<Sent, Heard> {
  onmessage: ((event: { readonly data: Heard }) => void) | null;
  postMessage(message: Sent, transfer?: readonly ArrayBufferLike[]): void;
}

interface Processor<Sent, Heard> {
  readonly port: Port<Sent, Heard>;
}

interface WorkletScope {
  readonly AudioWorkletProcessor: new <Sent, Heard>() => Processor<Sent, Heard>;
  readonly registerProcessor: (name: string, processor: new () => Processor<never, never>) => void;
  /** The context's samples per second, */
  readonly sampleRate: number;
  /** the place of the next quantum's first sample, */
  readonly currentFrame: number;
  /** and the same in seconds. */
  readonly currentTime: number;
}

/** The worklet's own globals. `currentFrame` and `currentTime` change: read them here, do not take them apart. */
export const scope = globalThis as unknown as WorkletScope;
