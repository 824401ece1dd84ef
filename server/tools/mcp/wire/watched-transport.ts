import type { JSONRPCMessage, JSONRPCRequest, Transport, TransportSendOptions } from "@modelcontextprotocol/client";
import { dropNulls } from "../../../foundation/without-nulls.ts";
import type { OwnSecrets } from "./own-secrets.ts";
import { MEANT_NULLS, unreadableMessage } from "./readable-message.ts";
import { UnaskedMessages } from "./unasked-messages.ts";

/** A request whose fate on the wire is watched. */
export interface Watch {
  /** Whether the request was handed to the wire. From then on it may have arrived. */
  sent: boolean;
  /** The `result` as the server sent it. */
  raw?: unknown;
  /** The stream that should have brought the answer ended without it. */
  readonly onLost: () => void;
  /** Ends the request's own stream. */
  readonly signal: AbortSignal;
}

/** How many requests of a server may wait for our answer at once. A call may ask a person twenty questions. */
const UNANSWERED = 40;

export interface Watching {
  readonly secrets: OwnSecrets;
  readonly now: () => number;
  /** Called before each of our requests leaves. */
  readonly onAsked?: () => void;
  /** Hears each message, without our credentials. */
  readonly onMessage?: (direction: "sent" | "received", message: object) => void;
}

/**
 * Sits between the MCP client and a transport, and reports what the client keeps to itself: whether a request left,
 * that its answer's stream broke off, and the answer as it came. The client gets an empty result in its place, since it
 * refuses a whole answer for one piece that it does not know.
 *
 * A watched request is recognised by its `params.arguments` (a call), by its method and its task, or by its method
 * alone (a list): the client makes new ids and objects around them.
 */
export class WatchedTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: NonNullable<Transport["onmessage"]>;
  readonly #inner: Transport;
  readonly #unasked: UnaskedMessages;
  readonly #expected = new Map<unknown, Watch>();
  readonly #underWay = new Map<unknown, Watch>();
  /** The ids of other requests that have no answer yet. */
  readonly #unwatched = new Set<unknown>();
  /** Requests of the server that we have not answered, and that it did not take back. */
  #unanswered = 0;
  readonly #asked = new Set<unknown>();
  #flooded = false;
  readonly #onAsked: (() => void) | undefined;
  readonly #onMessage: Watching["onMessage"];

  constructor(inner: Transport, { secrets, now, onAsked, onMessage }: Watching) {
    this.#inner = inner;
    this.#onAsked = onAsked;
    this.#onMessage = onMessage;
    this.#unasked = new UnaskedMessages(now);
    inner.onclose = () => this.onclose?.();
    inner.onerror = (error) => this.onerror?.(error);
    inner.onmessage = (message, extra) => {
      dropNulls(message, MEANT_NULLS);
      secrets.clean(message);
      onMessage?.("received", message);
      if (this.#isBearable(message)) this.onmessage?.(this.#received(message), extra);
    };
  }

  /** Watches the next request that carries `key` until `unwatch`. */
  watch(key: unknown, watch: Watch): void {
    this.#expected.set(key, watch);
  }

  unwatch(key: unknown): void {
    const watch = this.#expected.get(key);
    this.#expected.delete(key);
    for (const [id, candidate] of this.#underWay) if (candidate === watch) this.#underWay.delete(id);
  }

  get sessionId(): string | undefined {
    return this.#inner.sessionId;
  }

  get hasPerRequestStream(): boolean {
    return this.#inner.hasPerRequestStream === true;
  }

  setProtocolVersion(version: string): void {
    this.#inner.setProtocolVersion?.(version);
  }

  setSupportedProtocolVersions(versions: string[]): void {
    this.#inner.setSupportedProtocolVersions?.(versions);
  }

  start(): Promise<void> {
    return this.#inner.start();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    this.#onMessage?.("sent", message);
    if (!("method" in message)) return this.#answer(message, options);
    this.#onAsked?.();
    if (!("id" in message)) return this.#inner.send(message, options);
    const watch = this.#expected.get(watchKey(message));
    if (watch === undefined) return this.#ask(message, options);
    this.#underWay.set(message.id, watch);
    watch.sent = true;
    return this.#inner.send(message, {
      ...options,
      requestSignal: options?.requestSignal === undefined ? watch.signal : AbortSignal.any([options.requestSignal, watch.signal]),
      onRequestStreamEnd: () => {
        options?.onRequestStreamEnd?.();
        if (this.#underWay.has(message.id)) watch.onLost();
      },
    });
  }

  /** A request that nobody watches: when its stream ends without an answer, that is its answer. */
  async #ask(message: JSONRPCRequest, options: TransportSendOptions | undefined): Promise<void> {
    const { id } = message;
    if (options?.onRequestStreamEnd !== undefined) return this.#inner.send(message, options);
    this.#unwatched.add(id);
    const onRequestStreamEnd = (): void => {
      if (this.#unwatched.delete(id)) this.onmessage?.(unreadableMessage(id, "the stream of its answer ended without it"));
    };
    try {
      await this.#inner.send(message, { ...options, onRequestStreamEnd });
    } catch (error) {
      this.#unwatched.delete(id);
      throw error;
    }
  }

  /** Each answer may be a request of its own on the wire, so a server gets only so many of them at a time. */
  async #answer(message: JSONRPCMessage, options: TransportSendOptions | undefined): Promise<void> {
    // Once it is on its way, taking the request back does not make it cost less.
    const counts = "id" in message && this.#asked.delete(message.id);
    try {
      await this.#inner.send(message, options);
    } finally {
      if (counts) this.#unanswered -= 1;
    }
  }

  /** A server that floods us with what nobody asked for is let go; progress is asked for, and paced elsewhere. */
  #isBearable(message: JSONRPCMessage): boolean {
    if (this.#flooded) return false;
    if (!("method" in message) || message.method === "notifications/progress") return true;
    if ("id" in message) {
      this.#unanswered += 1;
      this.#asked.add(message.id);
    } else if (message.method === "notifications/cancelled" && this.#asked.delete(message.params?.["requestId"])) this.#unanswered -= 1;
    if (this.#unanswered <= UNANSWERED && this.#unasked.take()) return true;
    this.#flooded = true;
    this.onerror?.(new Error("the server sent far more messages than it was asked for"));
    void this.#inner.close().catch(() => undefined);
    return false;
  }

  #received<T extends JSONRPCMessage>(message: T): T {
    if ("method" in message || !("id" in message)) return message;
    // Some servers make a text of our number.
    const id = typeof message.id === "string" && !this.#underWay.has(message.id) ? Number(message.id) : message.id;
    this.#unwatched.delete(id);
    this.#unwatched.delete(message.id);
    const watch = this.#underWay.get(id);
    if (watch === undefined) return message;
    this.#underWay.delete(id);
    if (!("result" in message)) return message;
    watch.raw = message.result;
    // `resultType` is what answers of the modern era must have; the legacy one ignores it.
    return { ...message, result: { content: [], tools: [], ttlMs: 0, cacheScope: "private", resultType: "complete" } };
  }
}

function watchKey(message: { readonly method: string; readonly params?: Record<string, unknown> | undefined }): unknown {
  if (message.method === "tools/call") return message.params?.["arguments"];
  const taskId = message.params?.["taskId"];
  return typeof taskId === "string" ? taskKey(message.method, taskId) : message.method;
}

/** What a request about a task is watched by. */
export function taskKey(method: string, taskId: string): string {
  return `${method} ${taskId}`;
}
