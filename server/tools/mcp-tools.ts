import type { Assistant } from "../conversation/assistant.ts";
import type { Clock, Log, Tool, Toolbox, Tools } from "../conversation/ports.ts";
import { valueCheck, type ValueCheck } from "./argument-check.ts";
import { ChatConnections, type HostedServer } from "./chat-connections.ts";
import type { Fetch } from "./chat-fetch.ts";
import { loadMcpSdk, type McpSdk } from "./mcp-sdk.ts";
import { ServerKnowledge } from "./server-knowledge.ts";
import { safeAddress, type McpServerSettings } from "./settings.ts";
import { toolReference, type ToolDefinition } from "./tool-definition.ts";
import type { ToolList } from "./tool-list.ts";
import { toolNames } from "./tool-name.ts";

export interface McpToolsOptions {
  readonly servers: readonly McpServerSettings[];
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
/** The part of the names that is ours. */
const OUR_KEY = "frontdesk";

/** A tool as every conversation sees it; what is left is who calls. */
interface PreparedTool {
  readonly definition: ToolDefinition;
  readonly shared: Omit<Tool, "call">;
}

/**
 * The MCP host: the tools of the servers that an assistant is connected to, over connections that belong to one conversation each. Throws a `TypeError` for
 * two servers with one key, and for the key that is ours.
 */
export function createMcpTools(options: McpToolsOptions): Tools {
  const servers = new Map<string, HostedServer>();
  for (const settings of options.servers) {
    if (settings.key === OUR_KEY)
      throw new TypeError(`An MCP server cannot be called "${OUR_KEY}": that name is for the product's own tools.`);
    if (servers.has(settings.key)) throw new TypeError(`Two MCP servers are called "${settings.key}".`);
    servers.set(settings.key, { settings, knowledge: new ServerKnowledge() });
  }
  return new McpTools(options, servers);
}

class McpTools implements Tools {
  readonly #options: McpToolsOptions;
  readonly #servers: ReadonlyMap<string, HostedServer>;
  readonly #chats = new Map<string, { connections: ChatConnections; callOff?: () => void }>();
  readonly #prepared = new WeakMap<ToolList, readonly PreparedTool[]>();
  /** Made with the first call of a tool: most tools are never called. */
  readonly #checks = new WeakMap<ToolDefinition, ValueCheck>();
  #closed = false;

  constructor(options: McpToolsOptions, servers: ReadonlyMap<string, HostedServer>) {
    this.#options = options;
    this.#servers = servers;
  }

  async open(request: { assistant: Assistant; conversationId: string; sessionId: string; signal: AbortSignal }): Promise<Toolbox> {
    const { assistant, conversationId, sessionId, signal } = request;
    if (assistant.connectors.length === 0) return { tools: [], unavailable: [] };
    const sdk = await loadMcpSdk();
    const connections = this.#chat(conversationId, sessionId);
    const stopped = whenAborted(signal);
    const parts = await Promise.all(
      [...new Set(assistant.connectors.map(({ server }) => server))].map(async (key) => {
        const server = this.#servers.get(key);
        if (server === undefined) return missing(key, key, "No MCP server with this name is configured.");
        const { name } = server.settings;
        if (this.#closed) return missing(key, name, "The server is stopping.");
        const found = await Promise.race([connections.list(server), stopped.promise]);
        if (found === undefined) return missing(key, name, "Stopped before its tools were read.");
        if ("kind" in found) return missing(key, name, found.message);
        return { tools: this.#prepare(sdk, server, found.list).map((tool) => this.#bind(tool, server, conversationId, sessionId)) };
      }),
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

  #chat(conversationId: string, sessionId: string): ChatConnections {
    let chat = this.#chats.get(conversationId);
    if (chat === undefined) {
      const connections = new ChatConnections(
        { conversationId, sessionId },
        {
          fetch: this.#options.fetch,
          clock: this.#options.clock,
          log: this.#options.log,
          answerBytes: this.#options.answerBytes ?? ANSWER_BYTES,
          clientVersion: this.#options.clientVersion ?? "0",
        },
      );
      this.#chats.set(conversationId, (chat = { connections }));
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

  #prepare(sdk: McpSdk, { settings }: HostedServer, list: ToolList): readonly PreparedTool[] {
    const known = this.#prepared.get(list);
    if (known !== undefined) return known;
    const names = toolNames(
      settings.key,
      list.tools.map(({ tool }) => tool),
    );
    const byName = new Map<string, ToolDefinition>();
    // A server that wants to can make two of its tools hash alike: the first one has the name.
    for (const [index, name] of names.entries()) {
      const definition = list.tools[index];
      if (definition !== undefined && !byName.has(name)) byName.set(name, definition);
    }
    const prepared = Array.from(byName, ([name, definition]) => ({
      definition,
      shared: {
        name,
        reference: toolReference(settings, definition),
        description: definition.description,
        inputSchema: definition.inputSchema,
        definitionHash: definition.definitionHash,
        check: (input: Readonly<Record<string, unknown>>) => this.#checkOf(sdk, settings, definition)(input),
      },
    }));
    this.#prepared.set(list, prepared);
    return prepared;
  }

  #checkOf(sdk: McpSdk, settings: McpServerSettings, definition: ToolDefinition): ValueCheck {
    const known = this.#checks.get(definition);
    if (known !== undefined) return known;
    const made = valueCheck(definition.inputSchema, sdk.validators, (cause) =>
      this.#options.log.warn(
        { server: settings.key, tool: definition.tool, cause },
        "a tool's schema cannot be used, so its calls are refused",
      ),
    );
    this.#checks.set(definition, made);
    return made;
  }

  #bind({ definition, shared }: PreparedTool, server: HostedServer, conversationId: string, sessionId: string): Tool {
    return {
      ...shared,
      call: async (input, context) => {
        if (this.#closed)
          return { outcome: "failed", content: [], cause: `${safeAddress(server.settings)} was not called: the server is stopping.` };
        const result = await this.#chat(conversationId, sessionId).call(server, definition, input, context);
        this.#restLater(conversationId, this.#idleMs * FORGOTTEN_IDLES);
        return result;
      },
    };
  }
}

function missing(server: string, serverName: string, cause: string): Toolbox["unavailable"][number] {
  return { server, serverName, cause };
}

function whenAborted(signal: AbortSignal): { readonly promise: Promise<undefined>; readonly forget: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const onAbort = (): void => resolve(undefined);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  return { promise, forget: () => signal.removeEventListener("abort", onAbort) };
}
