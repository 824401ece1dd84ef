import type { PublishedServer } from "../../setup/published-servers/live-published.ts";
import type { CallEnd } from "./call-result.ts";

/** What of a published server its tools are made of. */
export type OfferedTool = PublishedServer["tools"][number];

/** What a client shows: a key, or what a person let a program do; or, with `test`, somebody of the staff who tries by hand. */
export interface CallerKey {
  /** Of the key, or of the grant. */
  readonly id: string;
  /** Of the key; or of the person, and of the program that they signed in. */
  readonly name: string;
  /** Who signed in. They have those of the tools that they could publish themselves. */
  readonly person?: string;
  readonly test?: { readonly by: { readonly id: string; readonly name: string }; readonly ended: (end: CallEnd) => void };
}

/** Who uses a published server, over one connection. */
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

/** The customer that a key or a grant is, in conversations and at MCP servers. */
export function customerOf({ server, key }: Pick<Caller, "server" | "key">): string {
  return `published:${server}:${key.id}`;
}

/** Who calls, as the staff reads it. */
export function callerSaid({ key, client, server }: { readonly key: CallerKey; readonly client: Client; readonly server: string }): string {
  if (key.test !== undefined) return `${key.test.by.name}, who tests "${server}",`;
  const as = key.person === undefined ? `with the key "${key.name}"` : `signed in as "${key.name}"`;
  return `${client.name ?? "A program"} ${as} of "${server}"`;
}

/** So many times assistants may ask each other; then one of them stands in a circle. */
export const MOST_DEPTH = 3;
