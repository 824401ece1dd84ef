import type { Client, Tool as SdkTool } from "@modelcontextprotocol/client";
import type { CallContext, ToolResult } from "../conversation/ports.ts";
import { answeredResult, brokenResult, cancelledResult } from "./call-result.ts";
import type { Chat } from "./chat-fetch.ts";
import type { McpSdk } from "./mcp-sdk.ts";
import type { OpenedTransport, Wire } from "./open-transport.ts";
import { plainLine } from "./plain-text.ts";
import { callTimeoutMs, longestCallMs, type McpServerSettings } from "./settings.ts";
import type { ToolDefinition } from "./tool-definition.ts";
import { readToolList, type ToolList } from "./tool-list.ts";
import type { Watch } from "./watched-transport.ts";

const PROGRESS_CHARACTERS = 300;
/** After so long without an exchange a legacy session may have been forgotten by its server. */
const SURE_MS = 10_000;
const PING_MS = 2_000;
const GOODBYE_MS = 1_000;

/** The stream that should have brought the answer broke off. */
class AnswerLostError extends Error {
  override readonly name = "AnswerLostError";
}

/** A connection to one MCP server, ready for calls. `connectMcp` makes it. */
export class McpConnection {
  readonly wire: Wire;
  /** What of this chat the server is told with every request. */
  readonly chat: Chat;
  readonly #sdk: McpSdk;
  readonly #settings: McpServerSettings;
  readonly #client: Client;
  readonly #opened: OpenedTransport;
  readonly #now: () => number;
  #open = true;
  #doubtful = false;
  #lastExchangeAt: number;
  #lastTrouble: Error | undefined;

  constructor(parts: {
    sdk: McpSdk;
    settings: McpServerSettings;
    client: Client;
    opened: OpenedTransport;
    wire: Wire;
    chat: Chat;
    now: () => number;
    onListChanged: () => void;
  }) {
    this.#sdk = parts.sdk;
    this.#settings = parts.settings;
    this.#client = parts.client;
    this.#opened = parts.opened;
    this.wire = parts.wire;
    this.chat = parts.chat;
    this.#now = parts.now;
    this.#lastExchangeAt = parts.now();
    parts.client.onclose = () => {
      this.#open = false;
    };
    parts.client.onerror = (error) => {
      this.#doubtful = true;
      this.#lastTrouble = error;
    };
    parts.client.setNotificationHandler("notifications/tools/list_changed", parts.onListChanged);
    if (this.#modern && parts.client.getServerCapabilities()?.tools?.listChanged === true) {
      // Not waited for: a server that is slow to acknowledge costs nothing, and without the stream the list's time to live still counts.
      void parts.client.listen({ toolsListChanged: true }).catch(() => undefined);
    }
  }

  /** Whether a change of the server's list would be heard. */
  get listening(): boolean {
    return this.#open && !this.#doubtful;
  }

  /** The protocol's revision that both sides speak, such as `2025-11-25`. */
  get protocolRevision(): string | undefined {
    return this.#client.getNegotiatedProtocolVersion();
  }

  get #modern(): boolean {
    return this.#client.getProtocolEra() === "modern";
  }

  /** Whether the other side still knows us, asked where it could have forgotten: nobody can tell after a call has left. */
  async isThere(): Promise<boolean> {
    if (!this.#open) return false;
    const sure = !this.#doubtful && this.#now() - this.#lastExchangeAt < SURE_MS;
    if (sure || this.#modern || this.wire === "stdio") return true;
    try {
      await this.#client.ping({ timeout: PING_MS });
    } catch (error) {
      // A server that does not know `ping` has answered all the same.
      if (!(error instanceof this.#sdk.ProtocolError) || error.code !== -32601) return false;
    }
    this.#doubtful = false;
    this.#lastExchangeAt = this.#now();
    return this.#open;
  }

  /** All pages of the server's list. Throws what the MCP client throws. */
  async listTools(signal: AbortSignal): Promise<ToolList> {
    if (this.#client.getServerCapabilities()?.tools === undefined) return { tools: [], leftOut: [], shareable: true };
    const list = await readToolList(async (cursor) => {
      const watch: Watch = { sent: false, onLost: () => undefined, signal };
      const { transport } = this.#opened;
      transport.watch("tools/list", watch);
      try {
        await this.#client.request({ method: "tools/list", params: cursor === undefined ? {} : { cursor } }, { signal });
        return watch.raw;
      } finally {
        transport.unwatch("tools/list");
      }
    });
    this.#lastExchangeAt = this.#now();
    return list;
  }

  /** Calls a tool once. Never throws. */
  async call(definition: ToolDefinition, input: Readonly<Record<string, unknown>>, context: CallContext): Promise<ToolResult> {
    const lost = new AbortController();
    const finished = new AbortController();
    const watch: Watch = {
      sent: false,
      onLost: () => lost.abort(new AnswerLostError("the connection broke off before the answer came")),
      signal: finished.signal,
    };
    // A copy: the watched transport knows the call by this very object.
    const callArguments = { ...input };
    this.#lastTrouble = undefined;
    this.#opened.transport.watch(callArguments, watch);
    try {
      await this.#client.callTool(
        { name: definition.tool, arguments: callArguments },
        {
          signal: AbortSignal.any([context.signal, lost.signal]),
          timeout: callTimeoutMs(this.#settings),
          maxTotalTimeout: longestCallMs(this.#settings),
          resetTimeoutOnProgress: true,
          onprogress: ({ progress, total, message }) =>
            context.onProgress({
              progress,
              ...(total === undefined ? {} : { total }),
              ...(message === undefined ? {} : { message: plainLine(message, PROGRESS_CHARACTERS) }),
            }),
          // Gives the headers that mirror arguments, without a list of this connection's own. The result is read by us, not checked by the client.
          toolDefinition: { name: definition.tool, inputSchema: definition.inputSchema } as SdkTool,
        },
      );
      this.#lastExchangeAt = this.#now();
      return answeredResult(watch.raw, this.#settings);
    } catch (error) {
      // Ends a stream that the server would keep open for an answer that nobody waits for any more.
      finished.abort();
      if (context.signal.aborted) return cancelledResult(watch.sent, this.#settings);
      this.#doubtful = !(error instanceof this.#sdk.ProtocolError);
      return brokenResult(
        lost.signal.aborted ? (this.#lastTrouble ?? lost.signal.reason) : this.#withTrouble(error),
        watch.sent,
        this.#settings,
        this.#sdk,
      );
    } finally {
      this.#opened.transport.unwatch(callArguments);
    }
  }

  /** Says goodbye where there is a session, for a second at most, and lets go. */
  async close(): Promise<void> {
    if (this.#open) {
      const patience = Promise.withResolvers<void>();
      const timer = setTimeout(patience.resolve, GOODBYE_MS);
      await Promise.race([this.#opened.endSession().catch(() => undefined), patience.promise]);
      clearTimeout(timer);
    }
    this.#open = false;
    await this.#client.close().catch(() => undefined);
  }

  /** "Connection closed" is all that the client says of a transport that broke; what broke it was told aside. */
  #withTrouble(error: unknown): unknown {
    const closed = error instanceof this.#sdk.SdkError && error.code === "CONNECTION_CLOSED";
    return closed && this.#lastTrouble !== undefined ? new Error("the connection was closed", { cause: this.#lastTrouble }) : error;
  }
}
