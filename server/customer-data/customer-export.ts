import { RequestError } from "../../protocol/errors.ts";
import type { JournalEvent } from "../../protocol/events.ts";
import type { Recording, Recordings } from "../conversation/ports/recordings.ts";
import type { Store } from "../conversation/ports/store.ts";
import type { CustomerDataStore } from "./ports.ts";

export interface CustomerExportPorts {
  readonly store: CustomerDataStore;
  readonly journal: Pick<Store, "find" | "readFrom" | "readResult">;
  readonly recordings: Pick<Recordings, "listOf">;
  /** What else is kept of them, by its name: it becomes a member of the export. */
  readonly others: Readonly<Record<string, (customerId: string) => Promise<unknown>>>;
  readonly now: () => number;
}

/** A recording of a voice call. Sound is large, so it is a file of its own: the API has it at this path. */
export interface ExportedRecording {
  readonly voiceCallId: string;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly file: string;
}

export type ExportPart =
  | { readonly kind: "customer"; readonly id: string; readonly exportedAt: number; readonly others: Readonly<Record<string, unknown>> }
  | { readonly kind: "conversation"; readonly id: string; readonly assistant: string; readonly recordings: readonly ExportedRecording[] }
  | { readonly kind: "event"; readonly event: Readonly<Record<string, unknown>>; readonly result?: unknown };

const CONVERSATIONS_AT_ONCE = 50;
const EVENTS_AT_ONCE = 100;
const BYTES_AT_ONCE = 256 * 1024;

/**
 * Everything that is kept of a customer, piece by piece, so that a large export slows nobody: the customer, then each
 * conversation, followed by its events. Throws `RequestError` `not-found` before the first piece.
 */
export async function* exportCustomer(ports: CustomerExportPorts, customerId: string): AsyncGenerator<ExportPart> {
  const { store, others, now } = ports;
  const found: Record<string, unknown> = {};
  for (const [name, read] of Object.entries(others)) {
    const value = await read(customerId);
    if (value !== undefined) found[name] = value;
  }
  const first = await store.conversationsOf(customerId, { limit: 1 });
  if (first.length === 0 && Object.keys(found).length === 0)
    throw new RequestError("not-found", { detail: `Nothing is kept of a customer ${customerId}.` });
  yield { kind: "customer", id: customerId, exportedAt: now(), others: found };
  for (let after: string | undefined; ;) {
    const ids = await store.conversationsOf(customerId, { limit: CONVERSATIONS_AT_ONCE, ...(after === undefined ? {} : { after }) });
    for (const id of ids) yield* conversation(ports, id);
    after = ids.at(-1);
    if (after === undefined) return;
  }
}

async function* conversation({ journal, recordings }: CustomerExportPorts, id: string): AsyncGenerator<ExportPart> {
  const found = await journal.find(id);
  if (found === undefined) return;
  yield { kind: "conversation", id, assistant: found.assistant, recordings: (await recordings.listOf(id)).map(exportedRecording) };
  for (let from = 1; ;) {
    const events = await journal.readFrom(id, from, EVENTS_AT_ONCE, BYTES_AT_ONCE);
    for (const event of events) {
      const result = event.type === "tool-call-ended" ? await journal.readResult(id, event.callId) : undefined;
      yield { kind: "event", event: exported(event), ...(result === undefined ? {} : { result }) };
    }
    const last = events.at(-1);
    if (last === undefined) return;
    from = last.seq + 1;
  }
}

function exportedRecording({ conversationId, voiceCallId, startedAt, durationMs }: Recording): ExportedRecording {
  const file = `/api/v1/conversations/${encodeURIComponent(conversationId)}/recordings/${encodeURIComponent(voiceCallId)}.wav`;
  return { voiceCallId, startedAt, durationMs, file };
}

/** What a model thought is its server's own, sealed or not, and nothing that the customer said. */
function exported(event: JournalEvent): Readonly<Record<string, unknown>> {
  if (event.type !== "step-ended") return { ...event };
  const { thoughts: _thoughts, ...rest } = event;
  return rest;
}
