import { type CompiledQuery, type Kysely, sql } from "kysely";
import type { AuditFilter } from "../../documents/ports.ts";
import type { CallFilter } from "../../inbox/calls.ts";
import type { Schema } from "../schema.ts";
import { NOT_ERASED } from "./conversation-list.ts";

/**
 * The audit log, newest first. Which columns are asked for differs, so each combination is compiled when it is asked
 * for.
 */
export function auditQuery(
  kysely: Kysely<Schema>,
  { before, limit, filter }: { before?: number; limit: number; filter: AuditFilter },
): CompiledQuery {
  const equal = [
    ["actor_id", filter.actor],
    ["action", filter.action],
    ["target_id", filter.targetId],
    ["target_kind", filter.targetKind],
  ] as const;
  let query = kysely.selectFrom("audit").selectAll().orderBy("at", "desc").orderBy("id", "desc").limit(limit);
  if (before !== undefined)
    query = query.where(sql<boolean>`(at, id) < ((select at from audit as earlier where earlier.id = ${before}), ${before})`);
  for (const [column, value] of equal) if (value !== undefined) query = query.where(column, "=", value);
  if (filter.from !== undefined) query = query.where("at", ">=", filter.from);
  if (filter.to !== undefined) query = query.where("at", "<", filter.to);
  if (filter.words !== undefined)
    query = query.where(sql<boolean>`id in (select rowid from audit_words where audit_words match ${matchOf(filter.words)})`);
  return query.compile();
}

/**
 * What FTS5 looks for: every word as the beginning of one. What people type is no query of its own, so each word is
 * quoted. A word without a letter or a digit looks for nothing.
 */
function matchOf(words: string): string {
  const said = words.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return said.map((word) => `"${word.replaceAll('"', '""')}"*`).join(" ") || '""';
}

/** Calls, newest first. The arguments of a conversation's call are only in its journal. */
export function callsQuery(
  kysely: Kysely<Schema>,
  { before, limit, filter }: { before?: CallPlace; limit: number; filter: CallFilter },
): CompiledQuery {
  const equal = [
    ["call_records.conversation_id", filter.conversation],
    ["call_records.customer_id", filter.customer],
    ["call_records.assistant", filter.assistant],
    ["call_records.server", filter.server],
    ["call_records.tool", filter.tool],
    ["call_records.outcome", filter.outcome],
  ] as const;
  const from = filter.from ?? 0;
  const to = Math.min(filter.to ?? Infinity, before === undefined ? Infinity : before.at + 1);
  let query = kysely
    .selectFrom("call_records")
    .leftJoin("calls", (join) =>
      join.onRef("calls.conversation_id", "=", "call_records.conversation_id").onRef("calls.call_id", "=", "call_records.call_id"),
    )
    .leftJoin("events", (join) => join.onRef("events.conversation_id", "=", "calls.conversation_id").onRef("events.seq", "=", "calls.seq"))
    .leftJoin("conversations", "conversations.id", "call_records.conversation_id")
    .leftJoin("events as edits", (join) =>
      join.onRef("edits.conversation_id", "=", "calls.conversation_id").onRef("edits.seq", "=", "calls.edited_seq"),
    )
    .selectAll("call_records")
    .select(["events.body as proposal", "edits.body as edit", "calls.seq as seq"])
    .where(NOT_ERASED)
    .where("call_records.at", ">=", from)
    .where("call_records.at", "<", Number.isFinite(to) ? to : Number.MAX_SAFE_INTEGER)
    .orderBy("call_records.at", "desc")
    .orderBy("call_records.id", "desc")
    .limit(limit);
  for (const [column, value] of equal) if (value !== undefined) query = query.where(column, "=", value);
  const { person } = filter;
  if (person !== undefined)
    query = query.where((where) =>
      // As `recordCall` writes who decided.
      where.or([where("person", "=", person), sql<boolean>`instr(approval, ${`"by":${JSON.stringify(person)}`}) > 0`]),
    );
  if (before !== undefined)
    query = query.where((where) => where.or([where("call_records.at", "<", before.at), where("call_records.id", "<", before.id)]));
  return query.compile();
}

/** The place of a call in the list. */
export interface CallPlace {
  readonly at: number;
  readonly id: number;
}

const AT_DIGITS = 16;
const ID_DIGITS = 16;

/** A text that sorts as the place does. */
export function cursorOf({ at, id }: CallPlace): string {
  return `${String(at).padStart(AT_DIGITS, "0")}-${String(id).padStart(ID_DIGITS, "0")}`;
}

/** Undefined for a text that is not one of our cursors. */
export function placeOf(cursor: string): CallPlace | undefined {
  const [, at, id] = /^(\d{16})-(\d{16})$/.exec(cursor) ?? [];
  return at === undefined || id === undefined ? undefined : { at: Number(at), id: Number(id) };
}
