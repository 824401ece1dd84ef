import type { ToolDefinition } from "../definitions/tool-definition.ts";
import type { Lacking } from "./access.ts";
import type { DatedList } from "./server-knowledge.ts";
import type { Fault } from "./servers/fault.ts";
import type { RememberedTools } from "./servers/ports.ts";
import type { McpLink } from "./wire/mcp-link.ts";

/** One conversation's links to one server. */
export interface Links {
  /** Aborted by `close`. */
  readonly leaving: AbortSignal;
  /** Whether each use has a link of its own, which whoever takes it closes. */
  readonly alone: boolean;
  /**
   * A link that can be used now. Calls `asked` when the first request leaves, or has left. Throws `LinkError`, or
   * `NeedsSignInError`.
   */
  take(signal: AbortSignal, asked: () => void): Promise<McpLink>;
  /** Gives `work` the server's time to get ready, which begins when `asked` is called. Throws `LinkError` when it is over. */
  inTime<T>(work: (signal: AbortSignal, asked: () => void) => Promise<T>): Promise<T>;
  /** Why the tool may not be called over this link as it was offered; undefined or absent: it may. */
  refusal?(link: McpLink, definition: ToolDefinition): string | undefined;
  /** Says that something is under way; the answer ends that. */
  hold?(): () => void;
  close(): Promise<void>;
}

/** A server's tools, as one conversation has them. */
export interface ToolListing {
  /** A list that was read, what is remembered of it, or why there is none. Never throws. */
  read(): Promise<DatedList | RememberedTools | Fault | Lacking>;
  /** There is a sign-in now that the list was read without. */
  forget(): void;
}
