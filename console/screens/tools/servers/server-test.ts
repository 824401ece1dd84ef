import type { ReactiveControllerHost } from "lit";
import { api } from "../../../api/client.ts";
import { ApiProblem } from "../../../api/problem.ts";
import type { TriedMcpServer } from "../../../api/types.ts";

/** While somebody types, a test waits until they pause. */
const PAUSE_MS = 900;

type TestState =
  | { readonly status: "idle" }
  | { readonly status: "testing" }
  | { readonly status: "found"; readonly found: TriedMcpServer }
  | { readonly status: "refused"; readonly problem: ApiProblem };

/** Looks at a server as it would be, before it is saved. */
export class ServerTest {
  readonly #host: ReactiveControllerHost;
  readonly #body: () => Record<string, unknown>;
  #state: TestState = { status: "idle" };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | undefined;
  #asked = "";
  /** Somebody pressed the button; otherwise it ran because they paused. */
  #isPressed = false;

  constructor(host: ReactiveControllerHost, body: () => Record<string, unknown>) {
    this.#host = host;
    this.#body = body;
    host.addController(this);
  }

  get state(): TestState {
    return this.#state;
  }

  get isPressed(): boolean {
    return this.#isPressed;
  }

  hostConnected(): void {}

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
  }

  /** When the typing pauses. */
  later(): void {
    clearTimeout(this.#timer);
    this.#isPressed = false;
    this.#timer = setTimeout(() => this.soon(), PAUSE_MS);
  }

  /** Now, unless the same was asked before. */
  soon(): void {
    clearTimeout(this.#timer);
    const { url } = this.#body();
    if (typeof url === "string" && isWhole(url) && JSON.stringify(this.#body()) !== this.#asked) void this.#run();
  }

  forget(): void {
    this.hostDisconnected();
    this.#show({ status: "idle" });
  }

  /** At once, because somebody asks for it. */
  async run(): Promise<void> {
    this.#isPressed = true;
    await this.#run();
  }

  async #run(): Promise<void> {
    this.hostDisconnected();
    const running = new AbortController();
    this.#running = running;
    const body = this.#body();
    this.#asked = JSON.stringify(body);
    this.#show({ status: "testing" });
    try {
      const answer = await api.post<TriedMcpServer>("/mcp-servers/test", body, { signal: running.signal });
      if (!running.signal.aborted) this.#show({ status: "found", found: answer.body });
    } catch (error) {
      if (running.signal.aborted) return;
      if (!(error instanceof ApiProblem)) throw error;
      this.#show({ status: "refused", problem: error });
    }
  }

  #show(state: TestState): void {
    this.#state = state;
    this.#host.requestUpdate();
  }
}

/** Whether it may be a whole address by now, and not the beginning of one. */
function isWhole(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (
    (protocol === "http:" || protocol === "https:") && (hostname.includes(".") || hostname === "localhost" || hostname.startsWith("["))
  );
}
