import type { IncomingMessage, ServerResponse } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { RequestError } from "../../../protocol/errors.ts";
import type { Log } from "../../foundation/log.ts";
import type { AttemptLimits } from "../../guard/limits/attempt-limits.ts";
import { addressOf } from "../../guard/network/address.ts";
import { resourceMetadata } from "../../grants/metadata.ts";
import { TOOL_SCOPES } from "../../grants/scopes.ts";
import type { PublishedServer } from "../../setup/published-servers/live-published.ts";
import { OWN_SERVER } from "../../setup/published-servers/published-server-record.ts";
import type { CallerKey } from "../calls/caller.ts";
import type { KeyLimits } from "./key-limits.ts";
import type { LastRefusals } from "./last-refusals.ts";
import type { Refused, Served } from "../tools/own-server.ts";
import { methodsOf, type PublishedEndpoint } from "./published-endpoint.ts";
import * as refusals from "./refusals.ts";
import type { Refusal } from "./refusals.ts";

export interface McpGatewayPorts {
  readonly live: Pick<Served, "find" | "check">;
  readonly endpointOf: (server: string) => PublishedEndpoint;
  readonly limits: KeyLimits;
  readonly attempts: AttemptLimits;
  readonly refused: LastRefusals;
  readonly reachable: (request: IncomingMessage) => Refusal | undefined;
  /** By which origin a request came. */
  readonly reachedOrigin: (request: IncomingMessage) => string;
  /** `PUBLIC_URL`, or where it listens. */
  readonly publicUrl: () => string;
  /** The path of `PUBLIC_URL`; empty if it has none. */
  readonly basePath: string;
  readonly trustedProxies: number;
  readonly isStopping: () => boolean;
  readonly log: Log;
}

interface Passed {
  readonly server: PublishedServer;
  readonly key: CallerKey;
  readonly body: unknown;
}

/** A program that looks how to sign in. */
interface Told {
  readonly told: Readonly<Record<string, unknown>>;
}

/** Who comes with these tries no keys: their sign-in is known here. */
const KNOWN: ReadonlySet<string> = new Set<Refused>(["ended", "expired-token", "not-admitted"]);
const METADATA = ".well-known/oauth-protected-resource";
const METHODS = new Set(["GET", "POST", "DELETE"]);
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * The door of published servers: `/<id>` below its mount. The key is looked at before the method and the body, so that
 * a client without one learns that it needs one whatever it tries. Each refusal is a JSON-RPC error with one sentence.
 * A program that a person signed in comes with an access token in the key's place.
 */
export class McpGateway {
  readonly #ports: McpGatewayPorts;
  /** By key: what is open, to be closed when the key is revoked. */
  readonly #open = new Map<string, Set<ServerResponse>>();

  constructor(ports: McpGatewayPorts) {
    this.#ports = ports;
  }

  readonly handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const passed = await this.#admit(request);
      if ("status" in passed) {
        this.#remember(request, passed);
        return refuse(response, passed);
      }
      if ("told" in passed) return tell(response, passed.told);
      await this.#serve(request, response, passed);
    } catch (error) {
      this.#ports.log.error({ error: String(error) }, "A request to a published server failed here.");
      if (response.headersSent) response.destroy();
      else refuse(response, refusals.broken());
    }
  };

  /** What keys have open that are not good any more ends now. */
  async endKeys(isGood: (key: string) => Promise<boolean>): Promise<void> {
    for (const [key, responses] of this.#open) if (!(await isGood(key))) for (const response of responses) response.destroy();
  }

  close(): void {
    for (const responses of this.#open.values()) for (const response of responses) response.destroy();
  }

  #remember(request: IncomingMessage, { message }: Refusal): void {
    const [id = ""] = pathOf(request).slice(1).split("/");
    const server = this.#ports.live.find(id);
    if (server !== undefined && server !== "deleted") this.#ports.refused.refused(id, message);
  }

  async #admit(request: IncomingMessage): Promise<Passed | Told | Refusal> {
    const { live, reachable, limits, isStopping, publicUrl } = this.#ports;
    const unreachable = reachable(request);
    if (unreachable !== undefined) return unreachable;
    const [id = "", ...rest] = pathOf(request).slice(1).split("/");
    const below = rest.filter((part) => part !== "").join("/");
    const server = live.find(id);
    if (server === "deleted") return refusals.deleted();
    // Some clients look there, whatever the 401 says.
    if (server !== undefined && id !== OWN_SERVER && below === METADATA)
      return { told: resourceMetadata(this.#addressOf(request, id), publicUrl()) };
    if (below !== "") return refusals.notFound();
    if (server === undefined) return id === OWN_SERVER ? refusals.turnedOff() : refusals.notFound();
    const verdict = await this.#key(request, server);
    if ("status" in verdict) return verdict;
    const method = request.method ?? "";
    if (!METHODS.has(method)) return refusals.wrongMethod(method);
    if (isStopping()) return refusals.stopping();
    const body = method === "POST" ? await readJson(request) : { value: undefined };
    if ("status" in body) return body;
    const methods = methodsOf(body.value);
    const { scopes, ...key } = verdict;
    if (scopes !== undefined && !allows(scopes, methods)) return refusals.scopeMissing(this.#hint(request, id));
    const calls = methods.filter((one) => one === "tools/call").length;
    return (await limits.take(key.id, calls, server.callsPerMinute)) ?? { server, key, body: body.value };
  }

  async #key(request: IncomingMessage, server: PublishedServer): Promise<(CallerKey & { readonly scopes?: readonly string[] }) | Refusal> {
    const key = keyIn(request);
    if (key === undefined) return refusals.keyRefused(server.id === OWN_SERVER ? "missing-own" : "missing", this.#hint(request, server.id));
    const verdict = await this.#ports.live.check(server.id, key);
    if ("key" in verdict) return verdict.key;
    try {
      if (!KNOWN.has(verdict.refused)) await this.#ports.attempts.failed(addressOf(request, this.#ports.trustedProxies));
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return refusals.tooMany("Too many wrong keys came from this network", error.retryAfterMs ?? 60_000);
    }
    return refusals.keyRefused(verdict.refused, this.#hint(request, server.id));
  }

  /** As the client knows it. */
  #addressOf(request: IncomingMessage, id: string): string {
    return `${this.#ports.reachedOrigin(request)}${this.#ports.basePath}/mcp/${id}`;
  }

  /** Undefined: nobody signs in to Frontdesk's own server, whose keys are those of the API. */
  #hint(request: IncomingMessage, id: string): refusals.SignInHint | undefined {
    if (id === OWN_SERVER) return undefined;
    const { basePath, reachedOrigin } = this.#ports;
    // Under a path, the root of the host is somebody else's.
    const metadata = basePath === "" ? `${reachedOrigin(request)}/${METADATA}/mcp/${id}` : `${this.#addressOf(request, id)}/${METADATA}`;
    return { metadata, scopes: TOOL_SCOPES };
  }

  async #serve(request: IncomingMessage, response: ServerResponse, { server, key, body }: Passed): Promise<void> {
    const open = this.#open.get(key.id) ?? new Set();
    this.#open.set(key.id, open.add(response));
    response.once("close", () => {
      open.delete(response);
      if (open.size === 0) this.#open.delete(key.id);
    });
    // It may have ended while the body came.
    const verdict = await this.#ports.live.check(server.id, keyIn(request) ?? "");
    if ("refused" in verdict) return refuse(response, refusals.keyRefused(verdict.refused, this.#hint(request, server.id)));
    const endpoint = this.#ports.endpointOf(server.id);
    const fetch = (asked: Request): Promise<Response> => endpoint.serve(asked, { key, body });
    await toNodeHandler({ fetch })(request as Parameters<ReturnType<typeof toNodeHandler>>[0], response, body);
  }
}

/** Below the mount, without its query. */
function pathOf(request: IncomingMessage): string {
  return (request.url ?? "/").split("?", 1)[0] ?? "/";
}

/** People copy keys with spaces around them. */
function keyIn({ headers }: IncomingMessage): string | undefined {
  const bearer = /^\s*bearer\s+(.*)$/i.exec(headers.authorization ?? "")?.[1]?.trim();
  const header = headers["x-api-key"];
  const key = bearer || (Array.isArray(header) ? header[0] : header)?.trim();
  return key === "" ? undefined : key;
}

async function readJson(request: IncomingMessage): Promise<{ readonly value: unknown } | Refusal> {
  if (Number(request.headers["content-length"] ?? 0) > MOST_BYTES) return refusals.tooLarge(MOST_BYTES);
  const bytes = await readBytes(request);
  if (bytes === undefined) return refusals.tooLarge(MOST_BYTES);
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return value === null || value === undefined ? refusals.unreadable() : { value };
  } catch {
    return refusals.unreadable();
  }
}

/** Whoever may do anything may connect. */
function allows(scopes: readonly string[], methods: readonly string[]): boolean {
  if (methods.includes("tools/call") && !scopes.includes("tools:call")) return false;
  if (methods.includes("tools/list") && !scopes.includes("tools:list")) return false;
  return TOOL_SCOPES.some((scope) => scopes.includes(scope));
}

function tell(response: ServerResponse, metadata: Readonly<Record<string, unknown>>): void {
  response.writeHead(200, { "Content-Type": "application/json", "Access-Control-Allow-Origin": "*" });
  response.end(JSON.stringify(metadata));
}

/** Undefined: there are too many. An iterator over the request costs more than reading so little. */
function readBytes(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= MOST_BYTES) return;
      resolve(undefined);
      request.destroy();
    });
    request.once("end", () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    request.once("error", reject);
    request.once("close", () => reject(new Error("The client went away.")));
  });
}

function refuse(response: ServerResponse, { status, code, message, headers }: Refusal): void {
  response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers });
  response.end(JSON.stringify({ jsonrpc: "2.0", error: { code, message }, id: null }));
}
