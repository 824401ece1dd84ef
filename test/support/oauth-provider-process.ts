/**
 * The program behind `startProvider`: `node oauth-provider-process.ts '<options as JSON>'`. Says `ready <origin>` when
 * it listens.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { forgetAll, ForgetfulAdapter } from "./oauth-provider-storage.ts";
import type { ProviderOptions } from "./oauth-process.ts";

interface Stored {
  readonly accountId?: string;
  readonly clientId: string;
  readonly scope?: string;
  readonly aud?: string | readonly string[];
}

interface Provider {
  callback(): (request: IncomingMessage, response: ServerResponse) => void;
  use(middleware: (context: ProviderContext, next: () => Promise<void>) => Promise<void>): void;
  on(event: string, listener: (...values: unknown[]) => void): void;
  interactionDetails(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<{
    readonly prompt: {
      readonly name: string;
      readonly details: {
        missingOIDCScope?: string[];
        missingResourceScopes?: Record<string, string[]>;
      };
    };
    readonly params: { readonly client_id: string };
    readonly session?: { readonly accountId: string };
    readonly grantId?: string;
  }>;
  interactionFinished(request: IncomingMessage, response: ServerResponse, result: unknown, options?: unknown): Promise<void>;
  readonly Grant: {
    new (values: unknown): ProviderGrant;
    find(id: string): Promise<ProviderGrant>;
  };
  readonly AccessToken: { find(value: string): Promise<Stored | undefined> };
  readonly ClientCredentials: { find(value: string): Promise<Stored | undefined> };
}

interface ProviderGrant {
  addOIDCScope(scope: string): void;
  addResourceScope(resource: string, scope: string): void;
  save(): Promise<string>;
}

interface ProviderContext {
  readonly path: string;
  readonly method: string;
  readonly status: number;
  readonly body: { readonly error?: string } | undefined;
  readonly oidc?: { readonly params?: { readonly grant_type?: string; readonly resource?: string | readonly string[] } };
}

const options = JSON.parse(process.argv[2] ?? "{}") as ProviderOptions & { readonly provider: string };
const { default: ProviderMaker } = (await import(options.provider)) as {
  default: new (issuer: string, configuration: unknown) => Provider;
};

const server = createServer();
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
const resource = `${origin}/mcp`;
const SCOPES = ["orders:read", "orders:refund"];
const counts = {
  granted: {} as Record<string, number>,
  refused: {} as Record<string, number>,
  revoked: 0,
  registered: 0,
  resources: [] as string[],
};
/** Who signs in next; each sign-in is another account. */
let accounts = 0;

const provider = new ProviderMaker(origin, {
  adapter: ForgetfulAdapter,
  clients: options.clients ?? [],
  clientDefaults: { token_endpoint_auth_method: "none" },
  scopes: ["openid", "offline_access", ...SCOPES],
  cookies: { keys: ["test"] },
  findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: { url: (_context: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
  ttl: {
    AccessToken: options.accessTokenSeconds ?? 3600,
    ClientCredentials: options.accessTokenSeconds ?? 3600,
    RefreshToken: 86_400,
    Session: 3600,
    Grant: 86_400,
    Interaction: 600,
  },
  rotateRefreshToken: true,
  features: {
    devInteractions: { enabled: false },
    registration: { enabled: options.registration ?? true },
    revocation: { enabled: true, allowedPolicy: () => true },
    clientCredentials: { enabled: true },
    ...(options.clientDocuments === undefined ? {} : { clientIdMetadataDocument: { enabled: true, ack: "draft-02" } }),
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        scope: SCOPES.join(" "),
        audience: resource,
        accessTokenFormat: "opaque",
        accessTokenTTL: options.accessTokenSeconds ?? 3600,
      }),
      useGrantedResource: () => true,
    },
  },
  fetch: (url: URL | string, { method, headers, signal, redirect }: RequestInit) => {
    const asked = new URL(url);
    const elsewhere = options.clientDocuments?.[asked.origin];
    // Without its own dispatcher, which refuses this machine's addresses.
    return fetch(elsewhere === undefined ? asked : new URL(asked.pathname, elsewhere), {
      method,
      headers,
      signal,
      redirect,
    } as RequestInit);
  },
});

provider.use(async (context, next) => {
  const isToken = context.path === "/token" && context.method === "POST";
  await next();
  if (context.path === "/reg" && context.status === 201) counts.registered += 1;
  if (context.path === "/token/revocation" && context.status === 200) counts.revoked += 1;
  if (!isToken) return;
  const { grant_type: grant = "none", resource: asked } = context.oidc?.params ?? {};
  counts.resources.push(...[asked ?? []].flat());
  const [list, name] = context.status === 200 ? [counts.granted, grant] : [counts.refused, context.body?.error ?? String(context.status)];
  list[name] = (list[name] ?? 0) + 1;
  // It has happened, and nobody has been told yet.
  if (options.tokenDelayMs !== undefined && grant === "refresh_token" && list === counts.granted)
    await new Promise((resolve) => setTimeout(resolve, options.tokenDelayMs));
});

server.on("request", (request: IncomingMessage, response: ServerResponse) => {
  answer(request, response).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
});
process.stdout.write(`ready ${origin}\n`);

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", origin);
  if (pathname === "/test/counts") return json(response, 200, counts);
  if (pathname === "/test/revoke-all") {
    forgetAll();
    return json(response, 200, {});
  }
  if (pathname === "/.well-known/oauth-protected-resource/mcp") {
    return json(response, 200, { resource, authorization_servers: [origin], scopes_supported: SCOPES });
  }
  if (pathname.startsWith("/interaction/")) return interact(request, response);
  if (pathname === "/mcp") return mcp(request, response);
  provider.callback()(request, response);
}

/** A page with Allow and Deny. */
async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === "GET") {
    response.writeHead(200, { "content-type": "text/html" });
    response.end(
      `<!doctype html><title>Sign in</title><h1>Orders wants you to sign in</h1><form method="post"><button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form>`,
    );
    return;
  }
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  if ((await text(request)).includes("deny")) {
    return provider.interactionFinished(request, response, { error: "access_denied", error_description: "The person said no." });
  }
  if (prompt.name === "login") {
    accounts += 1;
    return provider.interactionFinished(request, response, { login: { accountId: `account-${accounts}` } });
  }
  const grant =
    grantId === undefined
      ? new provider.Grant({ accountId: session?.accountId, clientId: params.client_id })
      : await provider.Grant.find(grantId);
  grant.addOIDCScope((prompt.details.missingOIDCScope ?? ["openid", "offline_access"]).join(" "));
  for (const [indicator, scopes] of Object.entries(prompt.details.missingResourceScopes ?? {}))
    grant.addResourceScope(indicator, scopes.join(" "));
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
}

async function mcp(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  const token =
    bearer === undefined ? undefined : ((await provider.AccessToken.find(bearer)) ?? (await provider.ClientCredentials.find(bearer)));
  const challenge = (more: string): string => `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp"${more}`;
  const isGood = token !== undefined && [token.aud ?? []].flat().includes(resource);
  const body: unknown = request.method === "POST" ? JSON.parse(await text(request)) : undefined;
  const sent = JSON.stringify(body ?? {});
  const isOpen = options.openList === true && !sent.includes('"tools/call"');
  if (!isGood && !isOpen) {
    response.setHeader("www-authenticate", challenge(', scope="orders:read"'));
    return json(response, 401, { error: "unauthorized" });
  }
  const wanted = sent.includes('"refund"') ? "orders:refund" : "orders:read";
  if (!isOpen && !(token?.scope ?? "").split(" ").includes(wanted)) {
    response.setHeader("www-authenticate", challenge(`, error="insufficient_scope", scope="${wanted}"`));
    return json(response, 403, { error: "forbidden" });
  }
  const behind = new McpServer({ name: "orders", version: "1.0.0" });
  for (const name of ["whoami", "refund"]) {
    behind.registerTool(name, { description: name }, () => ({
      content: [{ type: "text", text: `${name}: ${token?.accountId ?? token?.clientId ?? "nobody"}` }],
    }));
  }
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
  response.once("close", () => void behind.close());
  await behind.connect(transport as Parameters<typeof behind.connect>[0]);
  await transport.handleRequest(request, response, body);
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
