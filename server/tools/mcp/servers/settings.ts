/** What an owner decides about a server, besides how it is reached. Absent: the careful choice. */
export interface ServerChoices {
  readonly description?: string;
  /** `https:` or `data:` with an image. */
  readonly icon?: string;
  /** Whether what it says may be taken for the owner's own words (careful mode). */
  readonly trusted?: boolean;
  /** Tokens that the server may make our model say in one call. Absent or 0: sampling is not offered to it. */
  readonly samplingTokens?: number;
  /** What is kept of results. Absent: `full`. */
  readonly results?: "full" | "redacted" | "none";
  /** What becomes of a tool that the server did not have when it was accepted. Absent: `needs_approval`. */
  readonly newTools?: "needs_approval" | "disabled";
}

/** Sign-in with OAuth 2.0. Everything absent is found out from the server itself. */
export interface OAuthSettings {
  readonly type: "oauth";
  /** How the shared connection signs in: as a person did, or as itself. A customer's own always is a person's. Absent: `authorization_code`. */
  readonly grant?: "authorization_code" | "client_credentials";
  /** Where we were registered by hand. */
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Separated by spaces. */
  readonly scope?: string;
  /** Where the sign-in comes back to, if not to this server's own callback. */
  readonly redirectUrl?: string;
}

/** How a conversation reaches a remote MCP server. The whole URL counts as a secret: it is never logged, shown or put in an error. */
export interface RemoteServerSettings extends ServerChoices {
  /** The identifier: what the model's tool names begin with. */
  readonly key: string;
  /** What people read. */
  readonly name: string;
  readonly url: string;
  /** `auto`: a path ending in `/mcp` is Streamable HTTP, in `/sse` is SSE; anything else is tried in that order. Absent means `auto`. */
  readonly transport?: "auto" | "streamable-http" | "sse";
  /** Sent with every request; secrets. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent: no sign-in, or none but what the headers say. */
  readonly auth?: OAuthSettings;
  /** How long a call may be silent. Progress starts it anew. */
  readonly timeoutMs?: number;
  /** How long connecting and reading the list of tools may take together. */
  readonly connectTimeoutMs?: number;
  /** `conversation`: one connection serves all calls of a conversation. `call`: each call has its own. */
  readonly isolation?: "conversation" | "call";
}

/** An MCP server that we start ourselves and speak with over its standard input and output. Only a configuration file may name one. */
export interface LocalServerSettings extends ServerChoices {
  readonly key: string;
  readonly name: string;
  readonly command: string;
  readonly args?: readonly string[];
  /** All that the process gets to see, besides `PATH`, `HOME` and the like. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly connectTimeoutMs?: number;
  readonly isolation?: "conversation" | "call";
}

/** One MCP server, as the configuration has it. */
export type McpServerSettings = RemoteServerSettings | LocalServerSettings;

export const DEFAULT_CALL_TIMEOUT_MS = 30_000;
export const DEFAULT_CONNECT_TIMEOUT_MS = 5_000;

/** The most that a call may take, however much progress it reports. */
const LONGEST_CALL_MS = 15 * 60_000;

export function isRemote(settings: McpServerSettings): settings is RemoteServerSettings {
  return "url" in settings;
}

export function callTimeoutMs(settings: McpServerSettings): number {
  return settings.timeoutMs ?? DEFAULT_CALL_TIMEOUT_MS;
}

export function connectTimeoutMs(settings: McpServerSettings): number {
  return settings.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS;
}

/** Ten silent periods, fifteen minutes at most, and never less than one period. */
export function longestCallMs(settings: McpServerSettings): number {
  const silentMs = callTimeoutMs(settings);
  return Math.max(silentMs, Math.min(10 * silentMs, LONGEST_CALL_MS));
}

/** Where the server is, as far as staff may read it: without path, query and user. */
export function safeAddress(settings: McpServerSettings): string {
  if (!isRemote(settings)) return `the command "${settings.command}"`;
  return URL.canParse(settings.url) ? new URL(settings.url).origin : "an address that is not a URL";
}
