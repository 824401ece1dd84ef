import { PASSING_REFUSALS } from "../../protocol/errors.ts";
import type { WireError } from "../../protocol/errors.ts";
import type { Replies, Reply, RequestFrame } from "../../protocol/frames.ts";
import { toJson } from "../native/to-json.ts";
import type { Clock } from "./clock.ts";
import { defined } from "./defined.ts";
import { readEntry, toMessage } from "./outbox-entry.ts";
import type { MessageFrom, OutboxEntry } from "./outbox-entry.ts";
import type { Shelf } from "./shelf.ts";
import type { CustomerMessage } from "./state.ts";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** After this time another tab's message counts as abandoned and is sent from here. */
const LEFT_BEHIND_MS = 10_000;

export interface OutboxPorts {
  readonly shelf: Shelf;
  /** Keys on the shelf begin with this. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Rejects when there is no answer; the outbox then waits for `resume`. */
  readonly send: (frame: RequestFrame<"message-send">) => Promise<Reply<Replies["message-send"]>>;
  /** What `messages` gives has changed. */
  readonly changed: () => void;
  /** A message was refused for good. */
  readonly failed: (error: WireError) => void;
}

interface Item extends OutboxEntry {
  /** Written by another tab just now: that one sends it. */
  readonly foreign?: boolean;
  /** On the shelf too, so that its absence there means that another tab is done with it. */
  readonly kept?: boolean;
  /** Acknowledged under this number; stays until the journal was read that far, so that it does not blink. */
  readonly seq?: number;
  readonly limited?: WireError;
}

/**
 * This browser's messages until the server has acknowledged them: sent one at a time in the order they were written,
 * again after every reconnect, with the same id, so that a repeat (from another tab, too) is harmless. Kept on the
 * shelf, one key each, so that tabs do not overwrite each other's.
 */
export class Outbox {
  readonly #ports: OutboxPorts;
  #items: readonly Item[] = [];
  #online = false;
  #sending = false;
  #pauseMs = FIRST_PAUSE_MS;
  /** The server asked for silence until then. */
  #notBefore = 0;
  #callOff: (() => void) | undefined;

  constructor(ports: OutboxPorts) {
    this.#ports = ports;
    this.#read(false);
  }

  /** Messages of a conversation, in the order they were written. */
  messages(conversationId: string): readonly CustomerMessage[] {
    return this.#items.filter((item) => item.conversationId === conversationId).map((item) => toMessage(item, item.limited));
  }

  /** Keeps a message and sends it as soon as there is a line. Returns its id. */
  add(conversationId: string, text: string, from?: MessageFrom): string {
    const messageId = this.#ports.newId();
    // Two messages of one millisecond keep their order.
    const at = Math.max(this.#ports.clock.now(), (this.#items.at(-1)?.at ?? 0) + 1);
    this.#keep(defined({ messageId, conversationId, text, at, ...from }));
    void this.#drain();
    return messageId;
  }

  /** Sends a failed message again. */
  retry(messageId: string): void {
    const item = this.#items.find((other) => other.messageId === messageId);
    if (item?.failed === undefined) return;
    this.#keep(defined({ ...item, failed: undefined, foreign: undefined }));
    void this.#drain();
  }

  /** Takes a failed message away. One that is on its way cannot be called back. */
  remove(messageId: string): void {
    if (this.#items.some((item) => item.messageId === messageId && item.failed !== undefined)) this.#drop(messageId);
  }

  /** There is a line: send what waits. */
  resume(): void {
    this.#online = true;
    this.sync();
  }

  /** The line is gone. */
  pause(): void {
    this.#online = false;
    this.#callOff?.();
  }

  /** Another tab wrote or finished a message, perhaps. */
  sync(): void {
    this.#read(true);
    void this.#drain();
  }

  /** The journal was read up to here: acknowledged messages are drawn from it now. */
  seen(conversationId: string, lastSeq: number): void {
    const gone = (item: Item): boolean => item.conversationId === conversationId && item.seq !== undefined && item.seq <= lastSeq;
    if (this.#items.some(gone)) this.#change(this.#items.filter((item) => !gone(item)));
  }

  /** The old conversation cannot be reached any more: what was not sent goes to the new one. */
  move(from: string, to: string): void {
    for (const item of this.#items) if (item.conversationId === from && item.seq === undefined) this.#keep({ ...item, conversationId: to });
  }

  /** Nothing of it is sent any more. */
  clear(): void {
    for (const { messageId } of this.#items) this.#drop(messageId);
  }

  #read(fromOtherTab: boolean): void {
    const { shelf, prefix } = this.#ports;
    const keys = new Set(shelf.keys(prefix));
    const still = this.#items.filter((item) => item.kept !== true || item.seq !== undefined || keys.has(prefix + item.messageId));
    const known = new Set(still.map((item) => prefix + item.messageId));
    const found: Item[] = [];
    for (const key of keys) {
      const entry = known.has(key) ? undefined : readEntry(shelf.read(key));
      if (entry !== undefined) found.push({ ...entry, kept: true, foreign: fromOtherTab });
    }
    if (found.length > 0 || still.length < this.#items.length) this.#change([...still, ...found]);
  }

  async #drain(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (let item = this.#next(); item; item = this.#next()) {
        const { conversationId, messageId, text, via, view } = item;
        this.#settle(item, await this.#ports.send(defined({ conversationId, messageId, text, via, view })));
      }
    } catch {
      // Whether it arrived is unknown: the same id goes out again when there is a line.
      this.#online = false;
    } finally {
      this.#sending = false;
    }
  }

  /** What to send now. When there is something, but later, `#drain` is called then. */
  #next(): Item | undefined {
    this.#callOff?.();
    const item = this.#items.find(({ failed, seq }) => failed === undefined && seq === undefined);
    if (!this.#online || item === undefined) return undefined;
    const { clock } = this.#ports;
    const restMs = Math.max(this.#notBefore, item.foreign ? item.at + LEFT_BEHIND_MS : 0) - clock.now();
    if (restMs <= 0) return item;
    this.#callOff = clock.after(restMs, () => void this.#drain());
    return undefined;
  }

  #settle(item: Item, reply: Reply<Replies["message-send"]>): void {
    const { shelf, prefix, clock, failed } = this.#ports;
    if (reply.ok) {
      this.#pauseMs = FIRST_PAUSE_MS;
      shelf.remove(prefix + item.messageId);
      this.#replace(defined({ ...item, limited: undefined, seq: reply.seq }));
    } else if (PASSING_REFUSALS.includes(reply.error.code)) {
      this.#notBefore = clock.now() + (reply.error.retryAfterMs ?? this.#pauseMs);
      this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
      this.#replace({ ...item, limited: reply.error });
    } else {
      this.#keep(defined({ ...item, limited: undefined, failed: reply.error }));
      failed(reply.error);
    }
  }

  #keep(item: Item): void {
    const { messageId, conversationId, text, at, via, view, failed } = item;
    const kept = this.#ports.shelf.write(
      this.#ports.prefix + messageId,
      toJson({ messageId, conversationId, text, at, via, view, failed }),
    );
    this.#replace({ ...item, kept });
  }

  #drop(messageId: string): void {
    this.#ports.shelf.remove(this.#ports.prefix + messageId);
    this.#change(this.#items.filter((item) => item.messageId !== messageId));
  }

  #replace(item: Item): void {
    this.#change([...this.#items.filter((other) => other.messageId !== item.messageId), item]);
  }

  #change(items: readonly Item[]): void {
    this.#items = items.toSorted((left, right) => left.at - right.at || left.messageId.localeCompare(right.messageId));
    this.#ports.changed();
  }
}
