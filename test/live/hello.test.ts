import { describe, expect, it } from "vitest";
import { LINE_PATH } from "../../protocol/frames.ts";
import { HELLO, openLine, OTHER_ORIGIN, refused, SHOP_ORIGIN, welcomed } from "./line-harness.ts";

const NO_SUCH =
  'No assistant has the key "nobody". Write the key of one that is there into the page\'s data-assistant, or add one with this key.';
const TO_ADD = `Add "${OTHER_ORIGIN}" to allowedOrigins of the assistant "shop".`;
const POLLING = `${LINE_PATH}/?EIO=4&transport=polling`;

describe("hello", () => {
  it.each(["websocket", "polling"] as const)("is answered with a welcome before anything else (%s)", async (transport) => {
    const line = await openLine();
    expect(await welcomed(line.client({ transport }))).toEqual({
      version: 1,
      token: expect.stringMatching(/^fdc_/),
      customerId: expect.any(String),
      assistant: { key: "shop", name: "Shop", greeting: "Hello", starters: ["Hi"], trace: "full", feedback: true },
      limits: { messageCharacters: 8000 },
      now: 42,
    });
  });

  it("knows a customer by their token", async () => {
    const line = await openLine();
    const first = await welcomed(line.client());
    const second = await welcomed(line.client({ hello: { ...HELLO, token: first.token } }));
    expect(second.customerId).toBe(first.customerId);
  });

  it("makes a new customer for a token that was changed, or is another assistant's", async () => {
    const line = await openLine();
    const { token, customerId } = await welcomed(line.client());
    const forged = token.replace(customerId, "customer-of-my-choice");
    expect((await welcomed(line.client({ hello: { ...HELLO, token: forged } }))).customerId).not.toBe("customer-of-my-choice");
    const elsewhere = line.client({ origin: OTHER_ORIGIN, hello: { ...HELLO, assistant: "other", token } });
    expect((await welcomed(elsewhere)).customerId).not.toBe(customerId);
  });

  it.each([
    ["nothing", {}],
    ["no assistant", { version: 1, sessionId: "session-one" }],
    ["a session that is no id", { ...HELLO, sessionId: "'; drop table" }],
    ["a token as long as a book", { ...HELLO, token: "x".repeat(10_000) }],
  ])("is refused as bad-request when it says %s", async (_what, hello) => {
    const line = await openLine();
    expect(await refused(line.client({ hello }))).toMatchObject({ code: "bad-request", detail: expect.any(String) });
  });

  it("is refused in a version that nobody speaks any more", async () => {
    const line = await openLine();
    expect(await refused(line.client({ hello: { ...HELLO, version: 99 } }))).toMatchObject({ code: "unsupported-version" });
  });

  it("is refused for an assistant that is not there", async () => {
    const line = await openLine();
    expect(await refused(line.client({ hello: { ...HELLO, assistant: "nobody" } }))).toMatchObject({
      code: "unknown-assistant",
      detail: NO_SUCH,
    });
    expect(await refused(line.client({ hello: { ...HELLO, assistant: "__proto__" } }))).toMatchObject({ code: "bad-request" });
  });
});

describe("the log", () => {
  it("says once a minute which page was refused which assistant, for an owner who never looks at a console", async () => {
    const line = await openLine();
    for (const _again of [1, 2]) {
      await refused(line.client({ hello: { ...HELLO, assistant: "nobody" } }));
      await refused(line.client({ origin: OTHER_ORIGIN }));
    }
    await refused(line.client({ hello: { ...HELLO, assistant: "My Shop" } }));
    await refused(line.client({ hello: { ...HELLO, version: 99 } }));
    const told = line.logged.filter((text) => text.startsWith("A page was refused its assistant."));
    expect(told.map((text) => JSON.parse(text.slice(text.indexOf("{"))) as object)).toEqual([
      { code: "unknown-assistant", origin: SHOP_ORIGIN, assistant: "nobody", detail: NO_SUCH },
      { code: "origin-refused", origin: OTHER_ORIGIN, assistant: "shop", detail: TO_ADD },
      { code: "bad-request", origin: SHOP_ORIGIN, detail: "assistant: expected a lower-case name such as shop or order_desk" },
    ]);
  });
});

describe("the log of a page that no assistant lets in", () => {
  const knock = (url: string, query: string, origin: string): Promise<unknown> =>
    fetch(`${url}${POLLING}${query}`, { headers: { origin } });
  const fieldsOf = (logged: readonly string[]): unknown[] =>
    logged.filter((text) => text.startsWith("Refused a socket.")).map((text) => JSON.parse(text.slice(text.indexOf("{"))) as unknown);

  it("says which page, which assistant it asked for, and what to change", async () => {
    const line = await openLine();
    const evil = "https://evil.example";
    for (const _again of [1, 2]) await knock(line.url, "&assistant=shop", evil);
    await knock(line.url, "", evil);
    const told = { code: "origin-refused", origin: evil, path: `${LINE_PATH}/` };
    expect(fieldsOf(line.logged)).toEqual([
      { ...told, assistant: "shop", detail: `Add "${evil}" to allowedOrigins of the assistant "shop".` },
      { ...told, detail: `Add "${evil}" to allowedOrigins of the assistant.` },
    ]);
  });

  it("is short, whatever a stranger sends, and no line of it is theirs", async () => {
    const line = await openLine();
    for (const assistant of ["x".repeat(2_000), "shop%0ARefused", "%3Cscript%3E", "__proto__"])
      await knock(line.url, `&assistant=${assistant}`, `https://${"x".repeat(2_000)}.example`);
    expect(fieldsOf(line.logged)).toEqual([expect.not.objectContaining({ assistant: expect.anything() })]);
    expect(line.logged.join().length).toBeLessThan(1_000);
  });
});

describe("origins", () => {
  it("are checked against the assistant of the hello", async () => {
    const line = await openLine();
    expect(await refused(line.client({ origin: OTHER_ORIGIN }))).toMatchObject({
      code: "origin-refused",
      detail: TO_ADD,
    });
    await welcomed(line.client({ origin: OTHER_ORIGIN, hello: { ...HELLO, assistant: "other" } }));
  });

  it.each([
    ["https://evil.example", 'Add "https://evil.example" to allowedOrigins'],
    ["null", 'only "*" in allowedOrigins'],
    [null, "no Origin header"],
  ])("refuse %s on HTTP, before socket.io is spoken, and say what to do", async (origin, advice) => {
    const line = await openLine();
    const response = await fetch(line.url + POLLING, { headers: origin === null ? {} : { origin } });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: "origin-refused", detail: expect.stringContaining(advice) } });
    expect(line.logged.join()).toContain("Refused a socket");
  });

  it.each([["https://evil.example"], [null]])("refuse %s on the upgrade", async (origin) => {
    const line = await openLine();
    const socket = line.client({ origin });
    const error = await new Promise<Error>((resolve) => socket.once("connect_error", resolve));
    expect(String((error as Error & { description?: { message?: string } }).description?.message)).toContain("403");
    expect(line.sockets()).toBe(0);
  });

  it("are checked with every poll, not only with the first", async () => {
    const line = await openLine();
    const opened = await fetch(line.url + POLLING, { headers: { origin: SHOP_ORIGIN } });
    const { sid } = JSON.parse((await opened.text()).slice(1)) as { sid: string };
    expect(
      (await fetch(`${line.url}${POLLING}&sid=${sid}`, { method: "POST", body: "40", headers: { origin: "https://evil.example" } })).status,
    ).toBe(403);
    expect((await fetch(`${line.url}${POLLING}&sid=${sid}`, { method: "POST", body: "40", headers: { origin: SHOP_ORIGIN } })).status).toBe(
      200,
    );
  });

  it("let a page of the server itself ask without one, as browsers do", async () => {
    const line = await openLine();
    expect((await fetch(line.url + POLLING, { headers: { "sec-fetch-site": "same-origin" } })).status).toBe(200);
    expect((await fetch(line.url + POLLING, { headers: { "sec-fetch-site": "cross-site" } })).status).toBe(403);
  });

  it("may send the headers that tracing scripts add to every request, and others still may not come", async () => {
    const line = await openLine();
    const preflight = (origin: string, headers: string): Promise<Response> =>
      fetch(line.url + POLLING, {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": headers },
      });
    const asked = "baggage,content-type,sentry-trace,traceparent,x-datadog-trace-id";
    const response = await preflight(SHOP_ORIGIN, asked);
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-headers")).toBe(asked);
    expect(response.headers.get("access-control-allow-methods")).toBe("GET, POST");
    expect(response.headers.get("access-control-allow-origin")).toBe(SHOP_ORIGIN);
    expect(response.headers.get("access-control-allow-credentials")).toBeNull();
    expect(response.headers.get("vary")).toContain("Access-Control-Request-Headers");
    const refusal = await preflight("https://evil.example", asked);
    expect([refusal.status, refusal.headers.get("access-control-allow-headers")]).toEqual([403, null]);
  });

  it("may read the answers, and nobody's cookies are asked for", async () => {
    const line = await openLine();
    const response = await fetch(line.url + POLLING, { headers: { origin: SHOP_ORIGIN } });
    expect(response.headers.get("access-control-allow-origin")).toBe(SHOP_ORIGIN);
    expect(response.headers.get("access-control-allow-credentials")).toBeNull();
    expect(response.headers.get("set-cookie")).toBeNull();
  });
});

describe("the door", () => {
  it("keeps an address with too many connections out, and says when to come back", async () => {
    const line = await openLine({ limits: { connectionsPerAddress: 1 } });
    const first = line.client();
    await welcomed(first);
    const response = await fetch(line.url + POLLING, { headers: { origin: SHOP_ORIGIN } });
    expect(response.status).toBe(429);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await response.json()).toMatchObject({ error: { code: "rate-limited", retryAfterMs: expect.any(Number) } });
  });

  it("counts addresses behind a trusted proxy, and only there", async () => {
    const behind = await openLine({ limits: { connectionsPerAddress: 1 }, trustedProxies: 1 });
    await welcomed(behind.client({ headers: { "X-Forwarded-For": "192.0.2.1" } }));
    await welcomed(behind.client({ headers: { "X-Forwarded-For": "192.0.2.2" } }));
    const bare = await openLine({ limits: { connectionsPerAddress: 1 } });
    await welcomed(bare.client({ headers: { "X-Forwarded-For": "192.0.2.1" } }));
    const response = await fetch(bare.url + POLLING, { headers: { origin: SHOP_ORIGIN, "x-forwarded-for": "192.0.2.2" } });
    expect(response.status).toBe(429);
  });

  it("lets nobody new in while the server stops", async () => {
    const line = await openLine();
    line.stop();
    const response = await fetch(line.url + POLLING, { headers: { origin: SHOP_ORIGIN } });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { code: "stopping" } });
  });
});
