import type { Assistant } from "../../conversation/ports/assistant.ts";
import type { CustomerFacts } from "../../conversation/ports/customer-facts.ts";
import type { Tool, Toolbox, Tools } from "../../conversation/ports/tools.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import { isPersonal, type Access } from "./access.ts";
import { BoundTools } from "./bound-tools.ts";
import { HostedConversations } from "./hosted-conversations.ts";
import { HostedServers } from "./hosted-servers.ts";
import { PreparedTools } from "./prepared-tools.ts";
import { Programs } from "./programs.ts";
import { accessOf, type Seat } from "./seat.ts";
import type { DatedList } from "./server-knowledge.ts";
import type { Authorizations, RememberedTools, ServerDirectory } from "./servers/ports.ts";
import { isRemote } from "./servers/settings.ts";
import { missing, ownersPart } from "./unusable-server.ts";
import type { Fetch } from "./wire/conversation-fetch.ts";
import { loadValidation, type Validation } from "./wire/mcp-sdk.ts";

export interface McpToolsPorts {
  readonly directory: ServerDirectory;
  readonly authorizations: Authorizations;
  /** Carries every request to a remote server; the guarded fetch, in a real server. */
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Log;
  /** How long a conversation's links are kept after `rest`. */
  readonly idleMs?: number;
  /** How long a conversation waits for a program of which nothing is known yet. */
  readonly listWaitMs?: number;
  /** The largest answer that is read. */
  readonly answerBytes?: number;
  /** Our version, as servers are given it. */
  readonly clientVersion?: string;
  /** Whether views of tools can be shown, which servers are told. Absent: no. */
  readonly views?: boolean;
}

const IDLE_MS = 60_000;
/** A process that conversations share is kept so many times longer. */
const SHARED_IDLES = 10;
const LIST_WAIT_MS = 5_000;
const ANSWER_BYTES = 8 * 1024 * 1024;

/**
 * The MCP host: the tools of the servers that an assistant is connected to, over links that belong to one conversation
 * each.
 */
export function createMcpTools(ports: McpToolsPorts): McpTools {
  return new McpTools(ports);
}

class McpTools implements Tools {
  readonly #ports: McpToolsPorts;
  readonly #servers: HostedServers;
  readonly #programs: Programs;
  readonly #conversations: HostedConversations;
  readonly #prepared: PreparedTools;
  readonly #bound: BoundTools;
  #closed = false;

  constructor(ports: McpToolsPorts) {
    const { directory, fetch, clock, log, answerBytes = ANSWER_BYTES, clientVersion = "0", views = false } = ports;
    const { idleMs = IDLE_MS, listWaitMs = LIST_WAIT_MS } = ports;
    const carriers = { fetch, clock, log, answerBytes, clientVersion, views };
    const saw = directory.saw?.bind(directory) ?? (() => undefined);
    const generation = (server: string): number => directory.listGeneration?.(server) ?? 0;
    this.#ports = ports;
    this.#servers = new HostedServers(directory);
    this.#programs = new Programs({ ...carriers, directory, idleMs: idleMs * SHARED_IDLES, listWaitMs });
    this.#conversations = new HostedConversations({ ...carriers, programs: this.#programs, saw, generation }, idleMs);
    this.#prepared = new PreparedTools(log);
    const access = (seat: Seat) => this.#access(seat);
    this.#bound = new BoundTools({ log, conversations: this.#conversations, access, views, closed: () => this.#closed });
  }

  async open(request: {
    assistant: Assistant;
    conversationId: string;
    customerId: string;
    sessionId: string;
    voiceCallId?: string;
    facts?: CustomerFacts;
    depth?: number;
    signal: AbortSignal;
  }): Promise<Toolbox> {
    const { assistant, signal, conversationId, customerId, sessionId, voiceCallId, facts, depth } = request;
    if (assistant.connectors.length === 0) return { tools: [], unavailable: [] };
    const validation = await loadValidation();
    const stopped = whenAborted(signal);
    const who = { conversationId, customerId, sessionId };
    const asked = {
      ...who,
      ...(voiceCallId === undefined ? {} : { voiceCallId }),
      ...(facts === undefined ? {} : { facts }),
      ...(depth === undefined ? {} : { depth }),
    };
    const connectors = new Map(assistant.connectors.map((connector) => [connector.server, connector.method ?? "shared"]));
    const parts = await Promise.all(
      Array.from(connectors, ([key, method]) => this.#offers(validation, { key, method, ...asked }, stopped.promise)),
    ).finally(stopped.forget);
    this.#conversations.used(conversationId);
    return {
      tools: parts.flatMap((part) => ("tools" in part ? part.tools : [])).sort((a, b) => (a.name < b.name ? -1 : 1)),
      unavailable: parts.flatMap((part) => ("tools" in part ? [] : [part])),
    };
  }

  rest(conversationId: string): void {
    this.#conversations.rest(conversationId);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([this.#conversations.close(), this.#programs.close()]);
  }

  /** Starts these programs in the background, a few at a time, to learn their tools before anybody asks for them. */
  learn(keys: readonly string[]): void {
    for (const key of keys) {
      const server = this.#servers.find(key);
      if (server !== undefined && !isRemote(server.settings)) void this.#programs.learn(server, true);
    }
  }

  /** One server's tools as this conversation may have them, or why there are none. */
  async #offers(
    validation: Validation,
    seat: Seat,
    stopped: Promise<undefined>,
  ): Promise<Pick<Toolbox, "tools"> | Toolbox["unavailable"][number]> {
    const { key } = seat;
    const access = this.#access(seat);
    if (access === undefined) {
      this.#conversations.drop(seat.conversationId, key);
      return missing(key, key, "No MCP server with this name may be used: there is none, or it is not shared any more.");
    }
    const { name } = access.server.settings;
    if (this.#closed) return missing(key, name, "The server is stopping.");
    const found = await Promise.race([this.#conversations.at(seat).list(access), stopped]);
    if (found === undefined) return missing(key, name, "Stopped before its tools were read.");
    if ("kind" in found) return missing(key, name, found.message);
    if (!("lacks" in found)) return { tools: this.#listed(validation, seat, access, found) };
    return isPersonal(access) ? { tools: this.#unlisted(validation, seat, access) } : missing(key, name, ownersPart(name, found.lacks));
  }

  /** The tools of a list that was read, now or earlier. */
  #listed(validation: Validation, seat: Seat, access: Access, found: DatedList | RememberedTools): Toolbox["tools"] {
    const { server } = access;
    const personal = isPersonal(access);
    const traits = { personal, trusted: server.settings.trusted };
    const { tools } = "verdicts" in found ? found : found.list;
    const customerId = personal ? seat.customerId : undefined;
    const verdicts = "verdicts" in found ? found.verdicts : this.#ports.directory.observe(seat.key, tools, customerId);
    const bound = this.#prepared.of(validation, server.settings, tools).flatMap((tool) => {
      const verdict = verdicts.get(tool.definition.tool);
      if (verdict?.use !== "offered") return [];
      const made = this.#bound.bind(tool, seat, traits);
      return [verdict.asks === true ? { ...made, alwaysAsks: true } : made];
    });
    if (!personal || !this.#conversations.at(seat).stoodFor.has(seat.key)) return bound;
    return withConnect(bound, this.#bound.connect(seat, server));
  }

  /**
   * The tools of a server whose list cannot be read before the customer signs in: the accepted ones, and one that stands
   * for what else there may be.
   */
  #unlisted(validation: Validation, seat: Seat, { server }: Access): Toolbox["tools"] {
    const { directory } = this.#ports;
    const pinned = directory.pinned(seat.key);
    const traits = { personal: true, trusted: server.settings.trusted };
    const known = this.#prepared.of(validation, server.settings, pinned).map((tool) => this.#bound.bind(tool, seat, traits));
    if (known.length > 0 && directory.hasMore?.(seat.key) !== true) return known;
    this.#conversations.at(seat).stoodFor.add(seat.key);
    return withConnect(known, this.#bound.connect(seat, server));
  }

  #access(seat: Seat): Access | undefined {
    return accessOf(seat, this.#servers, this.#ports.authorizations);
  }
}

/** A server's own tool of that name is the one that is meant. */
function withConnect(tools: readonly Tool[], connect: Tool): readonly Tool[] {
  return tools.some(({ name }) => name === connect.name) ? tools : [...tools, connect];
}

function whenAborted(signal: AbortSignal): { readonly promise: Promise<undefined>; readonly forget: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const onAbort = (): void => resolve(undefined);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  return { promise, forget: () => signal.removeEventListener("abort", onAbort) };
}
