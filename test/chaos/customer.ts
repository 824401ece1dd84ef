import { io, type Socket } from "socket.io-client";
import type { RequestFrame, RequestName, Replies, Reply, WelcomeFrame } from "../../protocol/frames.ts";
import { LINE_PATH } from "../../protocol/frames.ts";
import type { VisibleEvent } from "../../protocol/events.ts";

/**
 * A customer's page without a page: keeps its token, repeats every request under the same ids until it is answered,
 * reconnects for ever, and asks again for what it missed. It knows nothing but the protocol.
 */
export class Customer {
  readonly events: VisibleEvent[] = [];
  readonly #socket: Socket;
  readonly #watchers = new Set<() => void>();
  readonly #conversationId: string;
  token: string | undefined;

  /** `identity`: what the site's backend signed about the customer. */
  constructor(url: string, conversationId: string, token?: string, identity?: string) {
    this.#conversationId = conversationId;
    this.token = token;
    this.#socket = io(url, {
      path: LINE_PATH,
      transports: ["websocket"],
      reconnectionDelay: 20,
      reconnectionDelayMax: 60,
      forceNew: true,
      extraHeaders: { Origin: url },
      auth: (give) =>
        give({
          version: 1,
          assistant: "shop",
          sessionId: `session-${conversationId}`,
          ...(this.token === undefined ? {} : { token: this.token }),
          ...(identity === undefined ? {} : { identity }),
        }),
    });
    this.#socket.on("welcome", (frame: WelcomeFrame) => {
      this.token = frame.token;
      this.#catchUp();
      this.#changed();
    });
    this.#socket.on("events", (frame: { events: VisibleEvent[] }) => {
      if (frame.events[0]?.seq !== this.lastSeq + 1) this.#catchUp();
      else this.#take(frame.events);
    });
    this.#socket.on("disconnect", () => this.#changed());
  }

  get lastSeq(): number {
    return this.events.at(-1)?.seq ?? 0;
  }

  /** Asks until there is an answer, over any number of reconnects. */
  async request<N extends RequestName>(name: N, frame: RequestFrame<N>): Promise<Reply<Replies[N]>> {
    for (;;) {
      await this.until(() => this.#socket.connected && this.token !== undefined);
      const reply = await this.#once(name, frame);
      if (reply !== undefined) return reply;
    }
  }

  async until(predicate: () => boolean): Promise<void> {
    if (predicate()) return;
    await new Promise<void>((resolve) => {
      const watcher = () => {
        if (!predicate()) return;
        this.#watchers.delete(watcher);
        resolve();
      };
      this.#watchers.add(watcher);
    });
  }

  find<T extends VisibleEvent["type"]>(type: T): Extract<VisibleEvent, { type: T }> | undefined {
    return this.events.find((event): event is Extract<VisibleEvent, { type: T }> => event.type === type);
  }

  /** The connection is lost, and comes back. */
  lose(): void {
    this.#socket.io.engine.close();
  }

  close(): void {
    this.#socket.disconnect();
  }

  /** Undefined: the connection went away before the answer came. */
  async #once<N extends RequestName>(name: N, frame: RequestFrame<N>): Promise<Reply<Replies[N]> | undefined> {
    return new Promise((resolve) => {
      const lost = () => resolve(undefined);
      this.#socket.once("disconnect", lost);
      this.#socket.emit(name, frame, (reply: Reply<Replies[N]>) => {
        this.#socket.off("disconnect", lost);
        resolve(reply);
      });
    });
  }

  #catchUp(): void {
    void this.#once("conversation-open", { conversationId: this.#conversationId, after: this.lastSeq }).then((reply) => {
      if (reply?.ok === true) this.#take(reply.events);
    });
  }

  #take(events: readonly VisibleEvent[]): void {
    for (const event of events) if (event.seq === this.lastSeq + 1) this.events.push(event);
    this.#changed();
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
