import { RequestError } from "../../protocol/errors.ts";
import type { AuditActor, DocumentStore, StoredDocument } from "../documents/ports.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import { erasureRecord, type ErasureRecord, idDigest } from "./erasure-record.ts";
import type { CustomerDataStore, CustomerEraser, SearchedTexts } from "./ports.ts";

/** That a customer's data were erased: what and when, and nothing of what it was. Times are milliseconds since 1970. */
export interface Receipt extends ErasureRecord {
  readonly id: string;
}

export interface ErasuresPorts {
  readonly store: CustomerDataStore;
  readonly documents: DocumentStore;
  readonly searched: SearchedTexts;
  readonly erasers: readonly CustomerEraser[];
  /** Whatever runs in these conversations ends, and whoever is this customer is sent away. */
  readonly letGo: (customerId: string, conversationIds: readonly string[]) => void;
  readonly clock: Pick<Clock, "now" | "id">;
  readonly log: Log;
}

const CONVERSATIONS_AT_ONCE = 100;
/** About a millisecond's work each, so that nobody waits behind it. */
const ROWS_AT_ONCE = 200;

/** Erases what is kept of customers. One that failed, or that a restart interrupted, goes on with `resume`. */
export class Erasures {
  readonly #ports: ErasuresPorts;
  #work: Promise<void> = Promise.resolve();
  /** Those that are under way, or wait for their turn. */
  readonly #begun = new Set<string>();

  constructor(ports: ErasuresPorts) {
    this.#ports = ports;
  }

  /**
   * Begins to erase everything of a customer, and gives the receipt, which is `running` until all of it is gone. Throws
   * `RequestError` `not-found` for a customer of whom nothing is kept.
   */
  async request(by: AuditActor, customerId: string): Promise<Receipt> {
    const { documents, clock, store, erasers } = this.#ports;
    const conversations = await store.conversationsOf(customerId, { limit: 1 });
    const known = conversations.length > 0 || (await Promise.all(erasers.map((eraser) => eraser.knows(customerId)))).includes(true);
    if (!known) throw new RequestError("not-found", { detail: `Nothing is kept of a customer ${customerId}.` });
    const id = clock.id();
    const at = clock.now();
    const digests = { customer: idDigest(customerId), conversations: [] };
    const record: ErasureRecord = { customer: customerId, status: "running", requestedAt: at, requestedBy: by, erased: {}, digests };
    const audit = [{ by, action: "customer.erase", target: { kind: "customer", id: customerId }, after: { receipt: id } }];
    await documents.write([{ do: "create", kind: "erasure", id, body: record }], { at, audit });
    this.#begin(id, record);
    return { id, ...record };
  }

  async find(id: string): Promise<Receipt | undefined> {
    const { documents, clock } = this.#ports;
    const document = await documents.get("erasure", id, clock.now());
    return document === undefined ? undefined : receiptOf(document);
  }

  async list(options: { after?: string; limit: number }): Promise<readonly Receipt[]> {
    const { documents, clock } = this.#ports;
    return (await documents.list("erasure", { ...options, now: clock.now() })).map(receiptOf);
  }

  /** Goes on with what an earlier process had begun, and with what failed. What is under way is left. */
  async resume(): Promise<void> {
    for (let after: string | undefined; ;) {
      const page = await this.list({ limit: 200, ...(after === undefined ? {} : { after }) });
      for (const { id, ...record } of page) if (record.status === "running") this.#begin(id, record);
      after = page.at(-1)?.id;
      if (after === undefined) return;
    }
  }

  /** Resolves when everything that was asked for is done, or has failed and waits for `resume`. */
  idle(): Promise<void> {
    return this.#work;
  }

  #begin(id: string, record: ErasureRecord): void {
    if (this.#begun.has(id)) return;
    this.#begun.add(id);
    this.#work = this.#work
      .then(() => this.#erase(id, record))
      .catch((error: unknown) =>
        this.#ports.log.error({ erasure: id, error: String(error) }, "A customer's data are not all erased yet. It is tried again soon."),
      )
      .finally(() => this.#begun.delete(id));
  }

  async #erase(id: string, record: ErasureRecord): Promise<void> {
    const { customer } = record;
    if (customer === undefined) return;
    const { store, erasers, clock } = this.#ports;
    const digests = { customer: idDigest(customer), conversations: [...(record.digests?.conversations ?? [])] };
    const erased: Record<string, number> = { ...record.erased };
    // What is erased again, after a backup was put back, was counted the first time.
    const counted = record.finishedAt === undefined ? erased : record.erased;
    const keep = (): Promise<void> => this.#keep(id, { ...record, digests, erased: counted });
    const note = (ids: readonly string[]): Promise<void> => {
      digests.conversations = [...new Set([...digests.conversations, ...ids.map(idDigest)])];
      return keep();
    };
    const parts = [{ what: "conversations", erase: () => this.#eraseConversations(customer, note) }, ...erasers];
    for (const part of parts) {
      const { what } = part;
      const count = await part.erase(customer);
      erased[what] = (erased[what] ?? 0) + count;
      // Whoever has to begin again knows what is gone already.
      if (count > 0) await keep();
    }
    await store.wipe();
    const { customer: _gone, ...rest } = record;
    await this.#keep(id, { ...rest, digests, status: "done", finishedAt: record.finishedAt ?? clock.now(), erased: counted });
  }

  async #keep(id: string, body: ErasureRecord): Promise<void> {
    await this.#ports.documents.write([{ do: "replace", kind: "erasure", id, body }], { at: this.#ports.clock.now() });
  }

  /** `note` keeps which they were, before they are gone. */
  async #eraseConversations(customer: string, note: (ids: readonly string[]) => Promise<void>): Promise<number> {
    const { store, searched, letGo, clock } = this.#ports;
    let count = 0;
    // Those that they begin meanwhile go as well: whoever comes back is somebody new afterwards.
    for (;;) {
      const ids = await store.conversationsOf(customer, { limit: CONVERSATIONS_AT_ONCE });
      if (ids.length === 0) break;
      await note(ids);
      await store.beginErasing(ids, clock.now());
      letGo(customer, ids);
      count += ids.length;
    }
    letGo(customer, []);
    await eraseBegun(store, searched);
    return count;
  }
}

/** Deletes all conversations that are being erased, a few rows at a time. */
export async function eraseBegun(store: CustomerDataStore, searched: SearchedTexts): Promise<void> {
  for (;;) {
    const ids = await store.listErasing(CONVERSATIONS_AT_ONCE);
    if (ids.length === 0) return;
    // Before the journals: one that is gone is not found again after a restart.
    await searched.removeFromSearch(ids);
    for (const id of ids) while (!(await store.eraseSome(id, ROWS_AT_ONCE)));
  }
}

function receiptOf({ id, body }: StoredDocument): Receipt {
  return { id, ...erasureRecord.parse(body) };
}
