import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { CompiledQuery, Kysely, Selectable } from "kysely";
import * as z from "zod";
import type { Attempted, Channel, Delivery, NewDelivery, NoticeStore, Raised } from "../../notices/ports.ts";
import type { DeliveriesTable } from "../notice-tables.ts";
import type { Schema } from "../schema.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { Statements } from "./statements.ts";
import { StoredRowError } from "./stored-json.ts";

type DeliveryRow = Selectable<DeliveriesTable>;

/** The queue of what is told to those who do not look at the console. */
export class SqliteNotices implements NoticeStore {
  readonly #database: DatabaseSync;
  readonly #kysely: Kysely<Schema>;
  readonly #statements: Statements;
  readonly #commit: GroupCommit;
  readonly #listening = new Set<() => void>();

  constructor(parts: { database: DatabaseSync; kysely: Kysely<Schema>; statements: Statements; commit: GroupCommit }) {
    this.#database = parts.database;
    this.#kysely = parts.kysely;
    this.#statements = parts.statements;
    this.#commit = parts.commit;
  }

  /** Something was raised in a commit. */
  tell(): void {
    for (const listener of this.#listening) listener();
  }

  onRaised(listener: () => void): () => void {
    this.#listening.add(listener);
    return () => void this.#listening.delete(listener);
  }

  async raise(body: unknown, at: number): Promise<void> {
    const row = { at, conversationId: null, seq: null, body: JSON.stringify(body) };
    await this.#commit.write(() => this.#statements.insertRaised.run(row));
    this.tell();
  }

  async listRaised(limit: number): Promise<readonly Raised[]> {
    return this.#statements.listRaised.all({ limit }).map(({ id, at, conversation_id: conversationId, seq, body }) => ({
      id,
      at,
      ...(conversationId === null || seq === null ? {} : { place: { conversationId, seq } }),
      ...(body === null ? {} : { body: JSON.parse(body) as unknown }),
    }));
  }

  async giveOut(raised: readonly number[], deliveries: readonly NewDelivery[]): Promise<void> {
    const isKept = await this.#commit.write(() => {
      const were = raised.filter((id) => this.#statements.deleteRaised.run({ id }) > 0);
      if (were.length < raised.length) return false;
      for (const { conversationId = null, dueAt, ...delivery } of deliveries) {
        // Erased since it was read: nothing of it is told any more, nor kept.
        if (conversationId !== null && !this.#isThere(conversationId)) continue;
        this.#statements.insertDelivery.run({ ...delivery, conversationId, dueAt: dueAt ?? delivery.at });
      }
      return true;
    });
    if (isKept && deliveries.length > 0) this.tell();
  }

  #isThere(id: string): boolean {
    return this.#statements.findConversation.get({ id })?.erasing_at === null;
  }

  async listDue(options: Parameters<NoticeStore["listDue"]>[0]): Promise<readonly Delivery[]> {
    const query = dueQuery(this.#kysely, options);
    const rows = this.#database.prepare(query.sql).all(...(query.parameters as SQLInputValue[])) as unknown as DeliveryRow[];
    return rows.map(deliveryOf);
  }

  async nextDue(after: number): Promise<number | undefined> {
    return this.#statements.nextDue.get({ after })?.due_at ?? undefined;
  }

  async attempted(id: string, attempted: Attempted): Promise<boolean> {
    const { status, answer } = attempted;
    const dueAt = attempted.status === "waiting" ? attempted.dueAt : null;
    const endedAt = dueAt === null ? answer.at + answer.durationMs : null;
    const row = { id, status, dueAt, endedAt, answer: JSON.stringify(answer) };
    return this.#commit.write(() => this.#statements.attemptedDelivery.run(row) > 0);
  }

  async again(id: string, at: number): Promise<boolean> {
    const changed = await this.#commit.write(() => this.#statements.againDelivery.run({ id, at }) > 0);
    if (changed) this.tell();
    return changed;
  }

  async find(id: string): Promise<Delivery | undefined> {
    const row = this.#statements.findDelivery.get({ id });
    return row === undefined ? undefined : deliveryOf(row);
  }

  async listOf({ channel, target, before, limit }: Parameters<NoticeStore["listOf"]>[0]): Promise<readonly Delivery[]> {
    const place = before === undefined ? undefined : this.#statements.findDelivery.get({ id: before })?.number;
    if (before !== undefined && place === undefined) return [];
    const rows = this.#statements.listDeliveries.all({ channel, target, before: place ?? Number.MAX_SAFE_INTEGER, limit });
    return rows.map(deliveryOf);
  }

  async purge(endedBefore: number, limit: number): Promise<number> {
    const ended = this.#statements.listEnded.all({ before: endedBefore, limit });
    if (ended.length === 0) return 0;
    await this.#commit.write(() => {
      for (const { id } of ended) this.#statements.deleteDelivery.run({ id });
    });
    return ended.length;
  }
}

/** How many targets are left out differs, so each number of them is compiled when it is asked for. */
export function dueQuery(
  kysely: Kysely<Schema>,
  { now, limit, except }: Parameters<NoticeStore["listDue"]>[0],
): CompiledQuery<DeliveryRow> {
  let query = kysely.selectFrom("deliveries").selectAll().where("due_at", "<=", now).orderBy("due_at").limit(limit);
  if (except.length > 0) query = query.where("target", "not in", [...except]);
  return query.compile();
}

const answerSchema = z.object({
  at: z.number(),
  status: z.int().exactOptional(),
  text: z.string().exactOptional(),
  fault: z.string().exactOptional(),
  durationMs: z.number(),
});
const statusSchema = z.enum(["waiting", "delivered", "dead", "cancelled"]);

function deliveryOf(row: DeliveryRow): Delivery {
  const { id, target, event, body, attempts, conversation_id: conversationId, due_at: dueAt, ended_at: endedAt } = row;
  try {
    return {
      id,
      channel: row.channel as Channel,
      target,
      event,
      body,
      attempts,
      at: row.created_at,
      status: statusSchema.parse(row.status),
      ...(conversationId === null ? {} : { conversationId }),
      ...(dueAt === null ? {} : { dueAt }),
      ...(endedAt === null ? {} : { endedAt }),
      ...(row.answer === null ? {} : { answer: answerSchema.parse(JSON.parse(row.answer)) }),
    };
  } catch (cause) {
    throw new StoredRowError(`Delivery ${id}`, cause);
  }
}
