/** Programs that people sign in: their codes, their tokens, and how they become known here. */
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { post } from "./publish-harness.ts";
import { bearer, list, opened, register, sent, served, type Tokens, wire } from "./sign-in-harness.ts";

/** Everybody's clock, of the server's libraries as well. */
function later(ms: number): void {
  const now = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: now + ms });
  onTestFinished(() => void vi.useRealTimers());
}

const messageOf = async (response: Response): Promise<string> => ((await response.json()) as { error: { message: string } }).error.message;

describe("codes and refresh tokens", () => {
  test("a code is good once: the second time ends what the first was given", async () => {
    const { server, published, ada } = await served();
    const program = await wire(server, published);
    const code = await program.code(ada);
    const first = await program.redeem(code);
    const access = String(first.body["access_token"]);
    expect((await sent(published, access, list)).status).toBe(200);
    expect(await program.redeem(code)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    expect((await sent(published, access, list)).status).toBe(401);
    expect(await program.token({ grant_type: "refresh_token", refresh_token: String(first.body["refresh_token"]) })).toMatchObject({
      status: 400,
    });
  });

  test("a code belongs to its program, its redirect, its verifier and its server", async () => {
    const { server, published, ada } = await served();
    const other = await server.publish([{ source: "http", name: "cancel_order" }]);
    const program = await wire(server, published);
    const stranger = await wire(server, published);
    const wrong: readonly Readonly<Record<string, string>>[] = [
      { client_id: stranger.clientId },
      { redirect_uri: "http://127.0.0.1:33419/callback" },
      { code_verifier: "x".repeat(43) },
      { resource: other.url },
    ];
    for (const more of wrong) {
      const { status, body } = await program.redeem(await program.code(ada), more);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(body["access_token"]).toBeUndefined();
    }
  });

  test("are replaced with each use, and two at once get the same", async () => {
    const { server, published, ada } = await served();
    const program = await wire(server, published);
    const { refresh } = await program.signIn(ada);
    const ask = { grant_type: "refresh_token", refresh_token: refresh, resource: published.url };
    const both = await Promise.all([program.token(ask), program.token(ask)]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    const [one, other] = both.map(({ body }): Tokens => ({ access: String(body["access_token"]), refresh: String(body["refresh_token"]) }));
    expect(one).toEqual(other);
    expect(one!.refresh).not.toBe(refresh);
    const next = await program.token({ grant_type: "refresh_token", refresh_token: one!.refresh });
    expect(next.status).toBe(200);
    expect((await sent(published, String(next.body["access_token"]), list)).status).toBe(200);
  });

  test("a refresh token that is used again later ends the whole family", async () => {
    const { server, published, ada } = await served();
    const program = await wire(server, published);
    const { refresh } = await program.signIn(ada);
    const first = await program.token({ grant_type: "refresh_token", refresh_token: refresh });
    later(31_000);
    expect(await program.token({ grant_type: "refresh_token", refresh_token: refresh })).toMatchObject({
      body: { error: "invalid_grant" },
    });
    const next = { grant_type: "refresh_token", refresh_token: String(first.body["refresh_token"]) };
    expect(await program.token(next)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });

  test("an access token is over after an hour, which is said, and then the refresh token gets another", async () => {
    const { server, published, ada } = await served();
    const program = await wire(server, published);
    const { access, refresh } = await program.signIn(ada);
    later(61 * 60_000);
    const refused = await post(published.url, list, bearer(access));
    expect(refused.status).toBe(401);
    expect(await messageOf(refused)).toMatch(/access token has expired/);
    const { body } = await program.token({ grant_type: "refresh_token", refresh_token: refresh });
    expect((await sent(published, String(body["access_token"]), list)).status).toBe(200);
  });

  test("a refresh token that was never one of ours is refused as any other that is over", async () => {
    const { server, published } = await served();
    const program = await wire(server, published);
    for (const refresh_token of ["of somebody else", `fdr_${"x".repeat(43)}`])
      expect(await program.token({ grant_type: "refresh_token", refresh_token })).toMatchObject({
        status: 400,
        body: { error: "invalid_grant" },
      });
  });

  test("a program gives its tokens back", async () => {
    const { server, published, ada } = await served();
    const program = await wire(server, published);
    const { access } = await program.signIn(ada);
    const form = { client_id: program.clientId, token: access };
    const response = await fetch(`${server.url}/oauth2/revoke`, { method: "POST", body: new URLSearchParams(form) });
    expect(response.status).toBe(200);
    expect((await post(published.url, list, bearer(access))).status).toBe(401);
  });
});

test("a program that gives a token back twice, or one that nobody knows, keeps what it may elsewhere", async () => {
  const { server, published, ada } = await served();
  const other = await server.publish([{ source: "http", name: "cancel_order" }]);
  const program = await wire(server, published);
  const here = await program.signIn(ada);
  const there = await program.redeem(await program.code(ada, { resource: other.url }), { resource: other.url });
  const revoke = async (token: string): Promise<number> => {
    const body = new URLSearchParams({ client_id: program.clientId, token });
    return (await fetch(`${server.url}/oauth2/revoke`, { method: "POST", body })).status;
  };
  for (const token of [here.refresh, here.refresh, `fdr_${"x".repeat(43)}`, "of somebody else"]) expect(await revoke(token)).toBe(200);
  expect(await program.token({ grant_type: "refresh_token", refresh_token: here.refresh })).toMatchObject({ status: 400 });
  const goesOn = await program.token({ grant_type: "refresh_token", refresh_token: String(there.body["refresh_token"]) });
  expect(goesOn).toMatchObject({ status: 200 });
});

describe("programs that register themselves", () => {
  test("those of this machine need not say that they are native, and get no secret", async () => {
    const { server } = await served();
    const ways: readonly (readonly string[])[] = [
      ["http://127.0.0.1:19876/mcp/oauth/callback"],
      ["http://localhost:3334/oauth/callback"],
      ["http://localhost/", "http://127.0.0.1:33418/", "https://vscode.dev/redirect"],
      ["com.example.app:/callback"],
      ["https://chat.example/callback"],
    ];
    for (const redirect_uris of ways) {
      const { status, body } = await register(server, {
        redirect_uris,
        token_endpoint_auth_method: "client_secret_post",
        scope: "tools:list mcp:all",
      });
      expect(status).toBe(201);
      expect(body).toMatchObject({ redirect_uris, token_endpoint_auth_method: "none", scope: "tools:list offline_access" });
      expect(body["client_secret"]).toBeUndefined();
    }
  });

  test("what anybody could claim, or read, is refused", async () => {
    const { server } = await served();
    const ways = [
      "cursor://anysphere.cursor-mcp/oauth/callback",
      "http://shop.example/callback",
      "javascript:alert(1)",
      "https://a.example/#x",
      "x",
    ];
    for (const redirect of ways) expect((await register(server, { redirect_uris: [redirect] })).status).toBe(400);
    for (const metadata of [{}, { redirect_uris: [] }, { redirect_uris: "http://127.0.0.1/" }])
      expect((await register(server, metadata)).status).toBe(400);
  });

  test("of an app's redirects, those that any program could claim are left out, as of the three that Cursor sends", async () => {
    const { server } = await served();
    const others = ["https://www.cursor.com/agents/mcp/oauth/callback", "http://localhost:8787/callback"];
    const redirect_uris = ["cursor://anysphere.cursor-mcp/oauth/callback", ...others];
    const { status, body } = await register(server, { client_name: "Cursor", redirect_uris });
    expect(status).toBe(201);
    expect(body["redirect_uris"]).toEqual(others);
  });

  test("a network may register so many in an hour", async () => {
    const { server } = await served();
    const statuses = new Set<number>();
    for (let at = 0; at < 62; at += 1) statuses.add((await register(server, { redirect_uris: ["http://127.0.0.1/"] })).status);
    expect([...statuses]).toEqual([201, 429]);
  });

  test("one that never got a token is forgotten after a day, and one that did is not", async () => {
    const { server, published, ada } = await served();
    const unused = await wire(server, published);
    const used = await wire(server, published);
    const { refresh } = await used.signIn(ada);
    later(25 * 60 * 60_000);
    expect((await opened(server, unused.authorizeUrl())).searchParams.get("error")).toBe("invalid_client");
    expect((await used.token({ grant_type: "refresh_token", refresh_token: refresh })).status).toBe(200);
  });
});
