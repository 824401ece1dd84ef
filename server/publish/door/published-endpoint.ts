import {
  createMcpHandler,
  InMemoryServerEventBus,
  isLegacyRequest,
  PROTOCOL_VERSION_META_KEY,
  type McpHttpHandler,
  type Server,
} from "@modelcontextprotocol/server";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { CallerKey } from "../calls/caller.ts";
import { LegacySessions } from "./legacy-sessions.ts";
import { noSession, noStream } from "./refusals.ts";
import { refusalResponse } from "./refusal-response.ts";

/** Who sits at a connection. */
export interface ConnectionSeat {
  readonly server: string;
  readonly key: CallerKey;
  readonly era: "legacy" | "modern";
  /** Of a connection of the legacy era. */
  readonly session?: string;
}

export interface EndpointPorts {
  /** What is behind the wire, for one connection of the legacy era or one request of the modern one. */
  readonly make: (seat: ConnectionSeat) => Server;
  /** Something beyond connecting came. */
  readonly used: (server: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ServedRequest {
  readonly key: ConnectionSeat["key"];
  /** Parsed; absent where the request has none. */
  readonly body: unknown;
}

/** What a client does to connect, in either era. */
const CONNECTING = new Set(["initialize", "notifications/initialized", "server/discover"]);

/**
 * One address that speaks both eras of MCP. The era is read from the body and `MCP-Protocol-Version` alone: bridges send
 * `Mcp-Method` with either, and some clients no version at all, which is the legacy era.
 */
export class PublishedEndpoint {
  readonly #id: string;
  readonly #ports: EndpointPorts;
  readonly #sessions: LegacySessions;
  readonly #modern: McpHttpHandler;
  /** Has a listener for each subscription of the modern era. */
  readonly #bus = new InMemoryServerEventBus();

  constructor(id: string, ports: EndpointPorts) {
    this.#id = id;
    this.#ports = ports;
    this.#sessions = new LegacySessions(ports);
    const { log } = ports;
    this.#modern = createMcpHandler(({ authInfo }) => ports.make({ server: id, key: keyFrom(authInfo?.extra), era: "modern" }), {
      legacy: "reject",
      bus: this.#bus,
      onerror: (error) => log.info({ error: String(error), server: id }, "A client of a published server sent something odd."),
    });
  }

  async serve(request: Request, { key, body }: ServedRequest): Promise<Response> {
    const methods = methodsOf(body);
    const isUse = methods.some((method) => !CONNECTING.has(method));
    if (isUse && key.test === undefined) this.#ports.used(this.#id);
    if (!hasEnvelope(body) && (await isLegacyRequest(request, body))) return this.#serveLegacy(request, key, { body, isUse, methods });
    const authInfo = { token: "", clientId: key.id, scopes: [], extra: { key } };
    return this.#modern.fetch(request, { authInfo, ...(body === undefined ? {} : { parsedBody: body }) });
  }

  async #serveLegacy(
    request: Request,
    key: ConnectionSeat["key"],
    { body, isUse, methods }: { readonly body: unknown; readonly isUse: boolean; readonly methods: readonly string[] },
  ): Promise<Response> {
    const id = request.headers.get("mcp-session-id");
    if (id === null && methods.includes("initialize")) {
      const make = (session: string): Server => this.#ports.make({ server: this.#id, key, era: "legacy", session });
      return this.#sessions.begin(request, key.id, { body, make });
    }
    // Clients that look for a stream before they connect go on after this status, and after no other.
    if (id === null && request.method === "GET") return refusalResponse(noStream());
    // Without a session the transport of nobody says what is missing.
    if (id === null)
      return this.#sessions.begin(request, key.id, { body, make: () => this.#ports.make({ server: this.#id, key, era: "legacy" }) });
    const served = this.#sessions.has(id, key.id) ? await this.#sessions.serve(id, request, { body, isUse }) : undefined;
    return served ?? refusalResponse(noSession());
  }

  /** Somebody wants to hear of changes. */
  get isHeard(): boolean {
    return this.#bus.listenerCount > 0 || this.#sessions.isHeard;
  }

  toolsChanged(): void {
    this.#modern.notify.toolsChanged();
    this.#sessions.toolsChanged();
  }

  /** These keys are not good any more. What it has open besides is closed by whoever holds the sockets. */
  async endKeys(isGood: (key: string) => Promise<boolean>): Promise<void> {
    const ended = new Set<string>();
    for (const key of this.#sessions.keys) if (!(await isGood(key))) ended.add(key);
    await this.#sessions.close((key) => ended.has(key));
  }

  async close(): Promise<void> {
    await Promise.all([this.#modern.close(), this.#sessions.close()]);
  }
}

/** The methods of a message, or of each in a batch. */
export function methodsOf(body: unknown): readonly string[] {
  const messages: readonly unknown[] = Array.isArray(body) ? body : [body];
  return messages.flatMap((message) =>
    typeof message === "object" && message !== null && "method" in message && typeof message.method === "string" ? [message.method] : [],
  );
}

function keyFrom(extra: Readonly<Record<string, unknown>> | undefined): ConnectionSeat["key"] {
  return extra?.["key"] as ConnectionSeat["key"];
}

/** Only the modern era has it; the rest is looked at more closely. */
function hasEnvelope(body: unknown): boolean {
  if (typeof body !== "object" || body === null || !("method" in body) || !("id" in body) || !("params" in body)) return false;
  const meta = (body.params as { _meta?: unknown } | null)?._meta;
  return typeof meta === "object" && meta !== null && PROTOCOL_VERSION_META_KEY in meta;
}
