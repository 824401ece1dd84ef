import { request } from "node:http";
import { expect, test } from "vitest";
import { SANDBOX_SCRIPT } from "../../server/http/sandbox/sandbox-script.ts";
import { start } from "../http/server-harness.ts";
import { customerOf, openView, startViewServer, track } from "./view-server.ts";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** One request as it is on the wire, whatever its `Host`. */
function get(url: string, headers: Readonly<Record<string, string>> = {}, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (body += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.on("error", reject);
    sent.end();
  });
}

test("a call's view is opened: its document, its input and result, and the same after a reload", async () => {
  const server = await startViewServer();
  const mia = await customerOf(server);
  const callId = await track(mia);
  const view = await openView(mia, callId);
  expect(view).toMatchObject({
    tool: { name: "track_parcel", title: "Track parcel", inputSchema: { type: "object" } },
    input: { orderId: "1042" },
    result: { structuredContent: { orderId: "1042", carrier: "Heron Post" } },
    csp: {},
    permissions: {},
    prefersBorder: true,
  });
  const document = await get(view.url);
  expect(document.status).toBe(200);
  expect(document.headers).toMatchObject({
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  });
  expect(document.headers["set-cookie"]).toBeUndefined();
  expect(document.headers["x-frame-options"]).toBeUndefined();
  const policy = String(document.headers["content-security-policy"]);
  expect(policy).toContain("default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' data: blob:;");
  expect(policy).toContain("connect-src data: blob:; frame-src 'none';");
  expect(policy).toMatch(/frame-ancestors https:\/\/shop\.example$/);
  expect(document.headers["permissions-policy"]).toContain("camera=()");
  expect(document.body).toContain('sandbox="allow-scripts allow-forms" srcdoc="&lt;!doctype html>');
  expect(document.body).toContain('data-host="https://shop.example"');
  // Nothing of the call is in it: it goes to the view by messages.
  expect(document.body).not.toContain("Heron Post");

  const again = await customerOf(server, mia.token);
  const { conversationId } = mia;
  const reply = await again.ask("view-open", { conversationId, callId });
  expect(reply).toMatchObject({ ok: true, input: view.input, result: view.result });
  const state = (await (await fetch(`${server.ordersUrl}/state`)).json()) as { calls: { tool: string }[] };
  expect(state.calls.filter(({ tool }) => tool === "track_parcel")).toHaveLength(1);
});

test("a token that is none, not whole, changed, of another server or over opens nothing", async () => {
  const server = await startViewServer();
  const mia = await customerOf(server);
  const view = await openView(mia, await track(mia));
  const { origin, searchParams } = new URL(view.url);
  const token = searchParams.get("t") ?? "";
  expect(token).toMatch(/^[\w-]+$/);
  const changed = token.slice(0, -2) + (token.endsWith("AA") ? "BB" : "AA");
  for (const wrong of ["", "x", token.slice(0, -1), token.slice(1), changed, `${token}A`, "a".repeat(5_000), mia.token]) {
    const answer = await get(`${origin}/view?t=${encodeURIComponent(wrong)}`);
    expect(answer.status).toBe(404);
    expect(answer.body).toBe("This view is not there any more. Open the conversation again.\n");
    expect(answer.headers["content-security-policy"]).toBe("default-src 'none'; frame-ancestors 'none'");
  }
  const other = await startViewServer();
  const noah = await customerOf(other);
  await openView(noah, await track(noah));
  const { origin: otherOrigin } = new URL(
    (await openView(noah, (noah.events.find((event) => "view" in event) as { callId: string }).callId)).url,
  );
  expect((await get(`${otherOrigin}/view?t=${token}`)).status).toBe(404);
  expect((await get(`${origin}/view?t=${token}`)).status).toBe(200);
});

test("a token is over after five minutes", async () => {
  const time = { offset: 0 };
  const { systemClock } = await import("../../server/start/system-clock.ts");
  const clock = {
    ...systemClock,
    now: () => Date.now() + time.offset,
    id: () => systemClock.id(),
    random: () => systemClock.random(),
    after: (ms: number, done: () => void) => systemClock.after(ms, done),
  };
  const server = await startViewServer({ clock });
  const mia = await customerOf(server);
  const view = await openView(mia, await track(mia));
  time.offset = 299_000;
  expect((await get(view.url)).status).toBe(200);
  time.offset = 301_000;
  expect((await get(view.url)).status).toBe(404);
});

test("the sandbox's origin has the document alone: no API, no widget, no console, no socket, no page, no cookie", async () => {
  const server = await startViewServer();
  const mia = await customerOf(server);
  const { url } = await openView(mia, await track(mia));
  const { origin, search } = new URL(url);
  const paths = [
    "/",
    "/frontdesk.js",
    "/frontdesk.json",
    "/assets/thread-1.js",
    "/api/v1/me",
    "/api/auth/session",
    "/console",
    "/line/?EIO=4&transport=polling",
    "/staff-line/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/setup",
    "/mcp/frontdesk",
    "/voice",
    "/view/",
    "/view/x",
    "/View",
    "//view",
    "/%76iew",
    `/x/view${search}`,
  ];
  for (const path of paths) {
    const answer = await get(`${origin}${path}`, { cookie: "session=1" });
    expect([path, answer.status, answer.body]).toEqual([path, 404, "There is nothing here.\n"]);
    expect(answer.headers["set-cookie"]).toBeUndefined();
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
  }
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "HEAD"]) expect((await get(url, {}, method)).status).toBe(405);
  const upgrade = get(`${origin}/line/?EIO=4&transport=websocket`, {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
  });
  expect((await upgrade).status).toBe(404);
});

test("the main origin never serves the document, nor anything where its Host is the sandbox's", async () => {
  const server = await startViewServer({
    environment: { SANDBOX_PORT: "", SANDBOX_URL: "https://views.example.net", PUBLIC_URL: "https://desk.example.com" },
  });
  const mia = await customerOf(server);
  const view = await openView(mia, await track(mia));
  const { pathname, search, origin } = new URL(view.url);
  expect(origin).toBe("https://views.example.net");
  const main = `http://127.0.0.1:${server.port}`;
  const onMain = await get(`${main}${pathname}${search}`);
  expect(onMain.status).toBe(404);
  expect(onMain.body).not.toContain("iframe");
  const sandbox = { host: "views.example.net" };
  const shown = await get(`${main}${pathname}${search}`, sandbox);
  expect(shown.status).toBe(200);
  expect(shown.headers["strict-transport-security"]).toBe("max-age=31536000");
  for (const path of ["/", "/frontdesk.js", "/api/v1/me", "/console", "/line/?EIO=4&transport=polling"]) {
    expect((await get(`${main}${path}`, sandbox)).body).toBe("There is nothing here.\n");
    expect((await get(`${main}${path}`, { host: "VIEWS.example.net" })).body).toBe("There is nothing here.\n");
    expect((await get(`${main}${path}`, { host: "desk.example.com" })).body).not.toBe("There is nothing here.\n");
  }
  const upgrade = get(`${main}/line/?EIO=4&transport=websocket`, {
    ...sandbox,
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
  });
  await expect(upgrade).rejects.toThrow();
});

test("without a sandbox there are no views: nothing is said of one, and the server is not told that we show any", async () => {
  const server = await startViewServer({ environment: { SANDBOX_PORT: "" } });
  const mia = await customerOf(server);
  await expect(track(mia)).rejects.toThrow("No call has a view.");
  const call = mia.events.find((event) => event.type === "tool-call-proposed") as { callId: string };
  expect(await mia.ask("view-open", { conversationId: mia.conversationId, callId: call.callId })).toMatchObject({
    ok: false,
    error: { code: "no-view" },
  });
  expect((await get(`${server.url}/view?t=x`)).status).toBe(404);
});

test("a view's call asks in the thread and its reply waits; another customer's asks nothing of it", async () => {
  const server = await startViewServer();
  const mia = await customerOf(server);
  const noah = await customerOf(server);
  const callId = await track(mia);
  const { conversationId } = mia;
  const day = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  const order = { conversationId, callId, requestId: "request-one", name: "move_delivery", arguments: { orderId: "1042", day } };
  for (const [name, frame] of [
    ["view-open", { conversationId, callId }],
    ["view-call", order],
    ["view-read", { conversationId, callId, uri: "ui://lull/parcel.html" }],
    ["view-context", { conversationId, callId }],
    ["view-note", { conversationId, callId, what: "log" }],
  ] as const)
    expect([name, await noah.ask(name, frame)]).toMatchObject([name, { ok: false, error: { code: "unknown-conversation" } }]);
  const called = mia.ask("view-call", order);
  const asked = await mia.heard("approval-requested");
  expect(asked).toMatchObject({ arguments: { orderId: "1042", day }, rememberable: false });
  expect(mia.events.find((event) => event.type === "tool-call-proposed" && event.byView !== undefined)).toMatchObject({
    byView: callId,
    tool: { tool: "move_delivery" },
  });
  await mia.ask("approval-decide", {
    conversationId,
    approvalId: asked["approvalId"],
    argumentsHash: asked["argumentsHash"],
    decision: "approved",
  });
  expect(await called).toMatchObject({ ok: true, result: { structuredContent: { orderId: "1042", expectedAt: `${day}T12:00:00.000Z` } } });
  expect(await mia.ask("view-call", order)).toMatchObject({ ok: true });
  const state = (await (await fetch(`${server.ordersUrl}/state`)).json()) as { calls: { tool: string }[] };
  expect(state.calls.filter(({ tool }) => tool === "move_delivery")).toHaveLength(1);
  expect(await mia.ask("view-read", { conversationId, callId, uri: "ui://lull/parcel.html" })).toMatchObject({
    ok: true,
    contents: [{ mimeType: "text/html;profile=mcp-app" }],
  });
  expect(await mia.ask("view-read", { conversationId, callId, uri: "ui://lull/other.html" })).toMatchObject({
    ok: false,
    error: { code: "view-refused" },
  });
});

test("frames that are too large or no frames are refused at the border", async () => {
  const server = await startViewServer();
  const mia = await customerOf(server);
  const of = { conversationId: mia.conversationId, callId: await track(mia) };
  for (const [name, more] of [
    ["view-call", { requestId: "request-one", name: "move_delivery", arguments: { text: "ä".repeat(25_000) } }],
    ["view-call", { requestId: "request-one", name: "", arguments: {} }],
    ["view-call", { requestId: "request-one", name: "move_delivery", arguments: [] }],
    ["view-call", { name: "move_delivery", arguments: {} }],
    ["view-read", { uri: `ui://${"x".repeat(3_000)}` }],
    ["view-context", { structuredContent: { text: "ä".repeat(25_000) } }],
    ["view-note", { what: "read", detail: "x" }],
    ["view-note", { what: "log", detail: "x".repeat(501) }],
  ] as const)
    expect([name, await mia.ask(name, { ...of, ...more })]).toMatchObject([name, { ok: false, error: { code: "bad-request" } }]);
});

test("an address that cannot be the sandbox's is said so at the start", async () => {
  for (const [url, why] of [
    ["views.example.net", "https address"],
    ["https://views.example.net/path", "without a name, a path"],
    ["https://user:word@views.example.net", "without a name, a path"],
    ["http://views.example.net", "expected https"],
    ["https://desk.example.com", "another host than that of PUBLIC_URL"],
  ])
    await expect(start({ environment: { SANDBOX_URL: url!, PUBLIC_URL: "https://desk.example.com" } })).rejects.toThrow(why);
});

test("the sandbox's own script is small", () => {
  expect(Buffer.byteLength(SANDBOX_SCRIPT)).toBeLessThan(2_048);
});
