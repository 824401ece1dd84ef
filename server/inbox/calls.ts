import type { AuditDraft } from "../documents/ports.ts";

/** `from <= at < to`. */
export interface CallFilter {
  readonly assistant?: string;
  readonly conversation?: string;
  readonly customer?: string;
  readonly server?: string;
  readonly tool?: string;
  /** Who tested, or decided about it. */
  readonly person?: string;
  readonly outcome?: string;
  readonly from?: number;
  readonly to?: number;
}

/**
 * One tool call, derived from the journal in the same transaction; or a test by hand (`conversation` undefined,
 * `person` set).
 */
export interface CallRecord {
  readonly callId: string;
  /** Sorts by time; the cursor. */
  readonly cursor: string;
  readonly at: number;
  readonly assistant?: string;
  readonly conversation?: string;
  readonly customer?: string;
  /** The number of the event that proposed it. */
  readonly seq?: number;
  /** Who tested. */
  readonly person?: string;
  /** Their name then. */
  readonly personName?: string;
  readonly server: string;
  /** What people called the server and the tool when it was asked for; absent: a test by hand. */
  readonly serverName?: string;
  readonly title?: string;
  readonly tool: string;
  readonly arguments?: unknown;
  /** `running` and `waiting` until it ended. */
  readonly outcome: "waiting" | "running" | "ok" | "failed" | "cancelled" | "unknown" | "refused";
  readonly refusal?: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly durationMs?: number;
  readonly approval?: { readonly decision: string; readonly by: string; readonly byName?: string; readonly at: number };
  readonly cause?: string;
}

/**
 * The tool calls of all conversations, and the tests by hand, for staff. Made by `store/`; the law is in
 * `test/contract/calls.ts`.
 */
export interface CallList {
  /** Newest first, before the cursor `before`. */
  listCalls(options: { before?: string; limit: number; filter: CallFilter }): Promise<readonly CallRecord[]>;
  /**
   * Adds a test by hand, and its audit entries in the same transaction; they bear the time at which the test ended. The
   * cursor is the store's.
   */
  recordTest(call: Omit<CallRecord, "cursor">, audit?: readonly AuditDraft[]): Promise<void>;
}
