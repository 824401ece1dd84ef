/** The channel to a frame of another origin: hears its own window at its own origin, and nobody else. */
export class FrameLine {
  readonly #frame: HTMLIFrameElement;
  readonly #origin: string;
  readonly #take: (data: unknown) => void;

  constructor(frame: HTMLIFrameElement, origin: string, take: (data: unknown) => void) {
    this.#frame = frame;
    this.#origin = origin;
    this.#take = take;
    addEventListener("message", this.#hear);
  }

  send(message: object): void {
    this.#frame.contentWindow?.postMessage(message, this.#origin);
  }

  close(): void {
    removeEventListener("message", this.#hear);
  }

  readonly #hear = ({ source, origin, data }: MessageEvent): void => {
    // A frame that is gone has no window, and a message may have no source.
    if (source !== null && source === this.#frame.contentWindow && origin === this.#origin) this.#take(data);
  };
}
