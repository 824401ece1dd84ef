import type { Assistant, Connector } from "../../conversation/ports/assistant.ts";
import type { CallContext, ConnectionNeed, SamplingRequest, Tool, Toolbox, ToolPause, Tools } from "../../conversation/ports/tools.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import { ChatConnections } from "./chat-connections.ts";
import type { Fetch } from "./wire/chat-fetch.ts";
import type { Access } from "./chat-server.ts";
import { connectTool } from "./connect-tool.ts";
import { HostedServers, type HostedServer } from "./hosted-servers.ts";
import { loadMcpSdk, type McpSdk } from "./wire/mcp-sdk.ts";
import { OutputChecks } from "./calls/output-check.ts";
import type { Authorizations, ServerDirectory } from "./servers/ports.ts";
import { PreparedTools, type PreparedTool } from "./prepared-tools.ts";
import { authKindOf, safeAddress } from "./servers/settings.ts";
import type { ToolDefinition } from "../definitions/tool-definition.ts";
import { namedNeed } from "./calls/tool-call.ts";

export interface McpToolsOptions {
  readonly directory: ServerDirectory;
  readonly authorizations: Authorizations;
  /** Carries every request to a remote server; the guarded fetch, in a real server. */
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Log;
  /** How long a conversation's connections are kept after `rest`. */
  readonly idleMs?: number;
  /** The largest answer that is read. */
  readonly answerBytes?: number;
  /** What servers are told about us. */
  readonly clientVersion?: string;
}

const IDLE_MS = 60_000;
/** Connections of a conversation that nobody calls at rest are let go as well. */
const FORGOTTEN_IDLES = 10;
const ANSWER_BYTES = 8 * 1024 * 1024;

/** Who uses a server, and how. */
interface Seat {
  readonly key: string;
  readonly method: NonNullable<Connector["method"]>;
  readonly conversationId: string;
  readonly customerId: string;
  readonly sessionId: string;
}

/** The MCP host: the tools of the servers that an assistant is connected to, over connections that belong to one conversation each. */
export function createMcpTools(options: McpToolsOptions): Tools {
  return new McpTools(options);
}

class McpTools implements Tools {
  readonly #options: McpToolsOptions;
  readonly #servers: HostedServers;
  readonly #chats = new Map<string, { connections: ChatConnections; callOff?: () => void }>();
  readonly #prepared: PreparedTools;
  #outputs: OutputChecks | undefined;
  #closed = false;

  constructor(options: McpToolsOptions) {
    this.#options = options;
    this.#servers = new HostedServers(options.directory);
    this.#prepared = new PreparedTools(options.log);
  }

  async open(request: {
    assistant: Assistant;
    conversationId: string;
    customerId: string;
    sessionId: string;
    signal: AbortSignal;
  }): Promise<Toolbox> {
    const { assistant, signal, conversationId, customerId, sessionId } = request;
    if (assistant.connectors.length === 0) return { tools: [], unavailable: [] };
    const sdk = await loadMcpSdk();
    const stopped = whenAborted(signal);
    const connectors = new Map(assistant.connectors.map((connector) => [connector.server, connector.method ?? "shared"]));
    const parts = await Promise.all(
      Array.from(connectors, ([key, method]) => this.#offers(sdk, { key, method, conversationId, customerId, sessionId }, stopped.promise)),
    ).finally(stopped.forget);
    this.#restLater(conversationId, this.#idleMs * FORGOTTEN_IDLES);
    return {
      tools: parts.flatMap((part) => ("tools" in part ? part.tools : [])).sort((a, b) => (a.name < b.name ? -1 : 1)),
      unavailable: parts.flatMap((part) => ("tools" in part ? [] : [part])),
    };
  }

  rest(conversationId: string): void {
    this.#restLater(conversationId, this.#idleMs);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const chats = [...this.#chats.values()];
    this.#chats.clear();
    for (const { callOff } of chats) callOff?.();
    await Promise.all(chats.map(({ connections }) => connections.close()));
  }

  get #idleMs(): number {
    return this.#options.idleMs ?? IDLE_MS;
  }

  /** One server's tools as this conversation may have them, or why there are none. */
  async #offers(sdk: McpSdk, seat: Seat, stopped: Promise<undefined>): Promise<Pick<Toolbox, "tools"> | Toolbox["unavailable"][number]> {
    const { key } = seat;
    const { directory } = this.#options;
    const access = this.#access(seat);
    if (access === undefined) {
      this.#chats.get(seat.conversationId)?.connections.drop(key);
      return missing(key, key, "No MCP server with this name may be used: there is none, or it is not shared any more.");
    }
    const { settings } = access.server;
    const personal = access.signedBy?.owner.kind === "customer";
    const traits = { personal, trusted: access.server.settings.trusted };
    if (this.#closed) return missing(key, settings.name, "The server is stopping.");
    const found = await Promise.race([this.#chat(seat).list(access), stopped]);
    if (found === undefined) return missing(key, settings.name, "Stopped before its tools were read.");
    if ("kind" in found) return missing(key, settings.name, found.message);
    if ("lacks" in found) {
      if (!personal) return missing(key, settings.name, ownersPart(settings.name, found.lacks));
      const pinned = directory.pinned(key);
      if (pinned.length === 0) {
        this.#chat(seat).stoodFor.add(key);
        return { tools: [this.#connectTool(seat, access.server)] };
      }
      return { tools: this.#prepared.of(sdk, settings, pinned).map((tool) => this.#bind(tool, seat, traits)) };
    }
    const { tools } = found.list;
    const verdicts = directory.observe(key, tools);
    const offered = this.#prepared.of(sdk, settings, tools).filter(({ definition }) => verdicts.get(definition.tool)?.use === "offered");
    const bound = offered.map((tool) => {
      const verdict = verdicts.get(tool.definition.tool);
      const made = this.#bind(tool, seat, traits);
      return verdict?.use === "offered" && verdict.asks === true ? { ...made, alwaysAsks: true } : made;
    });
    if (!personal || !this.#chat(seat).stoodFor.has(key)) return { tools: bound };
    const connect = this.#connectTool(seat, access.server);
    return { tools: bound.some(({ name }) => name === connect.name) ? bound : [...bound, connect] };
  }

  /** Looked up for every use: what was allowed a moment ago may not be now. */
  #access({ key, method, customerId }: Seat): Access | undefined {
    const server = this.#servers.find(key);
    if (server === undefined) return undefined;
    if (authKindOf(server.settings) !== "oauth") return { server };
    const owner = method === "personal" ? ({ kind: "customer", id: customerId } as const) : ({ kind: "shared" } as const);
    return { server, signedBy: { authorizations: this.#options.authorizations, owner } };
  }

  #chat({ conversationId, customerId, sessionId }: Seat): ChatConnections {
    let chat = this.#chats.get(conversationId);
    if (chat !== undefined && chat.connections.customerId !== customerId) {
      // A conversation is one customer's; whoever else comes with its name gets nothing of theirs.
      chat.callOff?.();
      void chat.connections.close();
      chat = undefined;
    }
    if (chat === undefined) {
      const { fetch, clock, log, directory, answerBytes = ANSWER_BYTES, clientVersion = "0" } = this.#options;
      const saw = directory.saw?.bind(directory) ?? (() => undefined);
      const generation = (server: string): number => directory.listGeneration?.(server) ?? 0;
      const context = { fetch, clock, log, answerBytes, clientVersion, saw, generation };
      this.#chats.set(conversationId, (chat = { connections: new ChatConnections({ conversationId, sessionId }, customerId, context) }));
    }
    chat.callOff?.();
    delete chat.callOff;
    chat.connections.chat.sessionId = sessionId;
    return chat.connections;
  }

  #restLater(conversationId: string, afterMs: number): void {
    const chat = this.#chats.get(conversationId);
    if (chat === undefined) return;
    chat.callOff?.();
    chat.callOff = this.#options.clock.after(afterMs, () => {
      // Something is under way after all: its end, or the next rest, asks again.
      if (chat.connections.busy > 0) return this.#restLater(conversationId, afterMs);
      if (this.#chats.get(conversationId) === chat) this.#chats.delete(conversationId);
      void chat.connections.close();
    });
  }

  #bind({ definition, shared }: PreparedTool, seat: Seat, { personal, trusted }: { personal: boolean; trusted: boolean }): Tool {
    return {
      ...shared,
      reference: { ...shared.reference, trusted },
      ...(personal ? { needsConnection: () => this.#need(seat) } : {}),
      call: (input, context) => this.#call({ definition, name: shared.reference.serverName ?? seat.key }, seat, input, context),
    };
  }

  async #call(
    { definition, name }: { definition: ToolDefinition; name: string },
    seat: Seat,
    input: Readonly<Record<string, unknown>>,
    context: CallContext,
  ): ReturnType<Tool["call"]> {
    if (this.#closed) return uncalled(name, "the server is stopping");
    const access = this.#access(seat);
    if (access === undefined) {
      this.#chats.get(seat.conversationId)?.connections.drop(seat.key);
      return uncalled(name, "it may not be used any more");
    }
    const { settings } = access.server;
    const keep = settings.results === "full" ? {} : { keep: settings.results };
    const sample = (request: SamplingRequest) => context.sample({ ...request, ...keep });
    const result = await this.#chat(seat).call(access, definition, input, { ...context, sample });
    this.#restLater(seat.conversationId, this.#idleMs * FORGOTTEN_IDLES);
    if (result.outcome === "paused") return keptAs(result, keep);
    if (result.outcome === "needs-connection") {
      if (access.signedBy?.owner.kind === "customer") return result;
      return uncalled(`${settings.name} at ${safeAddress(settings)}`, ownersPart(settings.name, result.need));
    }
    this.#outputs ??= new OutputChecks(await loadMcpSdk(), this.#options.log);
    return { ...this.#outputs.checked(settings.key, definition, result, settings.results === "full"), ...keep };
  }

  #connectTool(seat: Seat, { settings }: HostedServer): Tool {
    return connectTool(settings, async () => {
      const access = this.#access(seat);
      if (access === undefined) return { fault: `${settings.name} may not be used any more.` };
      const connections = this.#chat(seat);
      connections.forgetList(access);
      const found = await connections.list(access);
      if ("lacks" in found) return { need: found.lacks };
      return "kind" in found ? { fault: found.message } : undefined;
    });
  }

  /** What a customer has to do before the server can be used. Never throws: what cannot be known now shows itself in the call. */
  async #need(seat: Seat): Promise<ConnectionNeed | undefined> {
    const access = this.#access(seat);
    if (access?.signedBy === undefined) return undefined;
    const { authorizations, owner } = access.signedBy;
    try {
      const answer = await authorizations.token(seat.key, owner);
      return "need" in answer ? namedNeed(answer.need, access.server.settings) : undefined;
    } catch (error) {
      this.#options.log.warn({ server: seat.key, cause: String(error) }, "it cannot be known whether a sign-in is good");
      return undefined;
    }
  }
}

function missing(server: string, serverName: string, cause: string): Toolbox["unavailable"][number] {
  return { server, serverName, cause };
}

/** What a server says to our model is kept as its results are. */
function keptAs(pause: ToolPause, keep: Pick<SamplingRequest, "keep">): ToolPause {
  const inputs = Object.entries(pause.inputs).map(
    ([key, input]) => [key, input.kind === "sampling" ? { ...input, ...keep } : input] as const,
  );
  return { ...pause, inputs: Object.fromEntries(inputs) };
}

function uncalled(what: string, why: string): { outcome: "failed"; content: { kind: "text"; text: string }[]; cause: string } {
  return {
    outcome: "failed",
    content: [{ kind: "text", text: "The call was not sent, because the server cannot be used now. Nothing was done." }],
    cause: `${what} was not called: ${why}.`,
  };
}

/** What there is to do for whoever keeps a shared connection. */
function ownersPart(name: string, { reason, scopes }: ConnectionNeed): string {
  switch (reason) {
    case "first":
      return `${name} wants a sign-in, and nobody has connected its shared account yet. An admin can do so under connections, or the connector can ask each customer.`;
    case "expired":
      return `The sign-in of ${name}'s shared account is over. An admin has to connect it again.`;
    case "scope":
      return `${name}'s shared account lacks rights (${scopes.join(", ")}). An admin has to connect it again with them.`;
  }
}

function whenAborted(signal: AbortSignal): { readonly promise: Promise<undefined>; readonly forget: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const onAbort = (): void => resolve(undefined);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  return { promise, forget: () => signal.removeEventListener("abort", onAbort) };
}
