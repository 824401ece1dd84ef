import type { Selectable } from "kysely";
import * as z from "zod";
import type { AuditEntry, DocumentKind, StoredDocument } from "../../documents/ports.ts";
import type { CallRecord } from "../../inbox/calls.ts";
import type { AuditTable, CallRecordsTable, DocumentsTable } from "../schema.ts";
import { StoredRowError } from "./stored-json.ts";

/** Of `tool-call-proposed`. */
interface Proposal {
  readonly tool: { readonly serverName: string; readonly title: string };
  readonly arguments?: unknown;
  readonly argumentsText?: unknown;
}

/** A row of `call_records` with the body of the event that proposed the call. */
export type CallRow = Selectable<CallRecordsTable> & {
  readonly proposal: string | null;
  readonly edit: string | null;
  readonly seq: number | null;
};

/** Undefined for none, and for one that has expired. */
export function documentOf(row: Selectable<DocumentsTable> | undefined, now: number): StoredDocument | undefined {
  if (row === undefined || (row.expires_at !== null && row.expires_at <= now)) return undefined;
  return {
    kind: row.kind as DocumentKind,
    id: row.id,
    version: row.version,
    parent: row.parent ?? undefined,
    body: parse(row.body, () => `The ${row.kind} ${row.id}`),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    expiresAt: row.expires_at ?? undefined,
  };
}

const actorKindSchema = z.enum(["person", "key", "system"]);

export function auditEntryOf(row: Selectable<AuditTable>): AuditEntry {
  const kind = actorKindSchema.safeParse(row.actor_kind);
  const name = () => `Audit entry ${row.id}`;
  if (!kind.success) throw new StoredRowError(name(), kind.error);
  return {
    id: row.id,
    at: row.at,
    by: { kind: kind.data, id: row.actor_id, name: row.actor_name },
    action: row.action,
    target: { kind: row.target_kind, id: row.target_id },
    ...(row.before_body === null ? {} : { before: parse(row.before_body, name) }),
    ...(row.after_body === null ? {} : { after: parse(row.after_body, name) }),
  };
}

const outcomeSchema = z.enum(["waiting", "running", "ok", "failed", "cancelled", "unknown", "refused"]);
const approvalSchema = z.object({ decision: z.string(), by: z.string(), byName: z.string().optional(), at: z.number() });

export function callRecordOf(row: CallRow, cursor: string): CallRecord {
  const name = () => `The record of call ${row.call_id}`;
  const outcome = outcomeSchema.safeParse(row.outcome);
  if (!outcome.success) throw new StoredRowError(name(), outcome.error);
  const approval = row.approval === null ? undefined : approvalSchema.safeParse(parse(row.approval, name));
  if (approval?.success === false) throw new StoredRowError(name(), approval.error);
  const proposal = row.proposal === null ? undefined : (parse(row.proposal, name) as Proposal);
  const given = argumentsOf(row, proposal, name);
  return {
    callId: row.call_id,
    cursor,
    at: row.at,
    server: row.server,
    tool: row.tool,
    outcome: outcome.data,
    ...(proposal === undefined ? {} : { serverName: proposal.tool.serverName, title: proposal.tool.title }),
    ...(given === undefined ? {} : { arguments: given }),
    ...present({
      assistant: row.assistant,
      conversation: row.conversation_id,
      customer: row.customer_id,
      seq: row.seq,
      person: row.person,
      personName: row.person_name,
      refusal: row.refusal,
      startedAt: row.started_at,
      endedAt: row.ended_at,
      durationMs: row.duration_ms,
      cause: row.cause,
    }),
    ...(approval === undefined ? {} : { approval: approval.data as NonNullable<CallRecord["approval"]> }),
  };
}

function argumentsOf(row: CallRow, proposal: Proposal | undefined, name: () => string): unknown {
  if (row.arguments !== null) return parse(row.arguments, name);
  if (row.edit !== null) return (parse(row.edit, name) as { readonly arguments?: unknown }).arguments;
  return proposal?.arguments ?? proposal?.argumentsText;
}

/** Leaves out what is null: an absent field is not in the object. */
function present<Row extends object>(row: Row): { [Name in keyof Row]?: NonNullable<Row[Name]> } {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as { [Name in keyof Row]?: NonNullable<Row[Name]> };
}

function parse(text: string, name: () => string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StoredRowError(name(), cause);
  }
}
