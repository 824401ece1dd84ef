import { AuthorizedFetch, type SignedBy } from "./authorized-fetch.ts";
import { conversationFetch, type ConversationPlace, type Fetch } from "./conversation-fetch.ts";
import type { Clock } from "../../../foundation/clock.ts";
import type { ConnectionNeed } from "../../../conversation/ports/tools.ts";
import { eventFetch, linkFetch } from "./link-fetch.ts";
import type { McpSdk } from "./mcp-sdk.ts";
import { OwnSecrets } from "./own-secrets.ts";
import { isRemote, type LocalServerSettings, type McpServerSettings, type RemoteServerSettings } from "../servers/settings.ts";
import { ReadableLines } from "./readable-lines.ts";
import { WatchedTransport, type Watching } from "./watched-transport.ts";
import type { Wire } from "./wires-of.ts";

export interface OpenedTransport {
  readonly transport: WatchedTransport;
  /** Ends the session at the server, for the transports that have one. */
  readonly endSession: () => Promise<void>;
  /** The last things that a local server wrote to its standard error. */
  readonly lastWords: () => string;
  /** The sign-in that the last request lacked. */
  readonly lacks: () => ConnectionNeed | undefined;
  /** Whether the last refusal asked for credentials (`WWW-Authenticate`). */
  readonly challenged: () => boolean;
}

/** What opening a transport takes, besides the server's settings. */
export interface TransportPorts {
  readonly sdk: McpSdk;
  readonly fetch: Fetch;
  readonly place: ConversationPlace;
  readonly answerBytes: number;
  readonly clock: Pick<Clock, "now" | "after">;
  readonly signedBy?: SignedBy;
  /** Called before each request leaves. */
  readonly onAsked?: () => void;
  /** Hears each message, without our credentials; must not keep or change it. */
  readonly onMessage?: (direction: "sent" | "received", message: object) => void;
}

/** Opens nothing yet: the MCP client starts the transport. */
export function openTransport(settings: McpServerSettings, wire: Wire, ports: TransportPorts): OpenedTransport {
  const { sdk, signedBy, answerBytes } = ports;
  const secrets = new OwnSecrets(settings);
  const { onAsked, onMessage } = ports;
  const watching = {
    secrets,
    now: () => ports.clock.now(),
    ...(onAsked === undefined ? {} : { onAsked }),
    ...(onMessage === undefined ? {} : { onMessage }),
  };
  if (!isRemote(settings)) return openStdio(sdk, settings, answerBytes, watching);
  const signed = signedBy && new AuthorizedFetch(ports.fetch, settings, signedBy, (token) => secrets.add(token));
  let challenged = false;
  const conversation = conversationFetch(signed?.fetch ?? ports.fetch, ports.place, {
    limitBytes: answerBytes,
    told: settings.customerHeaders ?? {},
  });
  const watched: Fetch = async (url, init) => {
    const response = await conversation(url, init);
    if (!response.ok) challenged = response.headers.has("www-authenticate");
    return response;
  };
  const requestInit = { headers: { ...settings.headers } };
  const signs = { lacks: () => signed?.lacks, challenged: () => challenged };
  const fetching = { sdk, secrets, clock: ports.clock };
  const opened =
    wire === "sse"
      ? openSse(sdk, settings, { fetch: eventFetch(watched, fetching), requestInit }, watching)
      : openStreamable(sdk, settings, { fetch: linkFetch(watched, fetching), requestInit }, { ...watching, clock: ports.clock });
  return { ...opened, ...signs };
}

/** Servers that say `retry: 10` do not mean a hundred times a second. */
const SHORTEST_RECONNECT_MS = 250;

type HttpOptions = { readonly fetch: Fetch; readonly requestInit: RequestInit };

function openStreamable(
  sdk: McpSdk,
  settings: RemoteServerSettings,
  options: HttpOptions,
  { clock, ...watching }: Watching & Pick<TransportPorts, "clock">,
): Omit<OpenedTransport, "lacks" | "challenged"> {
  const inner = new sdk.StreamableHTTPClientTransport(new URL(settings.url), {
    ...options,
    reconnectionScheduler: (reconnect, delayMs) => clock.after(Math.max(delayMs, SHORTEST_RECONNECT_MS), reconnect),
  });
  return { transport: new WatchedTransport(inner, watching), endSession: () => inner.terminateSession(), lastWords: () => "" };
}

function openSse(
  sdk: McpSdk,
  settings: RemoteServerSettings,
  options: HttpOptions,
  watching: Watching,
): Omit<OpenedTransport, "lacks" | "challenged"> {
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
/** What is around an answer. */
const LINE_BYTES = 64 * 1024;

function openStdio(sdk: McpSdk, settings: LocalServerSettings, answerBytes: number, watching: Watching): OpenedTransport {
  const inner = new sdk.StdioClientTransport({
    command: settings.command,
    args: [...(settings.args ?? [])],
    // The transport adds PATH, HOME, LOGNAME, SHELL, TERM and USER, and nothing else of ours.
    env: { ...settings.env },
    stderr: "pipe",
  });
  // The transport's own reader throws away each line that it cannot read, and an answer with it. It has no other place.
  Object.assign(inner, { _readBuffer: new ReadableLines(sdk, answerBytes + LINE_BYTES) });
  let lastWords = "";
  inner.stderr?.on("data", (chunk: Buffer) => {
    lastWords = `${lastWords}${chunk.toString("utf8")}`.slice(-LAST_WORDS_CHARACTERS);
  });
  return {
    transport: new WatchedTransport(inner, watching),
    endSession: async () => undefined,
    lastWords: () => watching.secrets.text(lastWords),
    lacks: () => undefined,
    challenged: () => false,
  };
}
