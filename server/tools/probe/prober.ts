import type { ToolContent } from "../../../protocol/content.ts";
import type { ServerEntry } from "../mcp/servers/ports.ts";
import type { ToolDefinition } from "../definitions/tool-definition.ts";
import type { Fault } from "../../foundation/invalid-error.ts";
import type { Fault as ServerFault, MissingSignIn } from "../mcp/servers/fault.ts";
import type { AboutServer } from "../mcp/wire/about-server.ts";
import type { ProbeAdvice } from "./probe-advice.ts";
import type { RawMessage } from "./wire-record.ts";

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
  readonly adviceCode?: ProbeAdvice;
  readonly asks?: AskedCredentials;
  /** What is missing of a sign-in where the tools may be listed without one, or where OAuth is chosen. */
  readonly signIn?: MissingSignIn;
  /** One request and its answer. */
  readonly roundTripMs?: number;
  readonly protocolRevision?: string;
  /** Over which transport it answered. */
  readonly transport?: "streamable-http" | "sse" | "stdio";
  readonly about?: AboutServer;
  readonly tools: readonly ToolDefinition[];
  readonly leftOut: readonly { readonly tool: string; readonly reason: string }[];
}

/** Whether the whole list was read. */
export function hasList({ tools, reason }: Probe): boolean {
  return tools.length > 0 || reason === "no-tools-found";
}

export interface CallByHand {
  readonly tool: ToolDefinition;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly callId: string;
}

/** What a call wants that only a conversation has. */
export interface TriedNeed {
  readonly kind: "answers" | "sign-in";
  /** What it is, and what to do. */
  readonly message: string;
  /** What the server asked, in its words. */
  readonly questions: readonly string[];
}

/** A call by hand as it ended, with all that was said on the way. */
export interface TriedCall {
  readonly outcome: "ok" | "failed" | "cancelled" | "unknown" | "refused";
  readonly content: readonly ToolContent[];
  readonly structured?: unknown;
  readonly cause?: string;
  /** Why the server did not let us call: for its status. */
  readonly refusal?: ServerFault;
  readonly durationMs: number;
  /** Whether the server said of its result that it is an error. */
  readonly isError: boolean;
  readonly needs?: TriedNeed;
  /** Where the arguments do not fit; then nothing was sent. */
  readonly unfit?: readonly Fault[];
  /** `callMs`: from when the call left. `wholeMs`: with connecting. */
  readonly timing: { readonly connectMs?: number; readonly firstByteMs?: number; readonly callMs?: number; readonly wholeMs: number };
  /** The names of the credentials and headers that went with every request. */
  readonly headers: readonly string[];
  readonly messages: readonly RawMessage[];
  readonly leftOutMessages: number;
}

/** Speaks with a server outside of any conversation. No method rejects. Made by `createProber`. */
export interface Prober {
  probe(entry: ServerEntry, signal: AbortSignal): Promise<Probe>;
  call(entry: ServerEntry, request: CallByHand, signal: AbortSignal): Promise<TriedCall>;
}
