import { AuthorizedFetch, type SignedBy } from "./authorized-fetch.ts";
import { conversationFetch, type ConversationPlace, type Fetch } from "./conversation-fetch.ts";
import type { ConnectionNeed } from "../../../conversation/ports/tools.ts";
import type { McpSdk } from "./mcp-sdk.ts";
import { OwnSecrets } from "./own-secrets.ts";
import { isRemote, type LocalServerSettings, type McpServerSettings, type RemoteServerSettings } from "../servers/settings.ts";
import { WatchedTransport } from "./watched-transport.ts";
import type { Wire } from "./wires-of.ts";

export interface OpenedTransport {
  readonly transport: WatchedTransport;
  /** Ends the session at the server, for the transports that have one. */
  readonly endSession: () => Promise<void>;
  /** The last things that a local server wrote to its standard error. */
  readonly lastWords: () => string;
  /** The sign-in that the last request lacked. */
  readonly lacks: () => ConnectionNeed | undefined;
}

/** What opening a transport takes, besides the server's settings. */
export interface TransportPorts {
  readonly sdk: McpSdk;
  readonly fetch: Fetch;
  readonly place: ConversationPlace;
  readonly answerBytes: number;
  readonly now: () => number;
  readonly signedBy?: SignedBy;
  /** Called before each request leaves. */
  readonly onAsked?: () => void;
}

/** Opens nothing yet: the MCP client starts the transport. */
export function openTransport(settings: McpServerSettings, wire: Wire, ports: TransportPorts): OpenedTransport {
  const { sdk, signedBy, answerBytes } = ports;
  const secrets = new OwnSecrets(settings);
  const watching = { secrets, now: ports.now, ...(ports.onAsked === undefined ? {} : { onAsked: ports.onAsked }) };
  if (!isRemote(settings)) return openStdio(sdk, settings, answerBytes, watching);
  const signed = signedBy && new AuthorizedFetch(ports.fetch, settings, signedBy, (token) => secrets.add(token));
  const options = {
    fetch: conversationFetch(signed?.fetch ?? ports.fetch, ports.place, answerBytes),
    requestInit: { headers: { ...settings.headers } },
  };
  const lacks = (): ConnectionNeed | undefined => signed?.lacks;
  return { ...(wire === "sse" ? openSse(sdk, settings, options, watching) : openStreamable(sdk, settings, options, watching)), lacks };
}

type Watching = ConstructorParameters<typeof WatchedTransport>[1];
type HttpOptions = { readonly fetch: Fetch; readonly requestInit: RequestInit };

function openStreamable(
  sdk: McpSdk,
  settings: RemoteServerSettings,
  options: HttpOptions,
  watching: Watching,
): Omit<OpenedTransport, "lacks"> {
  const inner = new sdk.StreamableHTTPClientTransport(new URL(settings.url), {
    ...options,
    reconnectionScheduler: (reconnect, delayMs) => {
      const timer = setTimeout(reconnect, delayMs).unref();
      return () => clearTimeout(timer);
    },
  });
  return { transport: new WatchedTransport(inner, watching), endSession: () => inner.terminateSession(), lastWords: () => "" };
}

function openSse(sdk: McpSdk, settings: RemoteServerSettings, options: HttpOptions, watching: Watching): Omit<OpenedTransport, "lacks"> {
  const inner = new sdk.SSEClientTransport(new URL(settings.url), options);
  const transport = new WatchedTransport(inner, watching);
  let started = false;
  const passOn = inner.onerror;
  inner.onerror = (error) => {
    passOn?.(error);
    // The event source would connect again by itself, to a session that knows nothing of us.
    if (started && error instanceof sdk.SseError) void inner.close();
  };
  const start = inner.start.bind(inner);
  inner.start = async () => {
    // Its first request opens the stream.
    watching.onAsked?.();
    await start();
    started = true;
  };
  return { transport, endSession: async () => undefined, lastWords: () => "" };
}

const LAST_WORDS_CHARACTERS = 500;

function openStdio(sdk: McpSdk, settings: LocalServerSettings, answerBytes: number, watching: Watching): OpenedTransport {
  const inner = new sdk.StdioClientTransport({
    command: settings.command,
    args: [...(settings.args ?? [])],
    // The transport adds PATH, HOME, LOGNAME, SHELL, TERM and USER, and nothing else of ours.
    env: { ...settings.env },
    stderr: "pipe",
    maxBufferSize: answerBytes + 64 * 1024,
  });
  let lastWords = "";
  inner.stderr?.on("data", (chunk: Buffer) => {
    lastWords = `${lastWords}${chunk.toString("utf8")}`.slice(-LAST_WORDS_CHARACTERS);
  });
  return {
    transport: new WatchedTransport(inner, watching),
    endSession: async () => undefined,
    lastWords: () => watching.secrets.text(lastWords),
    lacks: () => undefined,
  };
}
