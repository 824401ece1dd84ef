/** Programs that people sign in: on the wire. */
import { type IncomingHttpHeaders, request } from "node:http";
import { describe, expect, test } from "vitest";
import { desk, post } from "./publish-harness.ts";
import { answer, asked, bearer, list, opened, page, question, sent, served, wire } from "./sign-in-harness.ts";

const call = { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "cancel_order", arguments: { order: 1042 } } };
const messageOf = async (response: Response): Promise<string> => ((await response.json()) as { error: { message: string } }).error.message;

test("a person is asked, allows, and the program may use the tools as that person", async () => {
  const { server, published, ada } = await served();
  const program = await wire(server, published);
  const query = await asked(server, program.authorizeUrl(), ada.cookie);
  expect(await question(server, query, ada)).toEqual({
    program: { name: "Wire", answersTo: "127.0.0.1:33418", isHere: true },
    server: { id: published.id, name: "Shop tools" },
    scopes: ["tools:list", "tools:call", "offline_access"],
    tools: [{ title: "Cancel order", description: "Cancels an order.", readOnly: false, asks: false }],
    isAdmitted: true,
  });
  const back = await answer(server, query, ada);
  expect(back.origin + back.pathname).toBe(program.redirect);
  expect(back.searchParams.get("state")).toBe("a-state");
  expect(back.searchParams.get("iss")).toBe(`http://localhost:${server.port}`);
  const { status, body } = await program.redeem(back.searchParams.get("code") ?? "");
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { token_type: "Bearer", scope: "tools:list tools:call offline_access", expires_in: 3600 },
  });
  const response = await sent(published, String(body["access_token"]), call);
  expect(await response.text()).toContain("1042");
  const logged = async () => (await server.api<{ items: object[] }>("GET", `/published-servers/${published.id}/logs`)).body.items;
  await expect.poll(logged).toMatchObject([{ keyName: "Ada · Wire", tool: "cancel_order", outcome: "ok" }]);
});

describe("where a program finds out how to sign in", () => {
  test("a 401 names what is wrong, the metadata and the scopes, for GET, POST and DELETE alike", async () => {
    const { published } = await served();
    for (const method of ["GET", "POST", "DELETE"]) {
      const response = await fetch(published.url, { method, headers: { "MCP-Protocol-Version": "2024-11-05" } });
      expect(response.status).toBe(401);
      const challenge = response.headers.get("www-authenticate") ?? "";
      const metadata = /resource_metadata="([^"]+)"/.exec(challenge)?.[1] ?? "";
      expect(metadata).toBe(`${new URL(published.url).origin}/.well-known/oauth-protected-resource/mcp/${published.id}`);
      expect(challenge).toContain('scope="tools:list tools:call"');
      expect(await messageOf(response)).toMatch(/^This MCP server needs a key or a sign-in/);
    }
  });

  test("the metadata are at the root and below the address, and name the address as the program knows it", async () => {
    const { server, published } = await served();
    const { origin } = new URL(published.url);
    const expected = {
      resource: published.url,
      authorization_servers: [`http://localhost:${server.port}`],
      scopes_supported: ["tools:list", "tools:call"],
      bearer_methods_supported: ["header"],
    };
    for (const at of [
      `${origin}/.well-known/oauth-protected-resource/mcp/${published.id}`,
      `${published.url}/.well-known/oauth-protected-resource`,
    ])
      expect(await (await fetch(at)).json()).toEqual(expected);
    const asLocalhost = await fetch(`http://localhost:${server.port}/mcp/${published.id}/.well-known/oauth-protected-resource`);
    expect(await asLocalhost.json()).toMatchObject({ resource: `http://localhost:${server.port}/mcp/${published.id}` });
    for (const at of [`${origin}/.well-known/oauth-protected-resource/mcp/mistyped`, `${origin}/.well-known/oauth-protected-resource`])
      expect((await fetch(at)).status).toBe(404);
  });

  test("the authorization server says of itself what it grants, and no more", async () => {
    const { server } = await served();
    expect(await (await fetch(`${server.url}/.well-known/oauth-authorization-server`)).json()).toMatchObject({
      issuer: `http://localhost:${server.port}`,
      authorization_endpoint: `http://localhost:${server.port}/oauth2/authorize`,
      scopes_supported: ["tools:list", "tools:call", "offline_access"],
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: ["none"],
      client_id_metadata_document_supported: true,
      authorization_response_iss_parameter_supported: true,
    });
  });
});

test("under a path of a website, everything is named by that path, behind a proxy", async () => {
  const server = await desk({ environment: { PUBLIC_URL: "https://shop.example/desk", TRUST_PROXY: "1" } });
  const { id } = await server.publish([]);
  const get = (path: string): Promise<{ readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }> =>
    new Promise((resolve, reject) => {
      const headers = { Host: "shop.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1" };
      const asked = request(`${server.url}${path}`, { headers }, (response) => {
        let text = "";
        response.on("data", (piece: Buffer) => (text += piece.toString()));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      });
      asked.once("error", reject);
      asked.end();
    });
  const refused = await get(`/desk/mcp/${id}`);
  expect(refused.status).toBe(401);
  const metadata = `/desk/mcp/${id}/.well-known/oauth-protected-resource`;
  expect(refused.headers["www-authenticate"]).toContain(`resource_metadata="https://shop.example${metadata}"`);
  const resource = { resource: `https://shop.example/desk/mcp/${id}`, authorization_servers: ["https://shop.example/desk"] };
  for (const path of [metadata, `/.well-known/oauth-protected-resource/desk/mcp/${id}`])
    expect(JSON.parse((await get(path)).text)).toMatchObject(resource);
  const issuer = { issuer: "https://shop.example/desk", token_endpoint: "https://shop.example/desk/oauth2/token" };
  expect(JSON.parse((await get("/.well-known/oauth-authorization-server/desk")).text)).toMatchObject(issuer);
  const asked = await get("/desk/oauth2/authorize?response_type=code&client_id=nobody");
  expect(asked.headers.location).toMatch(/^https:\/\/shop\.example\/desk\/console\/allow\?error=/);
});

describe("a token is refused in words", () => {
  test("at another server, and it stays good at its own", async () => {
    const { server, published, ada } = await served();
    const other = await server.publish([{ source: "http", name: "cancel_order" }]);
    const { access } = await (await wire(server, published)).signIn(ada);
    const refused = await post(other.url, list, bearer(access));
    expect(refused.status).toBe(401);
    expect(refused.headers.get("www-authenticate")).toContain('error="invalid_token"');
    expect(await messageOf(refused)).toMatch(/^This sign-in is for another MCP server/);
    expect((await sent(published, access, list)).status).toBe(200);
  });

  test("when it is mistyped, and guessing is counted", async () => {
    const { published } = await served();
    const refused = await post(published.url, list, bearer(`fda_${"x".repeat(43)}`));
    expect(refused.status).toBe(401);
    expect(await messageOf(refused)).toMatch(/^This sign-in is not known here/);
    const statuses = await Promise.all(
      Array.from({ length: 65 }, async () => (await post(published.url, list, bearer(`fda_${"x".repeat(43)}`))).status),
    );
    expect(statuses).toContain(429);
  });

  test("for what was not allowed, with what to ask for", async () => {
    const { server, published, ada } = await served();
    const program = await wire(server, published);
    const { access } = await program.signIn(ada, { scope: "tools:list offline_access" });
    expect((await sent(published, access, list)).status).toBe(200);
    const refused = await sent(published, access, call);
    expect(refused.status).toBe(403);
    expect(refused.headers.get("www-authenticate")).toMatch(/error="insufficient_scope".*scope="tools:list tools:call"/);
    expect(await messageOf(refused)).toBe("This sign-in does not allow that: sign in again and allow it.");
  });
});

describe("what was allowed is all that a program has", () => {
  test("a program that registered for less cannot ask for more", async () => {
    const { server, published, ada } = await served();
    const program = await wire(server, published, { scope: "tools:list" });
    const back = await opened(server, program.authorizeUrl(), ada.cookie);
    expect(back.origin + back.pathname).toBe(program.redirect);
    expect(back.searchParams.get("error")).toBe("invalid_scope");
    const { access } = await program.signIn(ada, { scope: "tools:list offline_access" });
    expect((await sent(published, access, call)).status).toBe(403);
  });

  test("who allows less the second time takes the rest back from the tokens of the first", async () => {
    const { server, published, ada } = await served();
    const program = await wire(server, published);
    const before = await program.signIn(ada);
    await program.signIn(ada, { scope: "tools:list offline_access" });
    const { body } = await program.token({ grant_type: "refresh_token", refresh_token: before.refresh });
    expect((await sent(published, String(body["access_token"]), call)).status).toBe(403);
  });

  test("no refresh token where it was not asked for", async () => {
    const { server, published, ada } = await served();
    const program = await wire(server, published);
    const { body } = await program.redeem(await program.code(ada, { scope: "tools:list tools:call" }));
    expect(body["access_token"]).toEqual(expect.stringMatching(/^fda_/));
    expect(body["refresh_token"]).toBeUndefined();
  });
});

describe("the way back to the program", () => {
  test("another port of this machine is taken, another path, host or name is not, and nobody is sent there", async () => {
    const { server, published, ada } = await served();
    const program = await wire(server, published);
    await asked(server, program.authorizeUrl({ redirect_uri: "http://127.0.0.1:1234/callback" }), ada.cookie);
    for (const redirect_uri of ["http://localhost:33418/callback", "http://127.0.0.1:33418/other", "https://evil.example/callback"]) {
      const at = await opened(server, program.authorizeUrl({ redirect_uri }), ada.cookie);
      expect(at.origin + at.pathname).toBe(`http://localhost:${server.port}/console/allow`);
      expect(at.searchParams.get("error")).toBe("invalid_redirect");
    }
    const unknown = await opened(server, program.authorizeUrl({ client_id: "nobody" }), ada.cookie);
    expect(unknown.searchParams.get("error")).toBe("invalid_client");
  });

  test("who denies is sent back with that, and no token can be had", async () => {
    const { server, published, ada } = await served();
    const program = await wire(server, published);
    const back = await answer(server, await asked(server, program.authorizeUrl(), ada.cookie), ada, false);
    expect(Object.fromEntries(back.searchParams)).toMatchObject({ error: "access_denied", state: "a-state" });
    expect((await server.api<{ items: object[] }>("GET", `/published-servers/${published.id}/grants`)).body.items).toEqual([]);
  });

  test("PKCE, and the server that is meant, have to be named", async () => {
    const { server, published, ada } = await served();
    const program = await wire(server, published);
    const without = await opened(server, program.authorizeUrl({ code_challenge: undefined, code_challenge_method: undefined }), ada.cookie);
    expect(without.searchParams.get("error")).toBe("invalid_request");
    for (const resource of [undefined, `${server.url}/mcp/mistyped`, "https://elsewhere.example/mcp/x"]) {
      const back = await opened(server, program.authorizeUrl({ resource }), ada.cookie);
      expect(back.origin + back.pathname).toBe(program.redirect);
      expect(back.searchParams.get("error")).toBe("invalid_target");
    }
  });

  test("the question is asked each time, even of who has just allowed it, or is not to be asked", async () => {
    const { server, published, ada } = await served();
    const program = await wire(server, published);
    await program.signIn(ada);
    await asked(server, program.authorizeUrl(), ada.cookie);
    await asked(server, program.authorizeUrl({ prompt: "none" }), ada.cookie);
    // Who is not signed in comes to the same page.
    await asked(server, program.authorizeUrl());
  });
});

describe("nobody but the person answers the question", () => {
  test("not another page, not a query that was changed, not a key, not who is signed out", async () => {
    const { server, published, ada } = await served();
    const program = await wire(server, published);
    const query = await asked(server, program.authorizeUrl(), ada.cookie);
    const given = { query, allow: true };
    const send = (headers: Readonly<Record<string, string>>, body: object = given): Promise<Response> =>
      fetch(`${server.url}/oauth2/answer`, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...headers },
        body: JSON.stringify(body),
      });
    expect((await send({ Cookie: ada.cookie, Origin: "https://evil.example" })).status).toBe(403);
    expect((await send({ Cookie: ada.cookie })).status).toBe(403);
    expect((await send({ Cookie: ada.cookie, Origin: server.url, "Content-Type": "text/plain" })).status).toBe(415);
    expect((await send({ Origin: server.url })).status).toBe(401);
    const changed = new URLSearchParams(query);
    changed.set("redirect_uri", "https://evil.example/callback");
    for (const path of ["/oauth2/question", "/oauth2/answer"])
      expect(
        (
          await page(
            server,
            path,
            path.endsWith("answer") ? { query: changed.toString(), allow: true } : { query: changed.toString() },
            ada.cookie,
          )
        ).status,
      ).toBe(410);
    expect((await answer(server, query, ada)).searchParams.get("code")).not.toBeNull();
  });
});
