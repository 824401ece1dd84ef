/** A whole server with the real widget, its first admin signed in, and a browser that is signed in as well. */
import { fileURLToPath } from "node:url";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { startModel } from "../../demo/model/server.ts";
import { startOrders } from "../../demo/orders/server.ts";
import { start, temporaryFolder } from "../http/server-harness.ts";

const WIDGET = fileURLToPath(new URL("../../dist/widget", import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PASSWORD = "a long enough password";

interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly body: Body;
  readonly tag: string;
}

type Call = <Body = Record<string, unknown>>(method: string, path: string, body?: unknown, tag?: string) => Promise<Answer<Body>>;

export async function openDesk(browser: Browser) {
  const server = await start({ widgetFolder: WIDGET });
  const url = server.url.replace("127.0.0.1", "localhost");
  let cookie = "";
  const call: Call = async (method, path, body, tag) => {
    const response = await fetch(`${url}${path.startsWith("/api") ? path : `/api/v1${path}`}`, {
      method,
      headers: {
        "Content-Type": "application/json",
        Origin: url,
        ...(cookie === "" ? {} : { Cookie: cookie }),
        ...(tag === undefined ? {} : { "If-Match": tag }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) cookie = line.split(";")[0] ?? "";
    const text = await response.text();
    if (response.status >= 400) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return { status: response.status, body: (text === "" ? {} : JSON.parse(text)) as never, tag: response.headers.get("etag") ?? "" };
  };
  await call("POST", "/setup", { token: server.setupUrl?.split("#")[1], name: "Ada", email: "ada@desk.example", password: PASSWORD });
  await call("POST", "/api/auth/sign-in/email", { email: "ada@desk.example", password: PASSWORD });

  const open = async (path: string, { width = 1440, scheme = "light", lang = "en" } = {}) => {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme: scheme as "light",
      locale: lang,
      bypassCSP: true,
    });
    onTestFinished(() => context.close());
    context.setDefaultTimeout(10_000);
    const [name = "", ...value] = cookie.split("=");
    await context.addCookies([{ name, value: value.join("="), url }]);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    page.on("pageerror", (error) => faults.push(String(error)));
    await page.goto(`${url}/console${path}`);
    return { page, faults };
  };
  /** From now on, requests and new pages are theirs. */
  const asPerson = async (name: string, roles: readonly string[]): Promise<void> => {
    const email = `${name.toLowerCase()}@desk.example`;
    const { body } = await call<{ invitation: { url: string } }>("POST", "/people", { name, email, roles });
    await call("POST", "/invitations/accept", { token: body.invitation.url.split("#")[1], password: PASSWORD });
    await call("POST", "/api/auth/sign-in/email", { email, password: PASSWORD });
  };
  return { ...server, url, call, open, asPerson };
}

type Desk = Awaited<ReturnType<typeof openDesk>>;

/** The demo's order server and its scripted model. */
export async function openPeers(): Promise<{ readonly orders: string; readonly model: string }> {
  const folder = await temporaryFolder();
  const orders = await startOrders({ port: 0, file: join(folder, "orders.json"), trackDurationMs: 0 });
  const model = await startModel({ port: 0, tokensPerSecond: 0, firstTokenMs: 0 });
  onTestFinished(async () => {
    await Promise.all([orders.close(), model.close()]);
  });
  return { orders: `${orders.url}/mcp`, model: `${model.url}/v1` };
}

export const MODEL = { provider: "openai-compatible", model: "small", baseUrl: "http://127.0.0.1:9/v1", apiKey: "sk-kept" };

export async function makePots({ call }: Desk, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const pots = { key: "pots", name: "Pots", prompt: "You sell pots.", model: MODEL, allowedOrigins: ["https://a.example"] };
  await call("POST", "/assistants", { ...pots, ...more });
}

/** What the page or the server comes to say. */
export function soon<Value>(read: () => Value): ReturnType<typeof expect.poll<Value>> {
  return expect.poll(read, { timeout: 10_000 });
}

/** What axe finds, outside of frames: the preview's page is a page of its own. */
export async function faultsOf(page: Page): Promise<readonly string[]> {
  await page.addScriptTag({ content: AXE });
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(where: unknown, how: unknown): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    return (await axe.run({ exclude: ["iframe", "desk-toasts"] }, { iframes: false })).violations;
  });
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

/** Nothing is wider than the page. */
export async function expectNarrow(page: Page, width: number): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
}
