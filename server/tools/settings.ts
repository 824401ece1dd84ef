/** How a conversation reaches a remote MCP server. The whole URL counts as a secret: it is never logged, shown or put in an error. */
export interface RemoteServerSettings {
  /** The identifier: what the model's tool names begin with. */
  readonly key: string;
  /** What people read. */
  readonly name: string;
  readonly url: string;
  /** `auto`: a path ending in `/mcp` is Streamable HTTP, in `/sse` is SSE; anything else is tried in that order. Absent means `auto`. */
  readonly transport?: "auto" | "streamable-http" | "sse";
  /** Sent with every request; secrets. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long a call may be silent. Progress starts it anew. */
  readonly timeoutMs?: number;
  /** How long connecting and reading the list of tools may take together. */
  readonly connectTimeoutMs?: number;
  /** `conversation`: one connection serves all calls of a conversation. `call`: each call has its own. */
  readonly isolation?: "conversation" | "call";
}

/** An MCP server that we start ourselves and speak with over its standard input and output. Only a configuration file may name one. */
export interface LocalServerSettings {
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
