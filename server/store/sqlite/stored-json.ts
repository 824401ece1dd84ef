import * as z from "zod";
import { toolContentSchema } from "../../../protocol/content.ts";
import { type EventDraft, type JournalEvent, parseEvent } from "../../../protocol/events.ts";
import type { Selectable } from "kysely";
import type { InboxEntry } from "../../inbox/inbox.ts";
import type { GivenApproval, ResultView, StoredApproval } from "../../conversation/ports/store.ts";
import type { ApprovalsTable } from "../schema.ts";
import type { EventRow } from "./statements.ts";

/** A row that this program cannot have written: the file was changed by something else, or is damaged. */
export class StoredRowError extends Error {
  override readonly name = "StoredRowError";
  constructor(what: string, cause: unknown) {
    super(`${what} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}. Put back a backup of the database.`, {
      cause,
    });
  }
}

/** JSON text of everything but the type. JSON escapes NUL and lone surrogates, which a text column would not keep. */
export function bodyOf(draft: EventDraft): string {
  const { type: _type, ...body } = draft;
  return JSON.stringify(body);
}

/**
 * The event of a row. It is checked, but given back as it was written: parsing drops keys such as `__proto__` out of a
 * call's arguments.
 */
export function eventOf(conversationId: string, row: EventRow): JournalEvent {
  try {
    const body: object = JSON.parse(row.body);
    parseEvent(row.type, row.seq, row.at, body);
    return { ...body, type: row.type, seq: row.seq, at: row.at } as JournalEvent;
  } catch (cause) {
    throw new StoredRowError(`Event ${row.seq} of conversation ${conversationId}`, cause);
  }
}

const resultSchema = z.object({
  content: z.array(toolContentSchema),
  structured: z.unknown().optional(),
  meta: z.record(z.string(), z.unknown()).optional(),
  cutToBytes: z.int().optional(),
});

/** A result, or a view of one. */
export function resultOf(callId: string, body: string): ResultView {
  try {
    const result: ResultView = JSON.parse(body);
    resultSchema.parse(result);
    return result;
  } catch (cause) {
    throw new StoredRowError(`The result of call ${callId}`, cause);
  }
}

const approvalSchema = z.object({
  status: z.enum(["waiting", "approved", "rejected", "expired", "withdrawn", "consumed"]),
  approver: z.enum(["customer", "staff", "either"]),
});

const givenSchema = z.array(z.object({ by: z.string(), name: z.string().optional(), at: z.number(), argumentsHash: z.string() }));
export const groupsSchema = z.array(z.string());

export type ApprovalRow = Selectable<ApprovalsTable>;

/** Who of several approved already. */
export function givenOf({ approval_id, given }: Pick<ApprovalRow, "approval_id" | "given">): readonly GivenApproval[] {
  if (given === null) return [];
  try {
    return givenSchema.parse(JSON.parse(given)) as GivenApproval[];
  } catch (cause) {
    throw new StoredRowError(`Approval ${approval_id}`, cause);
  }
}

export function approvalOf(row: ApprovalRow): StoredApproval {
  const checked = approvalSchema.safeParse(row);
  if (!checked.success) throw new StoredRowError(`Approval ${row.approval_id}`, checked.error);
  const given = givenOf(row);
  return {
    approvalId: row.approval_id,
    conversationId: row.conversation_id,
    callId: row.call_id,
    turnId: row.turn_id,
    status: checked.data.status,
    approver: checked.data.approver,
    argumentsHash: given.at(-1)?.argumentsHash ?? row.arguments_hash,
    rememberable: row.rememberable === 1,
    expiresAt: row.expires_at,
    ...(row.approver_groups === null ? {} : { groups: groupsSchema.parse(JSON.parse(row.approver_groups)) }),
    ...(row.people === null ? {} : { people: row.people }),
    ...(row.escalated === 1 ? { escalated: true } : {}),
    given,
    ...(row.arguments_seq === null ? {} : { argumentsSeq: row.arguments_seq }),
  };
}

/** A list shows the beginning alone. */
const SHOWN_CHARACTERS = 200;
const WRITERS = { "message-received": "customer", "step-ended": "assistant", "reply-sent": "staff" } as const;

/** What a list shows of the event that a conversation's newest message is. */
export function lastMessageOf(row: {
  readonly messageSeq: number | null;
  readonly messageAt: number | null;
  readonly messageType: string | null;
  readonly messageBody: string | null;
}): InboxEntry["lastMessage"] {
  const by = WRITERS[row.messageType as keyof typeof WRITERS];
  if (by === undefined || row.messageSeq === null || row.messageAt === null || row.messageBody === null) return undefined;
  const { text } = JSON.parse(row.messageBody) as { text?: unknown };
  if (typeof text !== "string") return undefined;
  const shown = text.slice(0, SHOWN_CHARACTERS).toWellFormed().replaceAll(/\s+/g, " ").trim();
  return { seq: row.messageSeq, at: row.messageAt, by, text: text.length > SHOWN_CHARACTERS ? `${shown}…` : shown };
}
