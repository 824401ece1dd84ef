interface Answer {
  readonly id?: number;
  readonly type: "success" | "error" | "event";
  readonly result?: unknown;
  readonly error?: string;
  readonly message?: string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** A connection that speaks WebDriver BiDi. */
export class Bidi {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve(result: never): void; reject(error: Error): void }>();
  readonly #listeners: ((method: string, params: Readonly<Record<string, unknown>>) => void)[] = [];
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#take(JSON.parse(String(data)) as Answer));
    socket.addEventListener("close", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("The browser hung up."));
      this.#waiting.clear();
    });
  }

  static async connect(url: string): Promise<Bidi> {
    const socket = new WebSocket(url);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener("open", () => resolve());
      socket.addEventListener("error", () => reject(new Error(`Nobody speaks WebDriver BiDi at ${url}.`)));
    });
    return new Bidi(socket);
  }

  /** Sends a command and waits for its result; throws with the browser's own words if it refuses. */
  send<R>(method: string, params: object = {}): Promise<R> {
    const id = (this.#last += 1);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise<R>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject: (error) => reject(new Error(`${method}: ${error.message}`)) });
    });
  }

  /** Hears the events that were subscribed to with `session.subscribe`. */
  listen(listener: (method: string, params: Readonly<Record<string, unknown>>) => void): void {
    this.#listeners.push(listener);
  }

  close(): void {
    this.#socket.close();
  }

  #take(answer: Answer): void {
    if (answer.type === "event") {
      for (const listener of this.#listeners) listener(answer.method ?? "", answer.params ?? {});
      return;
    }
    const waiting = this.#waiting.get(answer.id ?? 0);
    this.#waiting.delete(answer.id ?? 0);
    if (answer.type === "success") waiting?.resolve(answer.result as never);
    else waiting?.reject(new Error(`${answer.error}: ${answer.message}`));
  }
}
