import type { ReactiveController, ReactiveControllerHost } from "lit";
import { api, REACH_CHANGED, SIGNED_IN } from "../api/client.ts";
import { ApiProblem } from "../api/problem.ts";

export type Loading<Value> =
  | { readonly status: "loading" }
  | { readonly status: "ready"; readonly value: Value; readonly problem?: ApiProblem }
  | { readonly status: "failed"; readonly problem: ApiProblem };

interface Options<Value> {
  /** Given anew with each load, so that it can read the host's properties. */
  readonly load: (signal: AbortSignal) => Promise<Value>;
  /** Loads again, without a flash, as often as this while somebody looks, and when they come back. */
  readonly everyMs?: number;
  /** While this is true, whoever changes it says so (`refresh`), and nobody has to ask. */
  readonly isTold?: () => boolean;
  /** Before a value that came by itself is shown: false keeps the one that is there. */
  readonly accept?: (value: Value) => boolean;
  /** Whether a fault that came by itself says that what is shown is no more: then it is not shown any longer. */
  readonly isGone?: (problem: ApiProblem) => boolean;
}

/** Something that is read from the server for a screen, and kept fresh while the screen is looked at. */
export class Resource<Value> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #options: Options<Value>;
  #state: Loading<Value> = { status: "loading" };
  #running: AbortController | undefined;
  /** Something was told while it was read. */
  #isStale = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #cameBack = (): void => {
    if (document.visibilityState === "visible" && !api.isSignedOut) void this.refresh();
  };
  /** What was in the way is gone: nobody has to press anything. */
  readonly #mended = (): void => {
    const { code } = this.problem ?? {};
    if (code === "unauthenticated" || (code === "offline" && api.isReachable)) void this.reload();
  };

  constructor(host: ReactiveControllerHost, options: Options<Value>) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
  }

  get state(): Loading<Value> {
    return this.#state;
  }

  get value(): Value | undefined {
    return this.#state.status === "ready" ? this.#state.value : undefined;
  }

  get problem(): ApiProblem | undefined {
    return this.#state.status === "loading" ? undefined : this.#state.problem;
  }

  hostConnected(): void {
    void this.reload();
    api.addEventListener(SIGNED_IN, this.#mended);
    api.addEventListener(REACH_CHANGED, this.#mended);
    const { everyMs } = this.#options;
    if (everyMs === undefined) return;
    this.#timer = setInterval(() => {
      if (this.#options.isTold?.() !== true && this.#running === undefined) this.#cameBack();
    }, everyMs);
    document.addEventListener("visibilitychange", this.#cameBack);
  }

  hostDisconnected(): void {
    this.#isStale = false;
    this.#running?.abort();
    clearInterval(this.#timer);
    api.removeEventListener(SIGNED_IN, this.#mended);
    api.removeEventListener(REACH_CHANGED, this.#mended);
    document.removeEventListener("visibilitychange", this.#cameBack);
  }

  /** Shows this from now on, for instance what a change was answered with. */
  set(value: Value): void {
    this.#running?.abort();
    this.#show({ status: "ready", value });
  }

  /** Forgets what is shown, and loads. */
  async restart(): Promise<void> {
    this.#show({ status: "loading" });
    await this.reload();
  }

  /** What is shown stays until the new value is there. */
  async reload(): Promise<void> {
    const problem = await this.#load(() => true);
    if (problem !== undefined) this.blame(problem);
  }

  /** Says what went wrong, above what is shown already. */
  blame(problem: ApiProblem): void {
    this.#show(this.#state.status === "ready" ? { ...this.#state, problem } : { status: "failed", problem });
  }

  /**
   * By itself: a fault is shown only when somebody asks for it. What is being read may be older than what was told
   * meanwhile, so it is read once more.
   */
  async refresh(): Promise<void> {
    this.#isStale = this.#running !== undefined;
    if (!this.#isStale) await this.#load(this.#options.accept ?? (() => true));
  }

  async #load(accept: (value: Value) => boolean): Promise<ApiProblem | undefined> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    try {
      const value = await this.#options.load(running.signal);
      if (!running.signal.aborted && accept(value)) this.#show({ status: "ready", value });
      return undefined;
    } catch (error) {
      if (running.signal.aborted) return undefined;
      if (!(error instanceof ApiProblem)) throw error;
      if (this.#options.isGone?.(error) === true) this.#show({ status: "failed", problem: error });
      return error;
    } finally {
      if (this.#running === running) {
        this.#running = undefined;
        if (this.#isStale) void this.refresh();
      }
    }
  }

  #show(state: Loading<Value>): void {
    this.#state = state;
    this.#host.requestUpdate();
  }
}
