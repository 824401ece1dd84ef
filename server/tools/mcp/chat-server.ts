import type { CallContext, ConnectionNeed, ConnectionNeeded, ToolPause, ToolResult } from "../../conversation/ports/tools.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { SignedBy } from "./wire/authorized-fetch.ts";
import { brokenResult, cancelledResult, notSent } from "./calls/call-result.ts";
import { CallScope } from "./calls/call-scope.ts";
import type { Chat, Fetch } from "./wire/chat-fetch.ts";
import { connectMcp, ConnectError } from "./wire/connect-mcp.ts";
import { faultOf, tooSlow, type Fault } from "./wire/failure.ts";
import type { HostedServer } from "./hosted-servers.ts";
import type { McpConnection } from "./wire/mcp-connection.ts";
import { loadMcpSdk } from "./wire/mcp-sdk.ts";
import { NeedsSignInError } from "./wire/needs-sign-in-error.ts";
import type { PauseMemory } from "./calls/pause-memory.ts";
import { isFresh, ServerKnowledge, type DatedList } from "./server-knowledge.ts";
import type { McpServerSettings } from "./servers/settings.ts";
import { carryOut, namedNeed } from "./calls/tool-call.ts";
import { StoppedError, untilStopped } from "./calls/stopped-call.ts";
import type { ToolDefinition } from "../definitions/tool-definition.ts";

export interface HostContext {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Log;
  readonly answerBytes: number;
  readonly clientVersion: string;
  /** Told how a server was found: usable (undefined), or with this fault. */
  readonly saw: (server: string, fault: Fault | undefined) => void;
  /** `ServerDirectory.listGeneration`. */
  readonly generation: (server: string) => number;
}

/** A server, and how one conversation may use it. */
export interface Access {
  readonly server: HostedServer;
  /** Absent: it has no sign-in, or none but what its headers say. */
  readonly signedBy?: SignedBy;
}

/** The sign-in without which nothing is known of a server. */
export interface Lacking {
  readonly lacks: ConnectionNeed;
}

/** Tools that the log names one by one. */
const MOST_NAMED = 10;

/** One conversation's side of one server: at most one connection, made when first needed, and the list as it was read over it. */
export class ChatServer {
  readonly #chat: Chat;
  readonly #context: HostContext;
  readonly #memory: PauseMemory;
  readonly #closing = new AbortController();
  #access: Access;
  /** A person's own connection teaches nobody else anything. */
  readonly #knowledge: ServerKnowledge;
  #connecting: Promise<McpConnection> | undefined;
  #connection: McpConnection | undefined;
  #listing: Promise<DatedList | Fault | Lacking> | undefined;
  #list: DatedList | undefined;
  /** Grows with every `list_changed`, so that a list that was being read meanwhile is known to be old. */
  #changes = 0;
  #retired = false;
  /** Calls and lists under way. */
  busy = 0;

  constructor(chat: Chat, access: Access, context: HostContext, memory: PauseMemory) {
    this.#chat = chat;
    this.#context = context;
    this.#memory = memory;
    this.#access = access;
    this.#knowledge = access.signedBy?.owner.kind === "customer" ? new ServerKnowledge() : access.server.knowledge;
  }

  /** Whether it is the same server in the same revision, with the same person's sign-in. */
  serves({ server, signedBy }: Access): boolean {
    return (
      this.#access.server.settings.key === server.settings.key &&
      this.#access.server.entry.revision === server.entry.revision &&
      ownerOf(this.#access.signedBy) === ownerOf(signedBy)
    );
  }

  use(access: Access): void {
    this.#access = access;
  }

  get #generation(): number {
    return this.#context.generation(this.#settings.key);
  }

  get #settings(): McpServerSettings {
    return this.#access.server.settings;
  }

  /** The server's tools: as this conversation read them, as another one just did, or read now. Never throws. */
  async list(): Promise<DatedList | Fault | Lacking> {
    const now = this.#context.clock.now();
    const generation = this.#generation;
    if (this.#list?.generation !== generation) this.#list = undefined;
    if (this.#list !== undefined && this.#connection?.listening === true && isFresh(this.#list, now, true)) return this.#list;
    const fault = this.#knowledge.recentFault(now);
    if (fault !== undefined) return fault;
    if (this.#list !== undefined && isFresh(this.#list, now, false)) return this.#list;
    const warm = this.#knowledge.warmList(now, generation);
    if (warm !== undefined) return warm;
    this.#listing ??= this.#readOnce().finally(() => (this.#listing = undefined));
    return this.#listing;
  }

  /** What was read was read without a sign-in that there is now. */
  forgetList(): void {
    this.#list = undefined;
    this.#knowledge.forgetList();
    this.#knowledge.succeeded();
  }

  /** Calls a tool, over the conversation's connection or one of its own. Never throws. */
  async call(
    definition: ToolDefinition,
    input: Readonly<Record<string, unknown>>,
    context: CallContext,
  ): Promise<ToolResult | ToolPause | ConnectionNeeded> {
    const settings = this.#settings;
    const { samplingTokens } = this.#access.server.settings;
    const { clock, log } = this.#context;
    // A task goes on whether we ask for it or not, and is told to end by whoever follows it.
    if (context.signal.aborted && context.continuation?.kind !== "task") return cancelledResult(false, settings);
    const alone = settings.isolation === "call";
    const own: McpConnection[] = [];
    const connect = async (): Promise<McpConnection> => {
      const [open] = own;
      if (open !== undefined && (await open.isThere())) return open;
      const connecting = this.#withDeadline((signal) => (alone ? this.#connect(signal) : this.#connected(signal)));
      const connection = await untilStopped(connecting, context);
      if (connection === undefined) {
        if (alone) void connecting.then((late) => late.close());
        throw new StoppedError();
      }
      if (alone) own.unshift(connection);
      return connection;
    };
    this.busy += 1;
    const scope = new CallScope({ context, clock, log, settings, samplingTokens });
    try {
      const sdk = await loadMcpSdk();
      const leaving = this.#closing.signal;
      const personal = this.#access.signedBy?.owner.kind === "customer";
      const result = await carryOut({ definition, input, scope, settings, clock, sdk, memory: this.#memory, connect, leaving, personal });
      if (result.outcome === "unknown") this.#knowledge.verdict = undefined;
      return result;
    } catch (error) {
      if (error instanceof StoppedError) return cancelledResult(false, settings);
      if (error instanceof NeedsSignInError) return { outcome: "needs-connection", need: namedNeed(error.need, settings) };
      if (error instanceof ConnectError) {
        if (!this.#closing.signal.aborted) this.#failed(error.fault);
        return notSent(error.message);
      }
      return brokenResult(error, false, settings, await loadMcpSdk());
    } finally {
      scope.end();
      this.#done();
      for (const connection of own) void connection.close();
    }
  }

  /** Nothing new comes; what is under way may end. */
  retire(): void {
    this.#retired = true;
    if (this.busy === 0) void this.close();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const connection = this.#connection ?? (await this.#connecting?.catch(() => undefined));
    await connection?.close();
  }

  #done(): void {
    this.busy -= 1;
    if (this.#retired && this.busy === 0) void this.close();
  }

  #failed(fault: Fault): void {
    this.#knowledge.failed(fault, this.#context.clock.now());
    this.#context.saw(this.#settings.key, fault);
  }

  /** Lets a reading that another conversation has begun come to its end first: when many ask at once, one of them asks the server. */
  async #readOnce(): Promise<DatedList | Fault | Lacking> {
    const knowledge = this.#knowledge;
    if (knowledge.reading === undefined) {
      const reading = this.#readList();
      knowledge.reading = reading;
      return reading.finally(() => delete knowledge.reading);
    }
    await knowledge.reading;
    const now = this.#context.clock.now();
    return knowledge.recentFault(now) ?? knowledge.warmList(now, this.#generation) ?? this.#readList();
  }

  async #readList(): Promise<DatedList | Fault | Lacking> {
    const settings = this.#settings;
    const { clock, log } = this.#context;
    const alone = settings.isolation === "call";
    this.busy += 1;
    let connection: McpConnection | undefined;
    try {
      const changes = this.#changes;
      const generation = this.#generation;
      const dated = await this.#withDeadline(async (signal) => {
        connection = await (alone ? this.#connect(signal) : this.#connected(signal));
        const at = clock.now();
        return { list: await connection.listTools(signal), at, generation };
      });
      const { leftOut } = dated.list;
      for (const { tool, reason } of leftOut.slice(0, MOST_NAMED)) log.warn({ server: settings.key, tool, reason }, "a tool was left out");
      if (leftOut.length > MOST_NAMED)
        log.warn({ server: settings.key, tools: leftOut.length - MOST_NAMED }, "and more tools were left out");
      if (this.#changes === changes) {
        this.#list = dated;
        this.#knowledge.keepList(dated);
      }
      this.#context.saw(settings.key, undefined);
      return dated;
    } catch (error) {
      const need = error instanceof NeedsSignInError ? error.need : undefined;
      if (need !== undefined) return { lacks: namedNeed(need, settings) };
      const fault = error instanceof ConnectError ? error.fault : faultOf(error, settings, await loadMcpSdk());
      if (this.#closing.signal.aborted) return fault;
      this.#failed(fault);
      log.warn({ server: settings.key, conversation: this.#chat.conversationId, cause: fault.message }, "an MCP server cannot be used");
      return fault;
    } finally {
      this.#done();
      if (alone) void connection?.close();
    }
  }

  /** The conversation's connection to the server: the one there is, if the other side still knows it, else a new one. */
  async #connected(signal: AbortSignal): Promise<McpConnection> {
    this.#connecting ??= this.#usable(signal).finally(() => (this.#connecting = undefined));
    return this.#connecting;
  }

  async #usable(signal: AbortSignal): Promise<McpConnection> {
    const present = this.#connection;
    if (present !== undefined) {
      if (await present.isThere()) return present;
      this.#connection = undefined;
      void present.close();
    }
    const connection = await this.#connect(signal);
    if (this.#closing.signal.aborted) {
      void connection.close();
      throw new Error("The conversation's connections were closed meanwhile.");
    }
    return (this.#connection = connection);
  }

  async #connect(signal: AbortSignal): Promise<McpConnection> {
    const { clock, fetch, answerBytes, clientVersion } = this.#context;
    const { server, signedBy } = this.#access;
    const knowledge = this.#knowledge;
    const { connection, verdict } = await connectMcp({
      sdk: await loadMcpSdk(),
      settings: server.settings,
      chat: this.#chat,
      fetch,
      answerBytes,
      clientVersion,
      now: () => clock.now(),
      // How a server speaks is nobody's own.
      verdict: knowledge.verdict ?? server.knowledge.verdict,
      signal,
      sampling: server.settings.samplingTokens > 0,
      ...(signedBy === undefined ? {} : { signedBy }),
      onListChanged: () => {
        this.#changes += 1;
        this.#list = undefined;
        knowledge.forgetList();
      },
    });
    knowledge.verdict = verdict;
    knowledge.succeeded();
    return connection;
  }

  /** Gives `work` the server's time to get ready, and not longer. */
  async #withDeadline<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const settings = this.#settings;
    const limitMs = settings.connectTimeoutMs;
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

function ownerOf(signedBy: SignedBy | undefined): string {
  if (signedBy === undefined) return "";
  return signedBy.owner.kind === "shared" ? "shared" : `customer ${signedBy.owner.id}`;
}
