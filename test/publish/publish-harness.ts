/** A whole server with published servers, and clients that nobody here wrote: those of the official SDK. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { onTestFinished } from "vitest";
import { start, type Started } from "../http/server-harness.ts";

const ADMIN_KEY = "an-admin-key-that-is-long-enough-1234567890";

export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
}

export interface Desk extends Started {
  api<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer<Body>>;
  /** Publishes tools, and makes a key. */
  publish(tools: readonly object[], more?: object): Promise<Published>;
}

export interface Published {
  readonly id: string;
  /** Reached on this machine. */
  readonly url: string;
  readonly key: string;
  readonly keyId: string;
}

/** A server over a folder of its own, whose admin is the key of its environment. */
export async function desk(options: Parameters<typeof start>[0] = {}): Promise<Desk> {
  const { environment, ...rest } = options;
  const started = await start({ ...rest, environment: { FRONTDESK_ADMIN_KEY: ADMIN_KEY, ...environment } });
  const api: Desk["api"] = async (method, path, body, headers = {}) => {
    const response = await fetch(`${started.url}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${ADMIN_KEY}`, ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === "" ? undefined : JSON.parse(text)) as never, headers: response.headers };
  };
  return {
    ...started,
    api,
    publish: async (tools, more = {}) => {
      const made = await api<{ id: string; url: string }>("POST", "/published-servers", { name: "Shop tools", tools, ...more });
      if (made.status !== 201) throw new Error(JSON.stringify(made.body));
      const { id } = made.body;
      const { body } = await api<{ id: string; key: string }>("POST", `/published-servers/${id}/keys`, { name: "CI" });
      return { id, url: `${started.url}/mcp/${id}`, key: body.key, keyId: body.id };
    },
  };
}

export type Era = "legacy" | "modern";
export const ERAS = ["legacy", "modern"] as const;

/** The official client, closed with the test. */
export async function connect(
  { url, key }: Pick<Published, "url" | "key">,
  era: Era,
  {
    capabilities = {},
    headers = {},
    name = "test-client",
    prepare,
    fetch: own,
  }: {
    capabilities?: object;
    headers?: Readonly<Record<string, string>>;
    name?: string;
    prepare?: (client: Client) => void;
    fetch?: typeof fetch;
  } = {},
): Promise<Client> {
  const client = new Client({ name, version: "7.8" }, {
    capabilities,
    versionNegotiation: { mode: era === "legacy" ? "legacy" : { pin: "2026-07-28" } },
  } as never);
  prepare?.(client);
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { Authorization: `Bearer ${key}`, ...headers } },
    ...(own === undefined ? {} : { fetch: own }),
  });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return client;
}

export interface Backend {
  readonly url: string;
  readonly requests: {
    readonly method: string;
    readonly url: string;
    readonly body: string;
    readonly headers: IncomingMessage["headers"];
  }[];
  /** What it answers. */
  answer: (request: { readonly method: string; readonly url: string; readonly body: string }) => unknown;
}

/** What stands behind HTTP tools. */
export async function backend(): Promise<Backend> {
  const requests: Backend["requests"] = [];
  const made: Backend = { url: "", requests, answer: ({ body }) => ({ got: body === "" ? null : (JSON.parse(body) as unknown) }) };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const asked = { method: request.method ?? "", url: request.url ?? "", body: Buffer.concat(chunks).toString() };
      requests.push({ ...asked, headers: request.headers });
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(made.answer(asked)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(made, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

/** An HTTP tool that cancels an order at the backend. */
export function cancelOrder(url: string, more: object = {}): object {
  return {
    name: "cancel_order",
    title: "Cancel order",
    description: "Cancels an order.",
    method: "POST",
    url: `${url}/cancel`,
    body: { order: "{order}" },
    parameters: { type: "object", properties: { order: { type: "integer" } }, required: ["order"] },
    ...more,
  };
}

/** A bare POST, as a client that is no SDK sends it. */
export async function post(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json, text/event-stream", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}
