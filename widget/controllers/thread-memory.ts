import type { Shelf } from "../thread/shelf.ts";
import { CALL, DRAFT, OPEN, OUTBOX, placeKey, tokenKey, UNREAD } from "./place.ts";
import type { ThreadPlace } from "./place.ts";

/** Where things are kept: shared by all tabs of the site, and for this tab alone (through reloads). */
export interface Shelves {
  readonly shared: Shelf;
  readonly tab: Shelf;
}

/**
 * What a thread remembers between page views.
 *
 * A tab goes on with its own conversation through reloads; a new tab takes the one that was written in last. "New
 * conversation" therefore changes one tab only, until something is written in the new one: then it is what new tabs,
 * and tabs with an empty thread, take.
 *
 * A page may empty its storage at any time. The shelves know what they held as long as the page lives; it is put back
 * with the next welcome, and with the next message.
 */
export class ThreadMemory {
  readonly #shelves: Shelves;
  readonly #key: string;
  readonly #token: string;
  readonly #place: string;
  #unread: number | undefined;

  constructor(place: ThreadPlace, shelves: Shelves) {
    this.#shelves = shelves;
    this.#key = tokenKey(place);
    this.#token = `${this.#key}:token`;
    this.#place = placeKey(place);
  }

  get outboxPrefix(): string {
    return this.#place + OUTBOX;
  }

  /** The customer's token, as the newest welcome of any tab gave it. */
  get token(): string | undefined {
    return this.#shelves.shared.read(this.#token);
  }
  set token(token: string) {
    this.#shelves.shared.write(this.#token, token);
  }

  /** The id of the customer whom the site named, and whose things are here. */
  get named(): string | undefined {
    return this.#shelves.shared.read(`${this.#key}:named`);
  }
  set named(customerId: string | undefined) {
    if (customerId === this.named) return;
    if (customerId === undefined) this.#shelves.shared.remove(`${this.#key}:named`);
    else this.#shelves.shared.write(`${this.#key}:named`, customerId);
  }

  /** Forgets what belongs to this element; `all`: whatever this assistant's customer left in the browser. */
  forget(all = false): void {
    for (const shelf of [this.#shelves.shared, this.#shelves.tab])
      for (const key of shelf.keys(`${all ? this.#key : this.#place}:`)) if (!key.endsWith(OPEN)) shelf.remove(key);
  }

  get conversationId(): string | undefined {
    return this.#shelves.tab.read(`${this.#place}:conversation`) ?? this.sharedConversationId;
  }
  get sharedConversationId(): string | undefined {
    return this.#shelves.shared.read(`${this.#place}:conversation`);
  }

  /** This tab's conversation from now on; `share` when something was written in it. */
  keepConversation(conversationId: string, share: boolean): void {
    this.#shelves.tab.write(`${this.#place}:conversation`, conversationId);
    if (share) this.#shelves.shared.write(`${this.#place}:conversation`, conversationId);
  }

  /** What this customer, or somebody not yet known, has written and not sent; nothing of another one, who used this tab before. */
  draft(customerId: string): string {
    const kept = this.#shelves.tab.read(this.#place + DRAFT) ?? "";
    const end = kept.indexOf(" ");
    return ["", customerId].includes(kept.slice(0, end)) ? kept.slice(end + 1) : "";
  }
  keepDraft(customerId = "", text: string): void {
    this.#shelves.tab.write(this.#place + DRAFT, `${customerId} ${text}`);
  }

  /** How far a conversation was read: `seq` of the newest event that was on screen. */
  seen(conversationId: string): number | undefined {
    const [id, seq] = (this.#shelves.shared.read(`${this.#place}:seen`) ?? "").split(" ");
    return id === conversationId ? Number(seq) : undefined;
  }
  keepSeen(conversationId: string, seq: number): void {
    if (this.seen(conversationId) !== seq) this.#shelves.shared.write(`${this.#place}:seen`, `${conversationId} ${seq}`);
  }

  /** What the badge of the next page shows until the conversation is open there. */
  get unread(): number {
    return Number.parseInt(this.#shelves.shared.read(this.#place + UNREAD) ?? "0", 10);
  }
  keepUnread(count: number): void {
    if (count === this.#unread) return;
    this.#unread = count;
    if (count === 0) this.#shelves.shared.remove(this.#place + UNREAD);
    else this.#shelves.shared.write(this.#place + UNREAD, String(count));
  }

  get wasOpen(): boolean {
    return this.#shelves.tab.read(this.#place + OPEN) !== undefined;
  }
  set wasOpen(open: boolean) {
    if (open) this.#shelves.tab.write(this.#place + OPEN, "1");
    else this.#shelves.tab.remove(this.#place + OPEN);
  }

  /** Whether the page before was in a call when it went. */
  get wasInCall(): boolean {
    return this.#shelves.tab.read(this.#place + CALL) !== undefined;
  }

  /** Calls when another tab wrote: its messages, or which conversation it is in, or who the customer is. */
  watch(changed: { outbox: () => void; conversation: () => void; seen: () => void; named: () => void }): () => void {
    return this.#shelves.shared.watch((key) => {
      if (key.startsWith(this.outboxPrefix)) changed.outbox();
      else if (key === `${this.#place}:conversation`) changed.conversation();
      else if (key === `${this.#place}:seen`) changed.seen();
      else if (key === `${this.#key}:named`) changed.named();
    });
  }
}
