/** What assistants need to know about people, servers and connections. `start/` joins them. */
import type { AuditActor } from "../../documents/ports.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import type { ServerStatus } from "../mcp-servers/server-status.ts";

export interface StaffDirectory {
  /** Undefined: there is no such person, or they are disabled. */
  find(personId: string): Promise<Staff | undefined>;
}

/** What hangs on an assistant; conversations in previews do not count. */
export interface ConversationCounter {
  countConversations(
    assistant: string,
    now: number,
  ): Promise<{ readonly total: number; readonly open: number; readonly waitingForApproval: number; readonly lastAt?: number }>;
}

/** A person or key with their present rights. Undefined: they are gone, or disabled. */
export type FindStaff = (actor: AuditActor) => Promise<Staff | undefined>;

/** An enabled tool of a server. */
export interface UsableTool {
  readonly name: string;
  readonly title?: string;
  /** Whether its accepted definition says that it changes nothing. */
  readonly readOnly: boolean;
  /** Its accepted definition says that it may destroy something. */
  readonly destructive?: true;
  /**
   * `changed`: quarantined until a person accepts its new definition. `new`: no person has reviewed it yet. `proposed`:
   * only customers' own lists have it.
   */
  readonly state: "accepted" | "changed" | "new" | "proposed";
  /** The model reads only the beginning of one of its texts. Absent: all of them to their ends. */
  readonly cut?: true;
}

/** A server as an assistant's page shows it. `http` is the server of all HTTP tools, `device` of the assistant's devices. */
export interface UsableServer {
  readonly name: string;
  readonly auth: "none" | "headers" | "oauth";
  readonly status: Pick<ServerStatus, "status" | "reason" | "detail" | "adviceCode" | "signIn"> & { readonly since?: number };
  readonly toolCount: number;
}

export interface UsableServers {
  /** Undefined: there is no such server. */
  find(key: string, assistant: string): Promise<UsableServer | undefined> | UsableServer | undefined;
  tools(key: string, assistant: string): Promise<readonly UsableTool[]> | readonly UsableTool[];
  /** The id of the server's shared connection; undefined: there is none. */
  sharedConnection(key: string): Promise<string | undefined> | string | undefined;
}
