/** The sandbox's document in Chromium: a page on one origin, the sandbox on another, and views that mean harm. */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { sandboxHandler, type ShownView } from "../../server/http/sandbox/sandbox-handler.ts";
import { readViewMeta } from "../../server/views/view-meta.ts";
import { ViewPages } from "../../server/views/view-pages.ts";
import { launchBrowser } from "../support/browser.ts";
import { peerScript } from "../support/mcp-everything.ts";
import { testHost } from "../support/mcp-host.ts";

let browser: Browser;
beforeAll(async () => void (browser = await launchBrowser()));
afterAll(() => browser.close());

async function listen(listener: RequestListener, name = "127.0.0.1"): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://${name}:${(server.address() as AddressInfo).port}`;
}

interface Stage {
  readonly page: Page;
  readonly host: string;
  readonly sandbox: string;
  /** What another origin was asked for. */
  readonly elsewhere: string[];
  /** What the page heard, from which origin, and whether from the sandbox's window. */
  heard(): Promise<{ origin: string; fromSandbox: boolean; data: { method?: string; params?: unknown; id?: unknown } }[]>;
  /** The page says something to the sandbox's frame. */
  say(message: object): Promise<void>;
  /** What a view reported of itself. */
  reports(count: number): Promise<Record<string, unknown>[]>;
}

async function stage(html: string, meta: Partial<ShownView["meta"]> = {}, shownBy?: string): Promise<Stage> {
  const elsewhere: string[] = [];
  const other = await listen((request, response) => {
    elsewhere.push(request.url ?? "");
    response.writeHead(200, { "Access-Control-Allow-Origin": "*", "Content-Type": "text/html" }).end("<p>elsewhere</p>");
  });
  const host = await listen((_request, response) => {
    response.writeHead(200, { "Content-Type": "text/html", "Set-Cookie": "page=secret" }).end(`<!doctype html><title>Shop</title><script>
      const heard = [];
      addEventListener("message", ({ origin, source, data }) => heard.push({ origin, data, fromSandbox: source === document.querySelector("iframe")?.contentWindow }));
    </script>`);
  });
  const view: ShownView = {
    html: html.replaceAll("ELSEWHERE", other).replaceAll("HOST", host),
    title: 'A "view"',
    host: shownBy ?? host,
    meta: { csp: {}, clipboardWrite: false, ...meta },
  };
  const handler = sandboxHandler({
    find: async () => view,
    checkLoad: async () => undefined,
    isHttps: false,
    log: { info: () => {}, warn: () => {}, error: console.error },
  });
  const sandbox = await listen((request, response) => void handler(request, response), "localhost");
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(host);
  await page.evaluate((src) => {
    const frame = document.createElement("iframe");
    frame.sandbox.value = "allow-scripts allow-same-origin allow-forms";
    frame.src = src;
    document.body.append(frame);
  }, `${sandbox}/view?t=token`);
  const heard: Stage["heard"] = () => page.evaluate("heard");
  return {
    page,
    host,
    sandbox,
    elsewhere,
    heard,
    say: (message) =>
      page.evaluate(([said, to]) => document.querySelector("iframe")?.contentWindow?.postMessage(said, to as string), [
        message,
        sandbox,
      ] as const),
    async reports(count) {
      const found = async () =>
        (await heard()).flatMap(({ data }) => (data.method === "report" ? [data.params as Record<string, unknown>] : []));
      await expect.poll(async () => (await found()).length, { timeout: 15_000 }).toBeGreaterThanOrEqual(count);
      return found();
    },
  };
}

const REPORT = `const report = (what, value) => parent.postMessage({ jsonrpc: "2.0", method: "report", params: { what, value } }, "*");
const attempt = async (what, work) => { try { report(what, String(await work())); } catch (error) { report(what, "refused: " + error.name); } };`;

function view(script: string): string {
  return `<!doctype html><title>View</title><script>${REPORT}\n${script}</script>`;
}

test("the page hears that the sandbox is there, then the view; the view hears the page, and both say who they are by origin", async () => {
  const { heard, say, reports, sandbox } = await stage(
    view(
      `addEventListener("message", ({ data, source }) => report("heard", JSON.stringify([data.method, source === parent]))); report("started", innerHeight > 100);`,
    ),
  );
  await reports(1);
  await say({ jsonrpc: "2.0", method: "ui/notifications/tool-input", params: { arguments: {} } });
  expect(await reports(2)).toEqual([
    { what: "started", value: true },
    { what: "heard", value: '["ui/notifications/tool-input",true]' },
  ]);
  const all = await heard();
  expect(all[0]).toMatchObject({
    origin: sandbox,
    fromSandbox: true,
    data: { jsonrpc: "2.0", method: "ui/notifications/sandbox-proxy-ready", params: {} },
  });
  expect(new Set(all.map(({ origin, fromSandbox }) => `${origin} ${fromSandbox}`))).toEqual(new Set([`${sandbox} true`]));
});

test("a view cannot pass itself off as the sandbox, nor say what is no JSON-RPC, nor be told as the sandbox", async () => {
  const { heard, say, reports } = await stage(
    view(`addEventListener("message", ({ data }) => report("heard", data.method ?? "none"));
      parent.postMessage({ jsonrpc: "2.0", method: "ui/notifications/sandbox-proxy-ready", params: { forged: true } }, "*");
      parent.postMessage("text", "*"); parent.postMessage({ method: "bare" }, "*"); parent.postMessage(null, "*"); parent.postMessage({ jsonrpc: "2.0", method: { toString: () => 1 }.x }, "*");
      report("done", "");`),
  );
  await reports(1);
  await say({ jsonrpc: "2.0", method: "ui/notifications/sandbox-resource-ready", params: { html: "<p>other" } });
  await say({ method: "bare" });
  await say({ jsonrpc: "2.0", method: "ping", id: 1 });
  expect(await reports(2)).toMatchObject([{ what: "done" }, { what: "heard", value: "ping" }]);
  expect(
    (await heard()).filter(({ data }) => JSON.stringify(data).includes("forged") || typeof data === "string" || data === null),
  ).toEqual([]);
});

test("a hostile view gets nowhere: not to the page, not to the sandbox's document or storage, not to the network, no window, no other address", async () => {
  const { page, host, elsewhere, reports, heard } = await stage(
    view(`
      attempt("top document", () => top.document.title);
      attempt("parent document", () => parent.document.title);
      attempt("sibling", () => parent.parent.frames[0].document.title);
      attempt("cookie", () => document.cookie);
      attempt("local storage", () => localStorage.length);
      attempt("database", () => indexedDB.open("x").constructor.name);
      attempt("fetch elsewhere", () => fetch("ELSEWHERE/fetch").then(({ status }) => status));
      attempt("fetch page", () => fetch("HOST/fetch").then(({ status }) => status));
      attempt("socket", () => new Promise((resolve, reject) => { const s = new WebSocket("ELSEWHERE/socket".replace("http", "ws")); s.onopen = () => resolve("open"); s.onerror = () => reject(new Error("no")); }));
      attempt("beacon", () => navigator.sendBeacon("ELSEWHERE/beacon", "x") && "queued");
      attempt("popup", () => window.open("ELSEWHERE/popup"));
      attempt("top navigation", () => { top.location = "ELSEWHERE/top"; return "went"; });
      attempt("worker", () => new Promise((resolve, reject) => { const w = new Worker(URL.createObjectURL(new Blob(["fetch('ELSEWHERE/worker').then(() => postMessage('got'), () => postMessage('blocked'))"]))); w.onmessage = ({ data }) => resolve(data); w.onerror = () => reject(new Error("no")); }));
      attempt("camera", () => navigator.mediaDevices?.getUserMedia({ video: true }) ?? "none");
      attempt("place", () => new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(() => resolve("found"), () => reject(new Error("no")))));
      attempt("clipboard", () => navigator.clipboard.writeText("x").then(() => "written"));
      attempt("eval", () => eval("1 + 1"));
      attempt("origin", () => self.origin);
      const image = new Image(); image.onerror = () => report("image", "refused"); image.onload = () => report("image", "loaded"); image.src = "ELSEWHERE/image";
      const link = Object.assign(document.createElement("a"), { href: "ELSEWHERE/link", target: "_blank" }); document.documentElement.append(link); link.click();
      parent.parent.postMessage({ jsonrpc: "2.0", method: "tools/call", params: "past the sandbox" }, "*");
    `),
  );
  const found = Object.fromEntries((await reports(17)).map(({ what, value }) => [what, value]));
  expect(found).toMatchObject({
    "top document": "refused: SecurityError",
    "parent document": "refused: SecurityError",
    sibling: "refused: SecurityError",
    cookie: "refused: SecurityError",
    "local storage": "refused: SecurityError",
    database: "refused: SecurityError",
    "fetch elsewhere": "refused: TypeError",
    "fetch page": "refused: TypeError",
    socket: "refused: Error",
    popup: "null",
    worker: "blocked",
    eval: "2",
    origin: "null",
    image: "refused",
  });
  expect(found["camera"]).not.toBe("[object MediaStream]");
  expect(found["place"]).not.toBe("found");
  expect(found["clipboard"]).not.toBe("written");
  expect(elsewhere).toEqual([]);
  expect(page.url()).toBe(`${host}/`);
  expect(page.context().pages()).toHaveLength(1);
  // What it said past the sandbox is known by its window and its origin.
  expect((await heard()).filter(({ data }) => data.method === "tools/call")).toEqual([
    { origin: "null", fromSandbox: false, data: expect.anything() as unknown },
  ]);
});

test("a view can go nowhere by itself; once it tries, it is gone, and neither heard nor told any more", async () => {
  const { elsewhere, heard, reports, say, page } = await stage(
    view(`addEventListener("load", () => setTimeout(() => { report("leaving", ""); location.href = "ELSEWHERE/away"; }));`),
  );
  await reports(1);
  await expect.poll(async () => (await heard()).at(-1)?.data.method, { timeout: 15_000 }).toBe("ui/notifications/sandbox-view-left");
  expect(elsewhere).toEqual([]);
  expect(page.frames()).toHaveLength(2);
  const count = (await heard()).length;
  await say({ jsonrpc: "2.0", method: "ping", id: 1 });
  expect(await heard()).toHaveLength(count);
});

test("a form is sent nowhere", async () => {
  const { elsewhere, heard } = await stage(
    view(`const form = Object.assign(document.createElement("form"), { action: "ELSEWHERE/form", method: "post" });
      document.documentElement.append(form);
      addEventListener("load", () => setTimeout(() => form.submit()));`),
  );
  await expect.poll(async () => (await heard()).at(-1)?.data.method, { timeout: 15_000 }).toBe("ui/notifications/sandbox-view-left");
  expect(elsewhere).toEqual([]);
});

test("only the page that it was opened for may show it", async () => {
  const { heard, page } = await stage(view(`report("started", "")`), {}, "https://shop.example");
  await expect.poll(() => page.frames().some((frame) => frame.url().startsWith("chrome-error:")), { timeout: 15_000 }).toBe(true);
  expect(await heard()).toEqual([]);
});

test("what a page says that is not the one is not heard, though it has the frame's window", async () => {
  const { page, reports, say } = await stage(view(`addEventListener("message", ({ data }) => report("heard", data.method))`));
  await expect.poll(() => page.frames().length).toBe(3);
  await page.evaluate(() => {
    const other = document.createElement("iframe");
    other.srcdoc =
      `<script>parent.frames[0].postMessage({ jsonrpc: "2.0", method: "ui/notifications/tool-result", params: {} }, "*")</` + `script>`;
    other.sandbox.value = "allow-scripts";
    document.body.append(other);
  });
  await expect.poll(() => page.frames().length).toBe(4);
  await say({ jsonrpc: "2.0", method: "ping", id: 1 });
  expect(await reports(1)).toEqual([{ what: "heard", value: "ping" }]);
});

test("what is declared is allowed, and what a page of quotes and tags says stays a page", async () => {
  const { csp } = readViewMeta({ ui: { csp: { connectDomains: ["https://a.example.com"] } } });
  const { reports } = await stage(
    view(`report("text", document.body.textContent.trim());`).replace(
      "<script>",
      `<body title="a &amp; 'b'">"quotes" &amp; &lt;tags&gt; &#128512;<script>`,
    ),
    { csp },
  );
  expect(await reports(1)).toEqual([{ what: "text", value: expect.stringContaining('"quotes" & <tags> 😀') as string }]);
});

test.each(["basic-vanillajs", "budget-allocator", "debug"])("the published view of %s starts in it and shakes hands", async (name) => {
  const host = testHost(
    [
      {
        key: "real",
        name: "Real",
        command: process.execPath,
        args: [await peerScript(`@modelcontextprotocol/server-${name}`, join("dist", "index.js")), "--stdio"],
      },
    ],
    { views: true },
  );
  onTestFinished(() => host.close());
  const tool = (await host.open()).tools.find(({ view: one }) => one !== undefined)!;
  const page = await new ViewPages({ now: () => 0 }).of("place", tool.view!);
  const { heard, say } = await stage(page.html, page.meta);
  const asked = async () => (await heard()).find(({ data }) => data.method === "ui/initialize");
  await expect.poll(asked, { timeout: 20_000 }).toBeDefined();
  const { data } = (await asked())!;
  expect(data.params).toMatchObject({ protocolVersion: "2026-01-26" });
  await say({
    jsonrpc: "2.0",
    id: data.id,
    result: {
      protocolVersion: "2026-01-26",
      hostInfo: { name: "test", version: "1" },
      hostCapabilities: {},
      hostContext: { theme: "light" },
    },
  });
  await expect
    .poll(async () => (await heard()).some((one) => one.data.method === "ui/notifications/initialized"), { timeout: 20_000 })
    .toBe(true);
  await expect
    .poll(async () => (await heard()).some((one) => one.data.method === "ui/notifications/size-changed"), { timeout: 20_000 })
    .toBe(true);
});
