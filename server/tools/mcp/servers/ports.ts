/**
 * What the MCP host needs to know of servers and sign-ins, declared by its user. `setup/` and `oauth/` make them;
 * `start/` joins.
 */
import type { ConnectionNeed } from "../../../conversation/ports/tools.ts";
import type { Fault } from "./fault.ts";
import type { McpServerSettings } from "./settings.ts";
import type { ToolDefinition } from "../../definitions/tool-definition.ts";

/** A server as it is set at this moment. */
export interface ServerEntry {
  readonly settings: McpServerSettings;
  /** Another one: what was opened and listed under the earlier one is let go. */
  readonly revision: string;
}

/**
 * How a pinned tool stands. `hidden`: disabled, or quarantined because its definition changed, or new where new tools
 * are disabled.
 */
export type PinVerdict =
  /** `asks`: nobody has accepted it as it is, so it asks before each call whatever the connector allows. */
  { readonly use: "offered"; readonly asks?: true } | { readonly use: "hidden"; readonly reason: "disabled" | "changed" | "new" };

/** What is known of a program's tools without starting it: the whole accepted list, and how each tool stands. */
export interface RememberedTools {
  /** The same array as long as nothing of it changed. */
  readonly tools: readonly ToolDefinition[];
  readonly verdicts: ReadonlyMap<string, PinVerdict>;
}

export interface ServerDirectory {
  /** Undefined: no such server, or it may not be used any more. */
  find(key: string): ServerEntry | undefined;
  /**
   * A list was read from the server: what is new is kept, what changed is quarantined. A list that a customer's own
   * sign-in read, `ofCustomer`, is theirs: it changes nothing for anybody else. Answers synchronously, for every tool of
   * the list, from what is pinned; the writing goes on behind.
   */
  observe(key: string, tools: readonly ToolDefinition[], ofCustomer?: string): ReadonlyMap<string, PinVerdict>;
  /**
   * Lists that were read under another number than this one are out of date, whatever the server said of how long they
   * are good. Absent: never.
   */
  listGeneration?(key: string): number;
  /**
   * How a conversation found the server: usable (undefined), or with this fault. Keeps the shown status true between
   * two checks.
   */
  saw?(key: string, fault: Fault | undefined, by?: SeenBy): void;
  /**
   * The accepted definitions, for a server whose list cannot be read without a sign-in that this customer does not have
   * yet.
   */
  pinned(key: string): readonly ToolDefinition[];
  /** Whether customers who signed in have more than `pinned`. Absent: no. */
  hasMore?(key: string): boolean;
  /** The tools of a program, as its last start showed them. Undefined: they were never read. */
  remembered(key: string): RememberedTools | undefined;
  /** A program that was just started lists these tools: all that it has, and the same for everybody. */
  learnt(key: string, tools: readonly ToolDefinition[]): void;
}

/**
 * What showed it: a list, or a call, that went with what everybody shares; or either with a customer's own sign-in. That
 * a list can be read says nothing of calls.
 */
export type SeenBy = "list" | "call" | "personal";

/** Whose sign-in a request goes with. */
export type ConnectionOwner = { readonly kind: "shared" } | { readonly kind: "customer"; readonly id: string };

export interface Authorizations {
  /**
   * The bearer token to send, refreshed when it is about to end (once, however many ask, on however many nodes); or
   * what has to be done first.
   */
  token(
    server: string,
    owner: ConnectionOwner,
    signal?: AbortSignal,
  ): Promise<{ readonly token: string } | { readonly need: ConnectionNeed }>;
  /**
   * The server answered 401 or 403 to a token. Answers with another one if a refresh helps, otherwise with what has to
   * be done. `challenge` is the `WWW-Authenticate` header.
   */
  refused(
    server: string,
    owner: ConnectionOwner,
    refusal: { readonly status: 401 | 403; readonly challenge: string | undefined; readonly token: string },
    signal?: AbortSignal,
  ): Promise<{ readonly token: string } | { readonly need: ConnectionNeed }>;
}
