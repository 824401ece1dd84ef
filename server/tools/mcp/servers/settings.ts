import type * as z from "zod";
import type { localFields, remoteFields } from "./server-fields.ts";

type Fields<Shape extends z.ZodRawShape> = Readonly<Omit<z.output<z.ZodObject<Shape>>, "name" | "auth">>;

interface Named {
  /** The identifier: what the model's tool names begin with. */
  readonly key: string;
  /** What people read. */
  readonly name: string;
}

/** How the server knows who calls; `oauth` only with that kind. */
export type ServerAuth = NonNullable<z.output<typeof remoteFields.auth>>;

/**
 * How a conversation reaches a remote MCP server, and what its owner chose, with every default filled in. The whole
 * URL, the values of `headers` and the client's secret are secrets: they are never logged, shown or put in an error.
 */
export interface RemoteServerSettings extends Named, Fields<typeof remoteFields> {
  readonly auth: ServerAuth;
}

/** The same for an MCP server that we start ourselves. */
export interface LocalServerSettings extends Named, Fields<typeof localFields> {}

export type McpServerSettings = RemoteServerSettings | LocalServerSettings;

/** The most that a call may take, however much progress it reports. */
const LONGEST_CALL_MS = 15 * 60_000;

export function isRemote(settings: McpServerSettings): settings is RemoteServerSettings {
  return "url" in settings;
}

/** How the server knows who calls. A program that we start has no need to. */
export function authKindOf(settings: McpServerSettings): ServerAuth["kind"] {
  return isRemote(settings) ? settings.auth.kind : "none";
}

/** Ten silent periods, fifteen minutes at most, and never less than one period. */
export function longestCallMs({ callTimeoutMs }: McpServerSettings): number {
  return Math.max(callTimeoutMs, Math.min(10 * callTimeoutMs, LONGEST_CALL_MS));
}

/** Where the server is, as far as staff may read it: without path, query and user. */
export function safeAddress(settings: McpServerSettings): string {
  if (!isRemote(settings)) return `the command "${settings.command}"`;
  return URL.canParse(settings.url) ? new URL(settings.url).origin : "an address that is not a URL";
}
