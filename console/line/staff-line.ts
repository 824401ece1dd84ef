import { BASE_PATH } from "../api/base-path.ts";
import { api, SIGNED_IN } from "../api/client.ts";
import type { InboxFrame, StaffRequestFrame, StaffRequestName } from "../../protocol/staff-frames.ts";
import type { Connection, ConnectionListener } from "./connection.ts";
import { type ConversationListener, ConversationWatch } from "./conversation-watch.ts";

/**
 * `resting`: nobody has watched anything yet. `connecting`: it never was connected. `ended`: nobody is signed in here.
 */
export type LineState = "resting" | "connecting" | "connected" | "reconnecting" | "ended";

/** `line.state` has changed. */
export const LINE_CHANGED = "line-changed";

export type InboxListener = (news: InboxFrame) => void;

const LATER_MS = 1_000;
/** After so much silence, somebody who comes back to the page asks whether the line is still there. */
const QUIET_MS = 30_000;

/**
 * This tab's one line to the server: what happens in conversations comes over it while it happens. It opens with the
 * first watch, comes back by itself, and reads by number what was missed. It carries what the role may read, and
 * decides nothing.
 */
class StaffLine extends EventTarget {
  #state: LineState = "resting";
  #connection: Promise<Connection> | undefined;
  #opened: Connection | undefined;
  readonly #watches = new Set<ConversationWatch>();
  readonly #inboxListeners = new Set<InboxListener>();

  get state(): LineState {
    return this.#state;
  }

  /** Whether changes come by themselves now, so that nobody has to ask for them. */
  get isLive(): boolean {
    return this.#state === "connected";
  }

  /** Opens the line, if it is not open. */
  start(): void {
    if (this.#connection !== undefined) return;
    this.#become("connecting");
    this.#connection = import("./connection.ts").then(({ Connection: Opened }) => {
      this.#opened = new Opened(BASE_PATH, this.#listener());
      return this.#opened;
    });
    // The file did not come: the page polls as before.
    this.#connection.catch(() => {
      this.#connection = undefined;
      this.#become("reconnecting");
    });
    api.addEventListener(SIGNED_IN, () => {
      if (this.#state === "ended") this.#opened?.reconnect();
    });
    addEventListener("online", () => this.#opened?.reconnect());
    document.addEventListener("visibilitychange", () => {
      const line = this.#opened;
      if (document.visibilityState !== "visible" || line === undefined || this.#state === "ended") return;
      if (!line.isWelcome || line.silentMs > QUIET_MS) line.reconnect();
    });
  }

  /** Watches a conversation until the watch is closed. */
  watch(conversationId: string, listener: ConversationListener): ConversationWatch {
    this.start();
    const watch = new ConversationWatch(conversationId, listener, {
      request: async (name, frame) => (await this.#ready()).request(name, frame),
      silentMs: () => (this.isLive ? (this.#opened?.silentMs ?? Infinity) : Infinity),
      reconnect: () => this.#opened?.reconnect(),
      closed: () => {
        this.#watches.delete(watch);
        if (![...this.#watches].some((other) => other.conversationId === conversationId))
          this.#tell("conversation-leave", { conversationId });
      },
    });
    this.#watches.add(watch);
    if (this.isLive) watch.open();
    return watch;
  }

  /**
   * Hears which conversations change, and how; `{ all: true }` whenever something may have been missed: lists are read
   * anew then. The returned function ends it.
   */
  watchInbox(listener: InboxListener): () => void {
    // Lists are read already, and what the first screen needs comes first.
    setTimeout(() => this.#inboxListeners.size > 0 && this.start(), LATER_MS);
    this.#inboxListeners.add(listener);
    if (this.#inboxListeners.size === 1) this.#watchInboxAnew();
    return () => {
      this.#inboxListeners.delete(listener);
      if (this.#inboxListeners.size === 0) this.#tell("inbox-leave", {});
    };
  }

  async #ready(): Promise<Connection> {
    this.start();
    return this.#connection!;
  }

  /** What was read before the server knows that somebody listens may be out of date already. */
  #watchInboxAnew(): void {
    if (!this.isLive) return;
    const heard = (): void => this.#inboxListeners.forEach((listener) => listener({ all: true }));
    this.#opened?.request("inbox-watch", {}).then(heard, () => undefined);
  }

  /** Nobody waits for how it goes: after a new connection it is said again. */
  #tell<N extends StaffRequestName>(name: N, frame: StaffRequestFrame<N>): void {
    if (this.isLive) this.#opened?.request(name, frame).catch(() => undefined);
  }

  #listener(): ConnectionListener {
    const watchesOf = (conversationId: string): readonly ConversationWatch[] =>
      [...this.#watches].filter((watch) => watch.conversationId === conversationId);
    return {
      welcome: () => {
        this.#become("connected");
        for (const watch of this.#watches) watch.open();
        if (this.#inboxListeners.size === 0) return;
        this.#watchInboxAnew();
      },
      events: (frame) => watchesOf(frame.conversationId).forEach((watch) => watch.events(frame)),
      text: (frame) => watchesOf(frame.conversationId).forEach(({ listener }) => listener.text?.(frame)),
      progress: (frame) => watchesOf(frame.conversationId).forEach(({ listener }) => listener.progress?.(frame)),
      presence: (frame) => watchesOf(frame.conversationId).forEach(({ listener }) => listener.presence?.(frame.people)),
      typing: (frame) => watchesOf(frame.conversationId).forEach(({ listener }) => listener.typing?.(frame)),
      inbox: (frame) => this.#inboxListeners.forEach((listener) => listener(frame)),
      lost: () => {
        if (this.#state === "connected") this.#become("reconnecting");
        for (const watch of this.#watches) watch.lost();
      },
      signedOut: () => {
        this.#become("ended");
        // Who is signed in is asked once more, which shows the way back in, unless it is there already.
        if (!api.isSignedOut) api.get("/me").catch(() => undefined);
      },
    };
  }

  #become(state: LineState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.dispatchEvent(new Event(LINE_CHANGED));
  }
}

export const line = new StaffLine();
