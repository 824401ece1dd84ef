/** What a server says when it refuses us at the door, and what somebody who sets it up is told. */
import { describe, expect, it } from "vitest";
import { createGuardedFetch } from "../../server/guard/network/guarded-fetch.ts";
import { systemClock } from "../../server/start/system-clock.ts";
import type { RemoteServerSettings } from "../../server/tools/mcp/servers/settings.ts";
import type { Probe } from "../../server/tools/probe/prober.ts";
import { createProber } from "../../server/tools/probe/probe-server.ts";
import { act, serve, shopHost } from "../support/mcp-opened.ts";
import type { Answer } from "../support/mcp-scripted-server.ts";
import { serverSettings } from "../support/static-directory.ts";
import { PATIENCE_MS } from "../support/wait-for.ts";

const fetch = createGuardedFetch({ allowPrivate: ["127.0.0.1"] });

async function probe(answer: Answer, settings: Partial<RemoteServerSettings> = {}): Promise<Probe> {
  const { url } = await serve({ "server/discover": answer, initialize: answer, GET: answer });
  const whole = serverSettings({ key: "orders", name: "Orders", url, connectTimeoutMs: PATIENCE_MS, ...settings });
  return createProber({ fetch, clock: systemClock }).probe({ settings: whole, revision: "1" }, new AbortController().signal);
}

const refusal =
  (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) =>
    void response.writeHead(status, { "content-type": body.startsWith("{") ? "application/json" : "text/plain", ...headers }).end(body);

const HOST = "Access is only allowed at localhost:3929\nSee --allowed-hosts";

describe("a refused Host header", () => {
  it.each([
    ["in a text", 403, HOST, "Access is only allowed at localhost:3929"],
    [
      "in an error",
      403,
      '{"jsonrpc":"2.0","error":{"code":-32000,"message":"Invalid Host header: 127.0.0.1:3929"},"id":null}',
      "Invalid Host header: 127.0.0.1:3929",
    ],
    ["as misdirected", 421, "Invalid Host header", "Invalid Host header"],
    ["as a refused Origin", 403, "Invalid Origin header", "Invalid Origin header"],
    ["by a word", 403, '{"message":"Forbidden"}', "Forbidden"],
    ["by another word", 403, "Blocked", "Blocked"],
  ])("%s is told as what it is", async (_how, status, body, said) => {
    const found = await probe(refusal(status, body));
    expect(found).toMatchObject({ status: "disconnected", reason: "connection-failed" });
    expect(found.asks).toBeUndefined();
    expect(found.detail).toContain(`(HTTP ${status}: ${said})`);
    expect(found.detail).not.toContain("--allowed-hosts");
    expect(found.detail).not.toContain("credentials");
    expect(found.advice).toMatch(/Host, Origin/);
  });

  it("is told in a chat as well", async () => {
    const server = await serve({ "server/discover": refusal(403, HOST), initialize: refusal(403, HOST) });
    const { unavailable } = await shopHost(server).open();
    expect(unavailable[0]?.cause).toContain("Access is only allowed at localhost:3929");
    expect(server.count("initialize")).toBe(1);
  });

  it("is not what it is where credentials were sent, asked for, or spoken of", async () => {
    const authentication = { status: "disconnected", reason: "authentication-failed" };
    const secret = "sk-live-0123456789";
    const sent = await probe(refusal(403, `The key ${secret} may not do this`), { headers: { Authorization: `Bearer ${secret}` } });
    expect(sent).toMatchObject(authentication);
    expect(JSON.stringify(sent)).not.toContain(secret);
    expect(await probe(refusal(403, "Blocked", { "www-authenticate": "Bearer" }))).toMatchObject({ ...authentication, asks: "bearer" });
    const spoken = await probe(refusal(403, '{"message":"Missing Authentication Token"}'));
    expect(spoken).toMatchObject({ ...authentication, asks: "other" });
    expect(spoken.detail).toContain("Missing Authentication Token");
    const silent = await probe(refusal(403, ""));
    expect(silent).toMatchObject({ ...authentication, asks: "other" });
    expect(silent.advice).toMatch(/Host, Origin/);
  });

  it("in a call is told too, and nothing was done", async () => {
    const server = await serve({ "tools/call": refusal(403, HOST) });
    const result = await act(shopHost(server));
    expect(result).toMatchObject({ outcome: "failed", cause: expect.stringContaining("localhost:3929") as string });
  });
});

describe("the text of a refusal at the door", () => {
  it.each([
    [400, "Missing X-Tenant header", "Missing X-Tenant header"],
    [422, '{"detail":[{"loc":["header","x-tenant"],"msg":"field required"}]}', "field required"],
    [400, '{"error":{"message":"Unsupported client"}}', "Unsupported client"],
    [400, '{"error":"unsupported_client","error_description":"Unsupported client"}', "unsupported_client"],
    [503, "Down for maintenance until 10:00", "Down for maintenance until 10:00"],
    [401, '{"message":"The key has expired."}', "The key has expired"],
    [404, "No such tenant", "No such tenant"],
  ])("%i: %s", async (status, body, said) => {
    expect((await probe(refusal(status, body))).detail).toContain(`(HTTP ${status}: ${said})`);
  });

  it.each([
    ["a page", 400, "<!doctype html><h1>Bad Request</h1>"],
    ["a long text", 400, "x".repeat(5_000)],
    ["nothing", 400, ""],
    ["an object without a reason", 400, '{"code":5}'],
  ])("is not told where it is %s", async (_what, status, body) => {
    expect((await probe(refusal(status, body))).detail).toMatch(/: it answered with HTTP 400$/);
  });

  it("has no characters that cannot be seen, and is one line of bounded length", async () => {
    const { detail = "" } = await probe(refusal(400, `a\u202eb\u0000${"c".repeat(1_000)}`));
    expect(detail).not.toMatch(/[\p{C}\n]/u);
    expect(detail.length).toBeLessThan(500);
  });
});
