import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { isInitializeRequest } from "@modelcontextprotocol/sdk/types.js";
import type { Request, Response } from "express";

interface Session {
  readonly server: McpServer;
  readonly transport: StreamableHTTPServerTransport;
  openRequests: number;
  lastUsedAt: number;
}

/** What the sessions take from outside. */
export interface McpSessionsOptions {
  /** A server of a session's own, its tools registered. */
  readonly makeServer: () => McpServer;
  readonly now: () => number;
  readonly newId: () => string;
  /** A session with no open request is dropped after this long; its client starts a new one on the 404. */
  readonly idleMs: number;
  /** The session idle longest makes room beyond this many. */
  readonly maximum: number;
}

/**
 * A server's side of Streamable HTTP: one MCP server and transport per session. A session ends when its client deletes
 * it, when it has been idle too long, or when there are too many; nothing of it stays.
 */
export class McpSessions {
  readonly #options: McpSessionsOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #sweep: NodeJS.Timeout;

  constructor(options: McpSessionsOptions) {
    this.#options = options;
    this.#sweep = setInterval(() => void this.#endIdle(), Math.max(1000, options.idleMs / 4)).unref();
  }

  /** Sessions that are open now. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Answers one POST, GET or DELETE on the MCP endpoint. */
  async handle(request: Request, response: Response): Promise<void> {
    const sessionId = request.header("mcp-session-id");
    const session = sessionId === undefined ? undefined : this.#sessions.get(sessionId);
    if (session !== undefined) {
      await this.#pass(session, request, response);
    } else if (sessionId !== undefined) {
      refuse(response, 404, "This session has ended. Initialize a new one.");
    } else if (request.method === "POST" && isInitializeRequest(request.body)) {
      await this.#begin(request, response);
    } else {
      refuse(response, 400, "Send an initialize request first, then its Mcp-Session-Id with every request.");
    }
  }

  /** Ends every session. */
  async close(): Promise<void> {
    clearInterval(this.#sweep);
    await Promise.all([...this.#sessions.keys()].map((sessionId) => this.#end(sessionId)));
  }

  async #begin(request: Request, response: Response): Promise<void> {
    await this.#makeRoom();
    const server = this.#options.makeServer();
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: this.#options.newId,
      onsessioninitialized: (sessionId) => {
        this.#sessions.set(sessionId, session);
      },
      onsessionclosed: (sessionId) => {
        this.#sessions.delete(sessionId);
      },
    });
    const session: Session = { server, transport, openRequests: 0, lastUsedAt: this.#options.now() };
    // The class declares its optional members as `T | undefined`, which exactOptionalPropertyTypes tells apart from the
    // interface's.
    await server.connect(transport as Transport);
    await this.#pass(session, request, response);
  }

  async #pass(session: Session, request: Request, response: Response): Promise<void> {
    session.openRequests += 1;
    response.once("close", () => {
      session.openRequests -= 1;
      session.lastUsedAt = this.#options.now();
    });
    await session.transport.handleRequest(request, response, request.body);
  }

  async #endIdle(): Promise<void> {
    const before = this.#options.now() - this.#options.idleMs;
    const idle = [...this.#sessions].filter(([, session]) => session.openRequests === 0 && session.lastUsedAt < before);
    await Promise.all(idle.map(([sessionId]) => this.#end(sessionId)));
  }

  async #makeRoom(): Promise<void> {
    if (this.#sessions.size < this.#options.maximum) return;
    const [oldest] = [...this.#sessions].toSorted(
      ([, one], [, other]) => one.openRequests - other.openRequests || one.lastUsedAt - other.lastUsedAt,
    );
    if (oldest !== undefined) await this.#end(oldest[0]);
  }

  async #end(sessionId: string): Promise<void> {
    const session = this.#sessions.get(sessionId);
    this.#sessions.delete(sessionId);
    await session?.server.close();
  }
}

function refuse(response: Response, status: number, message: string): void {
  response.status(status).json({ jsonrpc: "2.0", error: { code: -32_000, message }, id: null });
}
