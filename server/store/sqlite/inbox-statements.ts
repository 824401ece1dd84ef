import type { DatabaseSync } from "node:sqlite";
import { type Kysely, type Selectable, sql } from "kysely";
import type { InboxTable, Schema } from "../schema.ts";
import { type Parameter, prepare } from "./statement.ts";

export type InboxRow = Selectable<InboxTable>;

/** What the journal moves. */
export interface InboxMove {
  readonly id: string;
  readonly customerId: string;
  readonly activeAt: number;
  readonly closed: number;
  readonly waitingApprovals: number;
  readonly askedAt: number | null;
  readonly unknownCalls: number;
  readonly assignee: string | null;
  readonly assigneeName: string | null;
  readonly snoozedUntil: number | null;
  readonly messageSeq: number;
  readonly heardSeq: number;
  readonly voiceCallId: string | null;
  readonly voiceCallAt: number | null;
}

/** What a member of the staff changes. */
export interface InboxSetting {
  readonly id: string;
  readonly activeAt: number;
  readonly assignee: string | null;
  readonly assigneeName: string | null;
  readonly tags: string;
  readonly priority: number;
  readonly snoozedUntil: number | null;
}

/** The rows of the inbox, and what they count. */
export function inboxStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    insertInbox: prepare(
      database,
      (
        parameter: Parameter<{
          id: string;
          assistant: string;
          customerId: string;
          at: number;
          language: string | null;
          page: string | null;
        }>,
      ) =>
        kysely.insertInto("inbox").values({
          conversation_id: parameter("id"),
          assistant: parameter("assistant"),
          customer_id: parameter("customerId"),
          active_at: parameter("at"),
          language: parameter("language"),
          page: parameter("page"),
        }),
    ),
    findInbox: prepare(database, (parameter: Parameter<{ id: string }>) =>
      kysely.selectFrom("inbox").selectAll().where("conversation_id", "=", parameter("id")),
    ),
    countWaiting: prepare(database, (parameter: Parameter<{ id: string }>) =>
      kysely
        .selectFrom("approvals")
        .select(({ fn }) => fn.countAll<number>().as("waiting"))
        .where("conversation_id", "=", parameter("id"))
        .where("status", "=", sql.lit("waiting"))
        .where("approver", "in", ["staff", "either"]),
    ),
  };
}

/** How the journal and the staff move them. */
export function inboxMoveStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    moveInbox: prepare(database, (parameter: Parameter<InboxMove>) =>
      kysely
        .updateTable("inbox")
        .set({
          customer_id: parameter("customerId"),
          active_at: parameter("activeAt"),
          closed: parameter("closed"),
          waiting_approvals: parameter("waitingApprovals"),
          asked_at: parameter("askedAt"),
          unknown_calls: parameter("unknownCalls"),
          assignee: parameter("assignee"),
          assignee_name: parameter("assigneeName"),
          snoozed_until: parameter("snoozedUntil"),
          message_seq: parameter("messageSeq"),
          heard_seq: parameter("heardSeq"),
          voice_call_id: parameter("voiceCallId"),
          voice_call_at: parameter("voiceCallAt"),
        })
        .where("conversation_id", "=", parameter("id")),
    ),
    setInbox: prepare(database, (parameter: Parameter<InboxSetting>) =>
      kysely
        .updateTable("inbox")
        .set({
          active_at: parameter("activeAt"),
          assignee: parameter("assignee"),
          assignee_name: parameter("assigneeName"),
          tags: parameter("tags"),
          priority: parameter("priority"),
          snoozed_until: parameter("snoozedUntil"),
        })
        .set((build) => ({ version: build("version", "+", 1) }))
        .where("conversation_id", "=", parameter("id")),
    ),
  };
}

/** What conversations are found by, and who has seen them. */
export function inboxMarkStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    insertMark: prepare(database, (parameter: Parameter<{ id: string; mark: string }>) =>
      kysely
        .insertInto("inbox_marks")
        .values({ mark: parameter("mark"), conversation_id: parameter("id") })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    deleteMark: prepare(database, (parameter: Parameter<{ id: string; mark: string }>) =>
      kysely.deleteFrom("inbox_marks").where("mark", "=", parameter("mark")).where("conversation_id", "=", parameter("id")),
    ),
    setSeen: prepare(database, (parameter: Parameter<{ id: string; member: string; seq: number }>) =>
      kysely
        .insertInto("inbox_seen")
        .values({ conversation_id: parameter("id"), member: parameter("member"), seq: parameter("seq") })
        .onConflict((conflict) =>
          conflict
            .columns(["conversation_id", "member"])
            .doUpdateSet((build) => ({ seq: build.ref("excluded.seq") }))
            .whereRef("excluded.seq", ">", "inbox_seen.seq"),
        ),
    ),
    setSeenByAnybody: prepare(database, (parameter: Parameter<{ id: string; seq: number }>) =>
      kysely
        .updateTable("inbox")
        .set({ seen_seq: parameter("seq") })
        .where("conversation_id", "=", parameter("id"))
        .where("seen_seq", "<", parameter("seq")),
    ),
  };
}
