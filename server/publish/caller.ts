import type { PublishedServer } from "../setup/published-servers/live-published.ts";
import type { CallEnd } from "./call-result.ts";

/** What of a published server its tools are made of. */
export type OfferedTool = PublishedServer["tools"][number];

/** A key of a published server; or, with `test`, somebody of the staff who tries it by hand. */
export interface CallerKey {
  readonly id: string;
  readonly name: string;
  readonly test?: { readonly by: { readonly id: string; readonly name: string }; readonly ended: (end: CallEnd) => void };
}

/** Who uses a published server: a key, over one connection. */
export interface Caller {
  readonly server: string;
  readonly key: CallerKey;
  /** Of a connection of the legacy era. Absent: each request stands alone. */
  readonly session?: string;
  /** How often assistants have already asked each other on the way here. */
  readonly depth: number;
}

/** A client, as it names itself. */
export interface Client {
  readonly name?: string;
  readonly version?: string;
}

/** The customer that a key is, in conversations and at MCP servers. */
export function customerOf({ server, key }: Pick<Caller, "server" | "key">): string {
  return `published:${server}:${key.id}`;
}

/** Who calls, as the staff reads it. */
export function callerSaid({ key, client, server }: { readonly key: CallerKey; readonly client: Client; readonly server: string }): string {
  if (key.test !== undefined) return `${key.test.by.name}, who tests "${server}",`;
  return `${client.name ?? "A program"} with the key "${key.name}" of "${server}"`;
}

/** So many times assistants may ask each other; then one of them stands in a circle. */
export const MOST_DEPTH = 3;
