import type { CallContext, Clock, Log, ToolResult } from "../conversation/ports.ts";
import { brokenResult, cancelledResult, notSent } from "./call-result.ts";
import type { Chat, Fetch } from "./chat-fetch.ts";
import { connectMcp, ConnectError } from "./connect-mcp.ts";
import { faultOf, tooSlow, type Fault } from "./failure.ts";
import type { McpConnection } from "./mcp-connection.ts";
import { loadMcpSdk } from "./mcp-sdk.ts";
import { isFresh, type DatedList, type ServerKnowledge } from "./server-knowledge.ts";
import { connectTimeoutMs, type McpServerSettings } from "./settings.ts";
import type { ToolDefinition } from "./tool-definition.ts";

/** A server as the host knows it. */
export interface HostedServer {
  readonly settings: McpServerSettings;
  readonly knowledge: ServerKnowledge;
}

export interface HostContext {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Log;
  readonly answerBytes: number;
  readonly clientVersion: string;
}

interface ServerState {
  connecting?: Promise<McpConnection>;
  connection?: McpConnection;
  listing?: Promise<DatedList | Fault>;
  list?: DatedList;
  /** Grows with every `list_changed`, so that a list that was being read meanwhile is known to be old. */
  changes: number;
}

/** Tools that the log names one by one. */
const MOST_NAMED = 10;

/** The connections of one conversation: at most one for each server, made when first needed. */
export class ChatConnections {
  readonly chat: Chat;
  readonly #context: HostContext;
  readonly #states = new Map<string, ServerState>();
  readonly #closing = new AbortController();
  /** Calls and lists under way. */
  busy = 0;

  constructor(chat: Chat, context: HostContext) {
    this.chat = chat;
    this.#context = context;
  }

  /** The server's tools: as this conversation read them, as another one just did, or read now. Never throws. */
  async list(server: HostedServer): Promise<DatedList | Fault> {
    const state = this.#stateOf(server);
    const now = this.#context.clock.now();
    const { list } = state;
    const listening = state.connection?.listening === true;
    if (list !== undefined && listening && isFresh(list, now, true)) return list;
    const fault = server.knowledge.recentFault(now);
    if (fault !== undefined) return fault;
    if (list !== undefined && isFresh(list, now, false)) return list;
    const warm = server.knowledge.warmList(now);
    if (warm !== undefined) return warm;
    state.listing ??= this.#readOnce(server, state).finally(() => delete state.listing);
    return state.listing;
  }

  /** Lets a reading that another conversation has begun come to its end first: when many ask at once, one of them asks the server. */
  async #readOnce(server: HostedServer, state: ServerState): Promise<DatedList | Fault> {
    const { knowledge } = server;
    if (knowledge.reading === undefined) {
      const reading = this.#readList(server, state);
      knowledge.reading = reading;
      return reading.finally(() => delete knowledge.reading);
    }
    await knowledge.reading;
    const now = this.#context.clock.now();
    return knowledge.recentFault(now) ?? knowledge.warmList(now) ?? this.#readList(server, state);
  }

  /** Calls a tool, over the conversation's connection or one of its own. Never throws. */
  async call(
    server: HostedServer,
    definition: ToolDefinition,
    input: Readonly<Record<string, unknown>>,
    context: CallContext,
  ): Promise<ToolResult> {
    const { settings, knowledge } = server;
    if (context.signal.aborted) return cancelledResult(false, settings);
    this.busy += 1;
    const alone = settings.isolation === "call";
    let connection: McpConnection | undefined;
    try {
      const connecting = this.#withDeadline(settings, (signal) =>
        alone ? this.#connect(server, signal) : this.#connection(server, signal),
      );
      connection = await untilStopped(connecting, context);
      if (connection === undefined) {
        if (alone) void connecting.then((late) => late.close());
        return cancelledResult(false, settings);
      }
      const result = await connection.call(definition, input, context);
      if (result.outcome === "unknown") knowledge.verdict = undefined;
      return result;
    } catch (error) {
      if (error instanceof ConnectError) {
        if (!this.#closing.signal.aborted) knowledge.failed(error.fault, this.#context.clock.now());
        return notSent(error.message);
      }
      return brokenResult(error, false, settings, await loadMcpSdk());
    } finally {
      this.busy -= 1;
      if (alone) void connection?.close();
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const states = [...this.#states.values()];
    this.#states.clear();
    await Promise.all(
      states.map(async (state) => {
        const connection = state.connection ?? (await state.connecting?.catch(() => undefined));
        await connection?.close();
      }),
    );
  }

  #stateOf({ settings }: HostedServer): ServerState {
    const state = this.#states.get(settings.key) ?? { changes: 0 };
    this.#states.set(settings.key, state);
    return state;
  }

  async #readList(server: HostedServer, state: ServerState): Promise<DatedList | Fault> {
    const { settings, knowledge } = server;
    const { clock, log } = this.#context;
    const alone = settings.isolation === "call";
    this.busy += 1;
    let connection: McpConnection | undefined;
    try {
      const changes = state.changes;
      const dated = await this.#withDeadline(settings, async (signal) => {
        connection = await (alone ? this.#connect(server, signal) : this.#connection(server, signal));
        const at = clock.now();
        return { list: await connection.listTools(signal), at };
      });
      const { leftOut } = dated.list;
      for (const { tool, reason } of leftOut.slice(0, MOST_NAMED)) log.warn({ server: settings.key, tool, reason }, "a tool was left out");
      if (leftOut.length > MOST_NAMED)
        log.warn({ server: settings.key, tools: leftOut.length - MOST_NAMED }, "and more tools were left out");
      if (state.changes === changes) {
        state.list = dated;
        knowledge.keepList(dated);
      }
      return dated;
    } catch (error) {
      const fault = error instanceof ConnectError ? error.fault : faultOf(error, settings, await loadMcpSdk());
      if (this.#closing.signal.aborted) return fault;
      knowledge.failed(fault, clock.now());
      log.warn({ server: settings.key, conversation: this.chat.conversationId, cause: fault.message }, "an MCP server cannot be used");
      return fault;
    } finally {
      this.busy -= 1;
      if (alone) void connection?.close();
    }
  }

  /** The conversation's connection to the server: the one there is, if the other side still knows it, else a new one. */
  async #connection(server: HostedServer, signal: AbortSignal): Promise<McpConnection> {
    const state = this.#stateOf(server);
    state.connecting ??= this.#usable(server, state, signal).finally(() => delete state.connecting);
    return state.connecting;
  }

  async #usable(server: HostedServer, state: ServerState, signal: AbortSignal): Promise<McpConnection> {
    const present = state.connection;
    if (present !== undefined) {
      if (await present.isThere()) return present;
      delete state.connection;
      void present.close();
    }
    const connection = await this.#connect(server, signal);
    if (this.#closing.signal.aborted) {
      void connection.close();
      throw new Error("The conversation's connections were closed meanwhile.");
    }
    return (state.connection = connection);
  }

  async #connect(server: HostedServer, signal: AbortSignal): Promise<McpConnection> {
    const { settings, knowledge } = server;
    const { clock, fetch, answerBytes, clientVersion } = this.#context;
    const state = this.#stateOf(server);
    const { connection, verdict } = await connectMcp({
      sdk: await loadMcpSdk(),
      settings,
      chat: this.chat,
      fetch,
      answerBytes,
      clientVersion,
      now: () => clock.now(),
      verdict: knowledge.verdict,
      signal,
      onListChanged: () => {
        state.changes += 1;
        delete state.list;
        knowledge.forgetList();
      },
    });
    knowledge.verdict = verdict;
    knowledge.succeeded();
    return connection;
  }

  /** Gives `work` the server's time to get ready, and not longer. */
  async #withDeadline<T>(settings: McpServerSettings, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const limitMs = connectTimeoutMs(settings);
    const fault = tooSlow(settings, limitMs);
    const controller = new AbortController();
    const late = Promise.withResolvers<never>();
    const callOff = this.#context.clock.after(limitMs, () => {
      const error = new ConnectError(fault, undefined);
      controller.abort(error);
      late.reject(error);
    });
    const working = work(AbortSignal.any([controller.signal, this.#closing.signal]));
    try {
      return await Promise.race([working, late.promise]);
    } finally {
      callOff();
      working.catch(() => undefined);
    }
  }
}

/** Undefined when the call was stopped first; what was being waited for goes on for the next one. */
async function untilStopped<T>(waiting: Promise<T>, { signal }: CallContext): Promise<T | undefined> {
  const stopped = Promise.withResolvers<undefined>();
  const onAbort = (): void => stopped.resolve(undefined);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([waiting, stopped.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    waiting.catch(() => undefined);
  }
}
