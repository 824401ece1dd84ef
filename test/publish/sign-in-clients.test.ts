/** Real OAuth clients sign in: those of both official SDKs, by each way of becoming known. */
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import * as v2 from "@modelcontextprotocol/client";
import { auth as authV1, type OAuthClientProvider as ProviderV1 } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { describe, expect, onTestFinished, test } from "vitest";
import { SELF_SIGNED } from "../setup/self-signed.ts";
import { post } from "./publish-harness.ts";
import { answer, asked, opened, question, register, served, wire } from "./sign-in-harness.ts";

const REDIRECT = "http://127.0.0.1:33418/callback";

/** What a program keeps; the same object serves both SDKs. */
interface Provider {
  readonly provider: ProviderV1 & v2.OAuthClientProvider;
  readonly kept: { information?: { client_id: string }; tokens?: { access_token: string; refresh_token?: string } };
  /** Where the person's browser was sent. */
  readonly sentTo: URL[];
}

function provider(more: { information?: object; clientMetadataUrl?: string } = {}): Provider {
  const kept: Record<string, unknown> = more.information === undefined ? {} : { information: more.information };
  const sentTo: URL[] = [];
  const made = {
    redirectUrl: REDIRECT,
    ...(more.clientMetadataUrl === undefined ? {} : { clientMetadataUrl: more.clientMetadataUrl }),
    // As programs write it: without a word on what kind of application it is.
    clientMetadata: {
      client_name: "A program",
      redirect_uris: [REDIRECT],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
    },
    state: () => "a-state",
    clientInformation: () => kept["information"],
    saveClientInformation: (information: unknown) => void (kept["information"] = information),
    tokens: () => kept["tokens"],
    saveTokens: (tokens: unknown) => void (kept["tokens"] = tokens),
    redirectToAuthorization: (url: URL) => void sentTo.push(url),
    saveCodeVerifier: (verifier: string) => void (kept["verifier"] = verifier),
    codeVerifier: () => kept["verifier"],
    saveDiscoveryState: (found: unknown) => void (kept["found"] = found),
    discoveryState: () => kept["found"],
  };
  return { provider: made as never, kept: kept as never, sentTo };
}

const SDKS = {
  v1: {
    auth: (own: Provider, serverUrl: string, back?: URL) =>
      authV1(own.provider, {
        serverUrl,
        ...(back === undefined
          ? {}
          : { authorizationCode: back.searchParams.get("code") ?? "", iss: back.searchParams.get("iss") ?? undefined }),
      } as never),
    call: async (own: Provider, serverUrl: string) => {
      const client = new ClientV1({ name: "program", version: "1" });
      await client.connect(new TransportV1(new URL(serverUrl), { authProvider: own.provider }) as never);
      onTestFinished(() => client.close());
      return client.callTool({ name: "cancel_order", arguments: { order: 1042 } });
    },
  },
  v2: {
    auth: (own: Provider, serverUrl: string, back?: URL) =>
      v2.auth(own.provider, {
        serverUrl,
        ...(back === undefined
          ? {}
          : { authorizationCode: back.searchParams.get("code") ?? "", iss: back.searchParams.get("iss") ?? undefined }),
      } as never),
    call: async (own: Provider, serverUrl: string) => {
      const client = new v2.Client({ name: "program", version: "1" }, {});
      await client.connect(new v2.StreamableHTTPClientTransport(new URL(serverUrl), { authProvider: own.provider }));
      onTestFinished(() => client.close());
      return client.callTool({ name: "cancel_order", arguments: { order: 1042 } });
    },
  },
} as const;

/** The description of a program, at an https address that this machine trusts for the test. */
async function described(change: (document: Record<string, unknown>) => unknown = (document) => document, type = "application/json") {
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, SELF_SIGNED.cert]);
  const held = { url: "", reads: 0 };
  const server = createServer({ key: SELF_SIGNED.key, cert: SELF_SIGNED.cert }, (_request, response) => {
    held.reads += 1;
    response.setHeader("Content-Type", type);
    const text = JSON.stringify(
      change({
        client_id: held.url,
        client_name: "Described",
        redirect_uris: ["http://127.0.0.1/callback"],
        token_endpoint_auth_method: "none",
      }),
    );
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    setDefaultCACertificates(before);
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(held, { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/client.json` });
}

describe.each(["v1", "v2"] as const)("the client of the %s SDK", (version) => {
  const { auth, call } = SDKS[version];

  async function signsIn(own: Provider, { server, published, ada }: Awaited<ReturnType<typeof served>>) {
    expect(await auth(own, published.url)).toBe("REDIRECT");
    const [address] = own.sentTo;
    const query = await asked(server, address!, ada.cookie);
    const what = await question(server, query, ada);
    const back = await answer(server, query, ada);
    expect(await auth(own, published.url, back)).toBe("AUTHORIZED");
    return { what, address: address! };
  }

  test("registers itself, signs in, calls, and renews its tokens", async () => {
    const scene = await served();
    const own = provider();
    const { what, address } = await signsIn(own, scene);
    expect(what.program).toEqual({ name: "A program", answersTo: "127.0.0.1:33418", isHere: true });
    expect(address.searchParams.get("resource")).toBe(scene.published.url);
    expect(address.searchParams.get("scope")).toMatch(/^tools:list tools:call/);
    expect(JSON.stringify(await call(own, scene.published.url))).toContain("1042");
    const before = own.kept.tokens;
    // The v1 SDK asks for no refresh token by itself.
    if (before?.refresh_token === undefined) return;
    expect(await auth(own, scene.published.url)).toBe("AUTHORIZED");
    expect(own.kept.tokens?.refresh_token).not.toBe(before.refresh_token);
    expect(JSON.stringify(await call(own, scene.published.url))).toContain("1042");
  });

  test("brings the address of its description, which stands for it", async () => {
    const scene = await served();
    const document = await described();
    const own = provider({ clientMetadataUrl: document.url });
    const { what, address } = await signsIn(own, scene);
    expect(address.searchParams.get("client_id")).toBe(document.url);
    expect(what.program).toEqual({ name: "Described", host: new URL(document.url).host, answersTo: "127.0.0.1:33418", isHere: true });
    expect(JSON.stringify(await call(own, scene.published.url))).toContain("1042");
    // It is read once, and then taken for what it was.
    expect(document.reads).toBe(1);
    const { body } = await scene.server.api<{ items: { program: object }[] }>("GET", `/published-servers/${scene.published.id}/grants`);
    expect(body.items).toMatchObject([{ program: { name: "Described", host: new URL(document.url).host } }]);
  });

  test("comes with the client id that it was given once", async () => {
    const scene = await served();
    const { body } = await register(scene.server, { client_name: "Known", redirect_uris: [REDIRECT] });
    const own = provider({ information: { client_id: body["client_id"], issuer: `http://localhost:${scene.server.port}` } });
    const { what } = await signsIn(own, scene);
    expect(what.program.name).toBe("Known");
    expect(JSON.stringify(await call(own, scene.published.url))).toContain("1042");
  });
});

describe("a description", () => {
  const WRONG: readonly (readonly [string, (document: Record<string, unknown>) => unknown])[] = [
    ["of another address", (document) => ({ ...document, client_id: "https://chat.example/client.json" })],
    ["of more than 5 kB", (document) => ({ ...document, padding: "x".repeat(5 * 1024) })],
    ["with a redirect that anybody could claim", (document) => ({ ...document, redirect_uris: ["cursor://app/callback"] })],
    ["without redirects", ({ redirect_uris: _redirects, ...document }) => document],
    ["of a program with a secret", (document) => ({ ...document, token_endpoint_auth_method: "client_secret_post" })],
    ["that is none", () => "a text"],
  ];
  test.each(WRONG)("%s makes nobody known", async (_what, change) => {
    const { server, published, ada } = await served();
    const document = await described(change);
    const program = await wire(server, published);
    const at = await opened(server, program.authorizeUrl({ client_id: document.url }), ada.cookie);
    expect(at.pathname).toBe("/console/allow");
    // The page says what helps: beginning anew would not.
    expect(at.searchParams.get("error")).toBe("unusable_description");
    // It is not asked for again and again.
    await opened(server, program.authorizeUrl({ client_id: document.url }), ada.cookie);
    expect(document.reads).toBe(1);
  });

  // As the programs themselves publish them: loopback redirects without the port that they will have.
  const LOOPBACKS = ["http://127.0.0.1/callback", "http://localhost/callback"];
  const REAL: readonly (readonly [string, object, readonly string[]])[] = [
    ["Claude Code", { redirect_uris: LOOPBACKS, response_types: ["code"] }, ["http://localhost:57601/callback"]],
    ["Codex", { redirect_uris: LOOPBACKS }, ["http://127.0.0.1:39315/callback", "http://localhost:39315/callback"]],
    [
      "ChatGPT",
      {
        redirect_uris: ["https://chatgpt.com/connector_platform_oauth_redirect"],
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_methods_supported: ["none", "private_key_jwt"],
        token_endpoint_auth_signing_alg: "RS256",
        jwks_uri: "https://chatgpt.com/oauth/jwks.json",
      },
      ["https://chatgpt.com/connector_platform_oauth_redirect"],
    ],
    [
      "Cursor",
      {
        redirect_uris: [
          "https://www.cursor.com/agents/mcp/oauth/callback",
          "https://www.cursor.com/bot/mcp/oauth/callback",
          "https://grok.com/connectors-oauth-exchange-code/",
          "http://localhost:8787/callback",
          "http://127.0.0.1:8787/callback",
        ],
      },
      ["https://www.cursor.com/agents/mcp/oauth/callback", "http://localhost:8787/callback"],
    ],
    [
      "A program with a scheme of its own besides",
      { redirect_uris: ["cursor://anysphere.cursor-mcp/oauth/callback", "http://localhost:8787/callback"] },
      ["http://localhost:8787/callback"],
    ],
    [
      "Visual Studio Code",
      {
        application_type: "native",
        grant_types: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
        redirect_uris: ["http://127.0.0.1:33418/", "https://vscode.dev/redirect"],
      },
      ["http://127.0.0.1:33418/", "http://127.0.0.1:51044/", "https://vscode.dev/redirect"],
    ],
  ];
  test.each(REAL)("as %s has it lets it ask, at each of its redirects", async (client_name, more, redirects) => {
    const { server, published, ada } = await served();
    const document = await described((own) => ({ ...own, client_name, ...more }));
    const program = await wire(server, published);
    for (const redirect_uri of redirects) {
      const query = await asked(server, program.authorizeUrl({ client_id: document.url, redirect_uri }), ada.cookie);
      const what = await question(server, query, ada);
      expect(what.program).toMatchObject({ name: client_name, answersTo: new URL(redirect_uri).host });
      const back = await answer(server, query, ada);
      expect(back.href.startsWith(`${redirect_uri}?code=`)).toBe(true);
      const { status } = await program.redeem(back.searchParams.get("code") ?? "", { client_id: document.url, redirect_uri });
      expect(status).toBe(200);
    }
  });

  test("that is sent as a text, as what anybody may leave at a host, makes nobody known", async () => {
    const { server, published, ada } = await served();
    const program = await wire(server, published);
    for (const type of ["text/plain", "text/html; charset=utf-8", "application/jsonish"]) {
      const document = await described(undefined, type);
      const at = await opened(server, program.authorizeUrl({ client_id: document.url }), ada.cookie);
      expect(at.searchParams.get("error")).toBe("unusable_description");
    }
    const document = await described(undefined, "application/oauth-client+json; charset=utf-8");
    await asked(server, program.authorizeUrl({ client_id: document.url }), ada.cookie);
  });

  test("is read where a program begins, and not where it comes for tokens", async () => {
    const { server, published } = await served();
    const document = await described();
    const program = await wire(server, published);
    for (const form of [
      { grant_type: "authorization_code", code: "x", code_verifier: "x" },
      { grant_type: "refresh_token", refresh_token: "x" },
    ])
      expect((await program.token({ ...form, client_id: document.url })).status).toBeGreaterThanOrEqual(400);
    const body = new URLSearchParams({ token: "fda_x", client_id: document.url });
    await fetch(`${server.url}/oauth2/revoke`, { method: "POST", body });
    expect(document.reads).toBe(0);
  });

  test("names where it may be answered, and nobody else is", async () => {
    const { server, published, ada } = await served();
    const document = await described();
    const program = await wire(server, published);
    const elsewhere = program.authorizeUrl({ client_id: document.url, redirect_uri: "http://127.0.0.1:1/other" });
    expect((await opened(server, elsewhere, ada.cookie)).searchParams.get("error")).toBe("invalid_redirect");
    await asked(server, program.authorizeUrl({ client_id: document.url, redirect_uri: "http://127.0.0.1:1/callback" }), ada.cookie);
  });

  test("in a private network, over http, or of a whole website is not read", async () => {
    const { server, published, ada } = await served();
    const program = await wire(server, published);
    for (const [client_id, error] of [
      ["https://10.1.2.3/client.json", "unusable_description"],
      ["http://127.0.0.1:9/client.json", "invalid_client"],
      ["https://chat.example/", "invalid_client"],
      ["https://a:b@chat.example/c", "invalid_client"],
    ] as const)
      expect((await opened(server, program.authorizeUrl({ client_id }), ada.cookie)).searchParams.get("error")).toBe(error);
    expect((await post(published.url, { jsonrpc: "2.0", id: 1, method: "ping" })).status).toBe(401);
  });
});
