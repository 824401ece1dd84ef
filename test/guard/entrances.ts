/**
 * Every way an address comes in from outside. To add one: a name, and how an attacker's address is used there with the
 * fetch that is given. Whatever the entrance does with it, nothing may get out: it refuses the address itself, or the
 * guard does.
 */
import * as undici from "undici";
import { systemClock } from "../../server/start/system-clock.ts";
import { readAuthorizationServer } from "../../server/oauth/authorization-server.ts";
import type { AuthorizationServer } from "../../server/oauth/authorization-server.ts";
import { createClientRegistration } from "../../server/oauth/client-registration.ts";
import { probeChallenge, readProtectedResource } from "../../server/oauth/protected-resource.ts";
import { requestTokens, revokeToken } from "../../server/oauth/token-endpoint.ts";
import { openGuardedSockets } from "../../server/guard/network/guarded-fetch.ts";
import { createSecretBox } from "../../server/guard/secrets/secret-box.ts";
import { remoteFields } from "../../server/tools/mcp/servers/server-fields.ts";
import { callHttpTool } from "../../server/tools/http/call-http-tool.ts";
import { prepareRequest } from "../../server/tools/http/prepared-request.ts";
import { createMemoryDocuments } from "../support/memory-documents.ts";
import { testHost } from "../support/mcp-host.ts";
import { httpTool } from "../tools/http/http-service.ts";
import { type CountingServer, HONEST, resolveHonest } from "./watched-fetch.ts";

export interface Way {
  /** The guarded fetch; what it lets out is noted. */
  readonly fetch: typeof fetch;
  /** The one server that may be reached. */
  readonly honest: CountingServer;
}

export interface Entrance {
  readonly name: string;
  /** Uses the address as it would be used. Throwing is a refusal. */
  use(url: string, way: Way): Promise<unknown>;
}

const secrets = {
  id: "client-1",
  secret: "client-secret",
  redirectUri: "https://desk.example/callback",
  authMethod: undefined,
  scope: undefined,
} as const;

export const ENTRANCES: readonly Entrance[] = [
  { name: "the guarded fetch itself", use: async (url, { fetch }) => fetch(url) },
  ...(["auto", "streamable-http", "sse"] as const).map((transport): Entrance => ({
    name: `the address of an MCP server (${transport})`,
    use: async (url, { fetch }) => openServer(url, transport, fetch),
  })),
  ...([301, 302, 303, 307, 308] as const).map((status): Entrance => ({
    name: `a redirect (${status})`,
    use: async (url, { fetch, honest }) => fetch(redirectingTo(url, status, honest)),
  })),
  {
    name: "a redirect of an MCP server",
    use: async (url, { fetch, honest }) => openServer(redirectingTo(url, 307, honest), "auto", fetch),
  },
  {
    name: "the address of an HTTP tool",
    use: async (url, { fetch }) => callTool(url, "GET", fetch),
  },
  {
    name: "the address of an HTTP tool that changes something",
    use: async (url, { fetch }) => callTool(url, "POST", fetch),
  },
  {
    name: "a redirect of an HTTP tool",
    use: async (url, { fetch, honest }) => callTool(redirectingTo(url, 302, honest), "GET", fetch),
  },
  {
    name: "the metadata that a server names in its challenge",
    use: async (url, { fetch }) => readProtectedResource(fetch, "https://orders.example/mcp", { resourceMetadata: url } as never),
  },
  {
    name: "the address of a server that is asked what it wants",
    use: async (url, { fetch }) => probeChallenge(fetch, url),
  },
  {
    name: "an authorization server that a resource names",
    use: async (url, { fetch }) => readAuthorizationServer(fetch, url),
  },
  {
    name: "the redirect of an authorization server's metadata",
    use: async (url, { fetch, honest }) => readAuthorizationServer(fetch, redirectingTo(url, 302, honest)),
  },
  {
    name: "a token endpoint",
    use: async (url, { fetch }) => requestTokens(fetch, serverWith(url), secrets, { grant_type: "client_credentials" }),
  },
  {
    name: "the redirect of a token endpoint",
    use: async (url, { fetch, honest }) =>
      requestTokens(fetch, serverWith(redirectingTo(url, 307, honest)), secrets, { grant_type: "client_credentials" }),
  },
  {
    name: "a revocation endpoint",
    use: async (url, { fetch }) => revokeToken(fetch, serverWith(url), secrets, { value: "token", hint: "access_token" }),
  },
  {
    name: "a registration endpoint",
    use: async (url, { fetch }) =>
      createClientRegistration({
        documents: createMemoryDocuments(),
        box: createSecretBox({ keys: [Buffer.alloc(32, 1)] }),
        fetch,
        clock: systemClock,
        publicUrl: () => "http://localhost:3000",
      }).clientFor({ key: "orders", name: "Orders", url: "https://orders.example/mcp" } as never, serverWith(url), {
        grant: "authorization_code",
      }),
  },
  {
    name: "a language model's own address",
    async use(url) {
      const { check, dispatcher } = await openGuardedSockets({ allowPrivate: [HONEST], resolve: resolveHonest });
      check(new URL(url));
      await undici.request(url, { dispatcher, method: "POST", body: "{}" });
      throw new Error(`ESCAPED: ${url}`);
    },
  },
  {
    // Shown by browsers, never fetched here: only what a browser loads over https, or an image in itself, is taken.
    name: "an icon",
    async use(url) {
      if (url.startsWith("https:")) return;
      if (remoteFields.icon.safeParse(url).success) throw new Error(`ESCAPED: ${url}`);
    },
  },
];

async function openServer(url: string, transport: "auto" | "streamable-http" | "sse", fetch: typeof globalThis.fetch): Promise<void> {
  const host = testHost(
    [{ key: "orders", name: "Orders", url, transport, connectTimeoutMs: 2_000, headers: { Authorization: "Bearer secret" } }],
    { fetch },
  );
  try {
    const { tools } = await host.open();
    if (tools.length > 0) throw new Error(`ESCAPED: ${url}`);
  } finally {
    await host.close();
  }
}

async function callTool(url: string, method: "GET" | "POST", fetch: typeof globalThis.fetch): Promise<void> {
  const definition = httpTool("attacked", url, { method, timeoutMs: 2_000 });
  await callHttpTool(
    { definition, request: prepareRequest(definition), arguments: {}, callId: "call-0001", signal: new AbortController().signal },
    { fetch, clock: systemClock },
  );
}

function serverWith(url: string): AuthorizationServer {
  const endpoint = new URL(url);
  return {
    issuer: "https://sign-in.example",
    authorizationEndpoint: endpoint,
    tokenEndpoint: endpoint,
    registrationEndpoint: endpoint,
    revocationEndpoint: endpoint,
    scopes: [],
    tokenAuthMethods: undefined,
    revocationAuthMethods: undefined,
    pkceMethods: ["S256"],
    clientIdMetadataDocuments: false,
    issParameter: false,
  };
}

/**
 * An address on the honest server that answers with a redirect. Texts that are no header value cannot be sent as one.
 */
function redirectingTo(url: string, status: number, honest: CountingServer): string {
  honest.listener = (request, response) => {
    if (request.url === "/start") response.writeHead(status, { location: url }).end();
    else response.writeHead(404).end();
  };
  return `${honest.origin}/start`;
}

/** Whether a text can be the value of a header, as a `Location` has to be. */
export function isHeaderValue(text: string): boolean {
  return /^[\t\x20-\x7e]*$/.test(text);
}
