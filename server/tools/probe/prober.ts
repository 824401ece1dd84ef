import type { ToolContent } from "../../../protocol/content.ts";
import type { ServerEntry } from "../mcp/servers/ports.ts";
import type { ToolDefinition } from "../definitions/tool-definition.ts";

/** Why a server cannot be used, by who can mend it. */
export const PROBE_REASONS = [
  /** Its name is not known, the connection is refused, or there is nothing at the path. */
  "server-not-found",
  /** Too slow, a certificate, an address that is not allowed, another transport. */
  "connection-failed",
  "authentication-failed",
  "no-tools-found",
  "not-an-mcp-server",
  "protocol-error",
  /** A program that we started, and that ended by itself. */
  "program-ended",
] as const;
export type ProbeReason = (typeof PROBE_REASONS)[number];

/** The credentials that a server wants, as far as it says. */
export const ASKED_CREDENTIALS = ["oauth", "bearer", "basic", "other"] as const;
export type AskedCredentials = (typeof ASKED_CREDENTIALS)[number];

/** How a server is at this moment. Texts are for staff and hold no secret. */
export interface Probe {
  readonly status: "connected" | "disconnected";
  readonly reason?: ProbeReason;
  /** What happened, to which server. */
  readonly detail?: string;
  /** What to do about it. */
  readonly advice?: string;
  readonly asks?: AskedCredentials;
  /** One request and its answer. */
  readonly roundTripMs?: number;
  readonly protocolRevision?: string;
  readonly tools: readonly ToolDefinition[];
  readonly leftOut: readonly { readonly tool: string; readonly reason: string }[];
}

/** A call by hand, as it ended. */
export interface ProbedCall {
  readonly outcome: "ok" | "failed" | "cancelled" | "unknown" | "refused";
  readonly content: readonly ToolContent[];
  readonly structured?: unknown;
  readonly cause?: string;
  readonly durationMs: number;
}

/** Speaks with a server outside of any conversation. Neither method rejects. Made by `createProber`. */
export interface Prober {
  probe(entry: ServerEntry, signal: AbortSignal): Promise<Probe>;
  call(
    entry: ServerEntry,
    request: { readonly tool: ToolDefinition; readonly arguments: Readonly<Record<string, unknown>>; readonly callId: string },
    signal: AbortSignal,
  ): Promise<ProbedCall>;
}
