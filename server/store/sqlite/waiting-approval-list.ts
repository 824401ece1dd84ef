import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { type CompiledQuery, type Kysely, sql } from "kysely";
import type { WaitingApproval, WaitingApprovals } from "../../inbox/waiting-approvals.ts";
import type { Schema } from "../schema.ts";
import { NOT_ERASED } from "./conversation-list.ts";
import { eventOf, givenOf } from "./stored-json.ts";

type ListOptions = Parameters<WaitingApprovals["listWaiting"]>[0];

/** Written into the query: SQLite uses the partial index only for a constant. */
const WAITING = sql.lit("waiting");

/**
 * An approval with the events that say what for: the call as the model proposed it, and the request with its arguments.
 */
interface WaitingRow {
  readonly conversationId: string;
  readonly assistant: string;
  readonly customer: string;
  readonly preview: string | null;
  readonly proposedSeq: number;
  readonly proposedAt: number;
  readonly proposal: string;
  readonly requestedSeq: number;
  readonly requestedAt: number;
  readonly request: string;
  readonly approvalId: string;
  readonly given: string | null;
  readonly changedSeq: number | null;
  readonly changedAt: number | null;
  readonly change: string | null;
}

/** Which columns are asked for differs, so each combination is compiled when it is asked for. */
export class SqliteWaitingApprovals implements WaitingApprovals {
  readonly #database: DatabaseSync;
  readonly #kysely: Kysely<Schema>;

  constructor(database: DatabaseSync, kysely: Kysely<Schema>) {
    this.#database = database;
    this.#kysely = kysely;
  }

  async listWaiting(options: ListOptions): Promise<readonly WaitingApproval[]> {
    const query = waitingQuery(this.#kysely, options);
    const rows = this.#database.prepare(query.sql).all(...(query.parameters as SQLInputValue[])) as unknown as WaitingRow[];
    return rows.map(waitingApprovalOf);
  }

  async findWaiting(approvalId: string, now: number): Promise<WaitingApproval | undefined> {
    const query = allWaiting(this.#kysely, now).where("approvals.approval_id", "=", approvalId).compile();
    const row = this.#database.prepare(query.sql).get(...(query.parameters as SQLInputValue[])) as WaitingRow | undefined;
    return row === undefined ? undefined : waitingApprovalOf(row);
  }
}

export function waitingQuery(kysely: Kysely<Schema>, { after, limit, now, filter }: ListOptions): CompiledQuery<WaitingRow> {
  let query = allWaiting(kysely, now)
    .where("approvals.requested_at", ">=", after?.requestedAt ?? 0)
    .orderBy("approvals.requested_at")
    .orderBy("approvals.approval_id")
    .limit(limit);
  if (after !== undefined)
    query = query.where((where) =>
      where.or([where("approvals.requested_at", ">", after.requestedAt), where("approvals.approval_id", ">", after.approvalId)]),
    );
  if (filter.assistant !== undefined) query = query.where("conversations.assistant", "=", filter.assistant);
  if (filter.approver !== undefined) query = query.where("approvals.approver", "in", [filter.approver, "either"]);
  return query.compile();
}

function allWaiting(kysely: Kysely<Schema>, now: number) {
  return kysely
    .selectFrom("approvals")
    .innerJoin("conversations", "conversations.id", "approvals.conversation_id")
    .innerJoin("calls", (join) =>
      join.onRef("calls.conversation_id", "=", "approvals.conversation_id").onRef("calls.call_id", "=", "approvals.call_id"),
    )
    .innerJoin("events as proposals", (join) =>
      join.onRef("proposals.conversation_id", "=", "approvals.conversation_id").onRef("proposals.seq", "=", "calls.seq"),
    )
    .innerJoin("events as requests", (join) =>
      join.onRef("requests.conversation_id", "=", "approvals.conversation_id").onRef("requests.seq", "=", "approvals.requested_seq"),
    )
    .leftJoin("events as changes", (join) =>
      join.onRef("changes.conversation_id", "=", "approvals.conversation_id").onRef("changes.seq", "=", "approvals.arguments_seq"),
    )
    .select([
      "approvals.approval_id as approvalId",
      "approvals.given as given",
      "changes.seq as changedSeq",
      "changes.at as changedAt",
      "changes.body as change",
      "approvals.conversation_id as conversationId",
      "conversations.assistant as assistant",
      "conversations.customer_id as customer",
      "conversations.preview as preview",
      "proposals.seq as proposedSeq",
      "proposals.at as proposedAt",
      "proposals.body as proposal",
      "requests.seq as requestedSeq",
      "requests.at as requestedAt",
      "requests.body as request",
    ])
    .where("approvals.status", "=", WAITING)
    .where("approvals.expires_at", ">", now)
    .where(NOT_ERASED);
}

function waitingApprovalOf(row: WaitingRow): WaitingApproval {
  const { conversationId, assistant, customer } = row;
  const proposed = eventOf(conversationId, { type: "tool-call-proposed", seq: row.proposedSeq, at: row.proposedAt, body: row.proposal });
  const requested = eventOf(conversationId, { type: "approval-requested", seq: row.requestedSeq, at: row.requestedAt, body: row.request });
  if (proposed.type !== "tool-call-proposed" || requested.type !== "approval-requested") throw new Error("An event has another type.");
  const { server, serverName, tool, title, readOnly, destructive, trusted } = proposed.tool;
  const given = givenOf({ approval_id: row.approvalId, given: row.given });
  const { groups, people, because, escalated } = requested;
  return {
    approvalId: requested.approvalId,
    conversationId,
    assistant,
    customer,
    preview: row.preview !== null,
    callId: requested.callId,
    server,
    serverName,
    tool,
    title,
    arguments: requested.arguments,
    fields: requested.fields,
    ...changedArguments(row, requested.arguments),
    argumentsHash: given.at(-1)?.argumentsHash ?? requested.argumentsHash,
    approver: requested.approver,
    rememberable: requested.rememberable,
    requestedAt: requested.at,
    expiresAt: requested.expiresAt,
    given,
    ...defined({ readOnly, destructive, trusted, groups, people, because, escalated }),
  };
}

function changedArguments(
  { conversationId, changedSeq: seq, changedAt: at, change: body }: WaitingRow,
  requestedArguments: WaitingApproval["arguments"],
): Partial<WaitingApproval> {
  if (seq === null || at === null || body === null) return {};
  const change = eventOf(conversationId, { type: "approval-given", seq, at, body });
  return change.type === "approval-given" && change.arguments !== undefined
    ? { arguments: change.arguments, fields: change.fields ?? [], requestedArguments }
    : {};
}

function defined<Given extends object>(given: Given): { [Name in keyof Given]?: NonNullable<Given[Name]> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Given]?: NonNullable<Given[Name]>;
  };
}
