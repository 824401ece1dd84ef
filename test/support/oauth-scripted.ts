import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** What one path answers: a status and headers with a body, or a JSON value with 200. */
export type ScriptedAnswer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | { readonly json: unknown };

export interface ScriptedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/**
 * An MCP server, an authorization server, or both, that say exactly what a test tells them to. Whatever nobody scripted
 * is 404.
 */
export interface ScriptedServer {
  readonly url: string;
  readonly requests: ScriptedRequest[];
  /** By path; the newest script counts. */
  answer(path: string, answer: ScriptedAnswer | ((request: ScriptedRequest) => ScriptedAnswer)): void;
  close(): Promise<void>;
}

export async function startScripted(): Promise<ScriptedServer> {
  const answers = new Map<string, ScriptedAnswer | ((request: ScriptedRequest) => ScriptedAnswer)>();
  const requests: ScriptedRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const path = (request.url ?? "/").split("?")[0] ?? "/";
      const seen = { method: request.method ?? "GET", path, headers: request.headers, body: Buffer.concat(chunks).toString("utf8") };
      requests.push(seen);
      const script = answers.get(path);
      const answer = typeof script === "function" ? script(seen) : (script ?? { status: 404 });
      if ("json" in answer) {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify(answer.json));
      } else {
        response.writeHead(answer.status, answer.headers);
        response.end(answer.body ?? "");
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (path, answer) => void answers.set(path, answer),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The metadata of an authorization server that does everything right. */
export function goodMetadata(issuer: string): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    registration_endpoint: `${issuer}/register`,
    revocation_endpoint: `${issuer}/revoke`,
    response_types_supported: ["code"],
    code_challenge_methods_supported: ["S256"],
    token_endpoint_auth_methods_supported: ["none"],
    authorization_response_iss_parameter_supported: true,
  };
}
