import { AsyncLocalStorage } from "node:async_hooks";
import type { Client, Tool as SdkTool } from "@modelcontextprotocol/client";
import * as z from "zod";
import type { CallAnswer, CallRequest } from "../calls/call-answer.ts";
import { answeredResult, brokenResult, cancelledResult } from "../calls/call-result.ts";
import type { CallScope } from "../calls/call-scope.ts";
import type { Chat } from "./chat-fetch.ts";
import { headerParameterFault } from "../../definitions/header-parameters.ts";
import type { McpSdk } from "./mcp-sdk.ts";
import { NeedsSignInError, signInNeed } from "./needs-sign-in-error.ts";
import type { OpenedTransport, Wire } from "./open-transport.ts";
import { plainLine } from "../../definitions/plain-text.ts";
import { answerServerRequests } from "../questions/server-requests.ts";
import type { McpServerSettings } from "../servers/settings.ts";
import { readCreatedTask } from "../tasks/task-state.ts";
import type { ToolDefinition } from "../../definitions/tool-definition.ts";
import { readToolList, type ToolList } from "../../definitions/tool-list.ts";
import { taskKey, type Watch } from "./watched-transport.ts";

const PROGRESS_CHARACTERS = 300;
/** After so long without an exchange a legacy session may have been forgotten by its server. */
const SURE_MS = 10_000;
const PING_MS = 2_000;
const GOODBYE_MS = 1_000;
/** The client's own limit, which cannot wait for people: ours is the call's patience. */
const NEVER_MS = 2 ** 31 - 1;
const PAGES_FIRST = -32042;

/** The call whose answer is being read: what the server asks on the same stream belongs to it. */
const reading = new AsyncLocalStorage<CallScope>();

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
  readonly #scopes = new Set<CallScope>();
  readonly #visited = new Map<string, () => void>();
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
    sampling: boolean;
  }) {
    this.#sdk = parts.sdk;
    this.#settings = parts.settings;
    this.#client = parts.client;
    this.#opened = parts.opened;
    this.wire = parts.wire;
    this.chat = parts.chat;
    this.#now = parts.now;
    this.#lastExchangeAt = parts.now();
    const { client } = parts;
    client.onclose = () => {
      this.#open = false;
    };
    client.onerror = (error) => {
      this.#doubtful = true;
      this.#lastTrouble = error;
    };
    client.setNotificationHandler("notifications/tools/list_changed", parts.onListChanged);
    client.setNotificationHandler("notifications/elicitation/complete", ({ params }) => this.#visited.get(params.elicitationId)?.());
    answerServerRequests(parts.sdk, client, () => this.#askingScope(), { sampling: parts.sampling });
    if (this.#modern && client.getServerCapabilities()?.tools?.listChanged === true) {
      // Not waited for: a server that is slow to acknowledge costs nothing, and without the stream the list's time to live still counts.
      void client.listen({ toolsListChanged: true }).catch(() => undefined);
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
    const headersCount = this.#modern && this.wire !== "stdio";
    const list = await readToolList(
      (cursor) =>
        this.#watched("tools/list", signal, () =>
          this.#client.request({ method: "tools/list", params: cursor === undefined ? {} : { cursor } }, { signal }),
        ),
      ({ inputSchema }) => (headersCount ? headerParameterFault(inputSchema) : undefined),
    );
    this.#lastExchangeAt = this.#now();
    return list;
  }

  /** Sends one request of a call. Never throws. */
  async send(definition: ToolDefinition, request: CallRequest, scope: CallScope): Promise<CallAnswer> {
    const { context } = scope;
    const lost = new AbortController();
    const finished = new AbortController();
    const watch: Watch = {
      sent: false,
      onLost: () => lost.abort(new AnswerLostError("the connection broke off before the answer came")),
      signal: finished.signal,
    };
    // A copy: the watched transport knows the call by this very object.
    const params = { name: definition.tool, ...request, arguments: { ...request.arguments }, ...this.#asTask(definition) };
    this.#lastTrouble = undefined;
    this.#opened.transport.watch(params.arguments, watch);
    this.#scopes.add(scope);
    try {
      await reading.run(scope, () =>
        this.#client.callTool(params, {
          signal: AbortSignal.any([context.signal, lost.signal, scope.silence]),
          timeout: NEVER_MS,
          onprogress: ({ progress, total, message }) => {
            scope.heard();
            context.onProgress({
              progress,
              ...(total === undefined ? {} : { total }),
              ...(message === undefined ? {} : { message: plainLine(message, PROGRESS_CHARACTERS) }),
            });
          },
          // Gives the headers that mirror arguments, without a list of this connection's own. The result is read by us, not checked by the client.
          toolDefinition: { name: definition.tool, inputSchema: definition.inputSchema } as SdkTool,
        }),
      );
      this.#lastExchangeAt = this.#now();
      return this.#read(watch.raw);
    } catch (error) {
      // Ends a stream that the server would keep open for an answer that nobody waits for any more.
      finished.abort();
      if (context.signal.aborted) return { kind: "ended", result: cancelledResult(watch.sent, this.#settings) };
      const need = signInNeed(error) ?? this.#opened.lacks();
      if (need !== undefined) return { kind: "sign-in", need };
      this.#doubtful = !(error instanceof this.#sdk.ProtocolError);
      if (error instanceof this.#sdk.ProtocolError && error.code === PAGES_FIRST)
        return { kind: "pages", elicitations: elicitationsOf(error.data) };
      const reason = lost.signal.aborted ? (this.#lastTrouble ?? lost.signal.reason) : this.#withTrouble(error);
      return { kind: "ended", result: brokenResult(reason, watch.sent, this.#settings, this.#sdk) };
    } finally {
      this.#scopes.delete(scope);
      this.#opened.transport.unwatch(params.arguments);
    }
  }

  /** Asks for, answers or cancels a task, and gives the raw result. `timeoutMs` absent: as long as the signal lets it. Throws what the MCP client throws. */
  async task(
    method: "tasks/get" | "tasks/result" | "tasks/update" | "tasks/cancel",
    params: { readonly taskId: string; readonly inputResponses?: Readonly<Record<string, object>> },
    scope: CallScope,
    limits: { readonly signal: AbortSignal; readonly timeoutMs?: number },
  ): Promise<unknown> {
    this.#scopes.add(scope);
    try {
      const raw = await this.#watched(taskKey(method, params.taskId), limits.signal, () =>
        reading.run(scope, () =>
          this.#client.request({ method, params }, z.looseObject({}), { signal: limits.signal, timeout: limits.timeoutMs ?? NEVER_MS }),
        ),
      );
      this.#lastExchangeAt = this.#now();
      return raw;
    } finally {
      this.#scopes.delete(scope);
    }
  }

  /** Resolves when the server says that what was to be done on a page is done. `forget` in any case. */
  visited(elicitationId: string): { readonly done: Promise<void>; readonly forget: () => void } {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#visited.set(elicitationId, resolve);
    return { done: promise, forget: () => void this.#visited.delete(elicitationId) };
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

  /** In the legacy era the caller decides whether a call is a task; in the extension the server does. */
  #asTask({ taskSupport }: ToolDefinition): { task?: Record<string, never> } {
    const takesTasks = !this.#modern && this.#client.getServerCapabilities()?.tasks?.requests?.tools?.call !== undefined;
    return takesTasks && taskSupport !== undefined ? { task: {} } : {};
  }

  #read(raw: unknown): CallAnswer {
    const state = readCreatedTask(raw);
    if (state !== undefined) return { kind: "task", state };
    if (typeof raw === "object" && raw !== null && "resultType" in raw && raw.resultType === "input_required")
      return { kind: "input", raw };
    try {
      return { kind: "ended", result: answeredResult(raw, this.#settings) };
    } catch (error) {
      return { kind: "ended", result: brokenResult(error, true, this.#settings, this.#sdk) };
    }
  }

  /** What is asked on a call's own stream is that call's; elsewhere it is the latest one's, since all of them are one conversation's. */
  #askingScope(): CallScope | undefined {
    const own = reading.getStore();
    return own !== undefined && this.#scopes.has(own) ? own : [...this.#scopes].at(-1);
  }

  /** The raw result of a request whose key is not used twice at once. */
  async #watched(key: string, signal: AbortSignal, request: () => Promise<unknown>): Promise<unknown> {
    const lost = Promise.withResolvers<never>();
    lost.promise.catch(() => undefined);
    const onLost = (): void => lost.reject(new AnswerLostError("the connection broke off before the answer came"));
    const watch: Watch = { sent: false, onLost, signal };
    const { transport } = this.#opened;
    transport.watch(key, watch);
    try {
      const requesting = request();
      requesting.catch(() => undefined);
      await Promise.race([requesting, lost.promise]);
      return watch.raw;
    } catch (error) {
      const need = signInNeed(error) ?? this.#opened.lacks();
      throw need === undefined ? error : new NeedsSignInError(need);
    } finally {
      transport.unwatch(key);
    }
  }

  /** "Connection closed" is all that the client says of a transport that broke; what broke it was told aside. */
  #withTrouble(error: unknown): unknown {
    const closed = error instanceof this.#sdk.SdkError && error.code === "CONNECTION_CLOSED";
    return closed && this.#lastTrouble !== undefined ? new Error("the connection was closed", { cause: this.#lastTrouble }) : error;
  }
}

function elicitationsOf(data: unknown): readonly unknown[] {
  const list: unknown = typeof data === "object" && data !== null && "elicitations" in data ? data.elicitations : undefined;
  return Array.isArray(list) ? list : [];
}
