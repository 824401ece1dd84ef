import type { Outcome, Refusal } from "../../../protocol/events.ts";
import type { ShownStatus } from "../../../protocol/shown-status.ts";
import type { DecidedWords } from "./decided-words.ts";

/**
 * What is said about tool calls: sources, details, pictures, approvals. A conversation without calls does not need it.
 */
export interface CallWords {
  /** What is said while the call is in this status, above its progress. `undefined`: nothing, its cards say enough. */
  readonly activity: { readonly [status in ShownStatus]: ((tool: string) => string) | undefined };
  readonly unknownOutcome: (tool: string) => string;
  readonly settled: { readonly ok: (tool: string) => string; readonly failed: (tool: string) => string };

  readonly sources: (count: number) => string;
  readonly outcomes: { readonly [outcome in Outcome]: string };
  readonly refusals: { readonly [refusal in Refusal]?: string };
  /** The plain sentence behind a row of Sources where the owner shows summaries only. */
  readonly summary: (server: string, tool: string, outcome: string) => string;
  readonly arguments: string;
  readonly result: string;
  readonly structured: string;
  readonly nothing: string;
  readonly reading: string;
  readonly readFailed: string;
  readonly cutTo: (size: string) => string;
  readonly picture: (tool: string) => string;
  readonly sound: (tool: string) => string;
  readonly mediaFailed: string;

  readonly question: (action: string) => string;
  readonly via: (server: string) => string;
  readonly viaPage: string;
  readonly approvalNeeded: (question: string) => string;
  readonly destructive: string;
  /** Beside a value that the website has said, and nobody else. */
  readonly filled: string;
  readonly exactArguments: string;
  readonly approve: string;
  readonly approveAlways: string;
  readonly reject: string;
  readonly reason: string;
  readonly reasonPlaceholder: string;
  readonly timeLeft: (duration: string) => string;
  readonly timeOver: string;
  readonly staffDecides: string;
  readonly approving: string;
  readonly rejecting: string;
  readonly cameSecond: string;
  readonly approved: DecidedWords;
  readonly rejected: DecidedWords;
  readonly theTeam: string;
  readonly expired: string;
  readonly withdrawn: string;
  /** The team changed the values before they approved. */
  readonly edited: (values: string) => string;
  readonly reasonGiven: (reason: string) => string;
  readonly yes: string;
  readonly no: string;
}
