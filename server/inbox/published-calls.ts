/**
 * The execution log of published servers: who used which tool when, and what came of it. Made by `store/`; the law is
 * in `test/contract/published-calls.ts`.
 */
export interface PublishedCall {
  readonly server: string;
  /** Absent: a test by hand. */
  readonly key?: string;
  /** What the key was called then. */
  readonly keyName?: string;
  /** Who tested by hand: a person of the staff, or an API key, with their name then. */
  readonly tester?: { readonly id: string; readonly name: string };
  /** As the client says; absent: it did not. */
  readonly clientName?: string;
  readonly clientVersion?: string;
  /** What clients know it by. */
  readonly tool: string;
  /** JSON, the beginning of a long one. */
  readonly arguments: string;
  /** What the client was answered, the beginning of a long one. */
  readonly result: string;
  readonly outcome: "ok" | "failed" | "refused" | "cancelled" | "unknown";
  /** Why, for staff, where it is not `ok`. */
  readonly cause?: string;
  /** The conversation in which a person was asked, or an assistant answered. */
  readonly conversation?: string;
  readonly at: number;
  readonly durationMs: number;
}

export interface LoggedPublishedCall extends PublishedCall {
  /** Grows with each entry; the cursor. */
  readonly id: number;
}

/**
 * `from <= at < to`. `q` is part of the tool, the key's, tester's or client's name, the arguments, the result or the
 * cause. `tests`: only tests by hand, or none of them.
 */
export interface PublishedCallFilter {
  readonly tests?: boolean;
  readonly key?: string;
  readonly tool?: string;
  readonly outcome?: string;
  readonly q?: string;
  readonly from?: number;
  readonly to?: number;
}

export interface KeyUsage {
  readonly key: string;
  readonly keyName: string;
  readonly calls: number;
  /** Those of them that did not end `ok`. */
  readonly failed: number;
  readonly lastAt: number;
  /** The client of the last one, as it says. */
  readonly clientName?: string;
  readonly clientVersion?: string;
}

export type FirstStep = "connected" | "listed" | "called";

export interface PublishedCalls {
  /** Adds calls in one transaction. */
  record(calls: readonly PublishedCall[]): Promise<void>;
  /** Newest first, before the entry `before`. */
  list(server: string, options: { before?: number; limit: number; filter: PublishedCallFilter }): Promise<readonly LoggedPublishedCall[]>;
  /** Per key, the one that was used last first, without tests by hand. */
  usage(server: string, span: { readonly from?: number; readonly to?: number }): Promise<readonly KeyUsage[]>;
  /** Keeps the time of a step, if it is the first of its kind. */
  reached(server: string, step: FirstStep, at: number): Promise<void>;
  first(server: string): Promise<Readonly<Partial<Record<FirstStep, number>>>>;
  /** Deletes entries before `before`. */
  forget(before: number): Promise<void>;
}
