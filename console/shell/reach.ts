import type { ReactiveController, ReactiveControllerHost } from "lit";
import { api, REACH_CHANGED } from "../api/client.ts";
import { readEntry } from "../api/sign-in.ts";

const AGAIN_MS = 3_000;

/** Whether the server is there; while it is not, it is asked again, whatever the screen does. */
export class Reach implements ReactiveController {
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #host: ReactiveControllerHost;
  readonly #changed = (): void => {
    clearInterval(this.#timer);
    if (!api.isReachable) this.#timer = setInterval(() => void readEntry().catch(() => undefined), AGAIN_MS);
    this.#host.requestUpdate();
  };

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get isReachable(): boolean {
    return api.isReachable;
  }

  hostConnected(): void {
    api.addEventListener(REACH_CHANGED, this.#changed);
  }

  hostDisconnected(): void {
    api.removeEventListener(REACH_CHANGED, this.#changed);
    clearInterval(this.#timer);
  }
}
