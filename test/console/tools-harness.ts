/** A whole server with its console, an admin who is signed in, and MCP servers that a test scripts. */
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { CONFIGURATION, start } from "../http/server-harness.ts";
import { json, type ScriptedServer, scriptedServer, tool } from "../support/mcp-scripted-server.ts";

const PASSWORD = "a long enough password";

export interface Person {
  readonly id: string;
  readonly cookie: string;
  /** A request as this person's browser makes it; its answer's body. Throws what was refused. */
  api<Body = unknown>(method: string, path: string, body?: unknown, version?: string): Promise<Body>;
}

export interface Desk {
  readonly url: string;
  readonly admin: Person;
  person(name: string, roles: readonly string[]): Promise<Person>;
  versionOf(path: string): Promise<string>;
}

export async function startDesk(servers: Readonly<Record<string, unknown>> = {}): Promise<Desk> {
  const started = await start({ configuration: { ...CONFIGURATION, mcpServers: servers } });
  const url = `http://localhost:${started.port}`;
  const token = new URL(started.setupUrl ?? "").hash.slice(1);
  await ask(url, "POST /api/v1/setup", { body: { token, name: "Ada", email: "ada@desk.example", password: PASSWORD } });
  const admin = await signIn(url, "ada@desk.example");
  return {
    url,
    admin,
    async person(name, roles) {
      const email = `${name.toLowerCase()}@desk.example`;
      const { invitation } = await admin.api<{ invitation: { url: string } }>("POST", "/people", { name, email, roles });
      const accepted = { token: new URL(invitation.url).hash.slice(1), password: PASSWORD };
      await ask(url, "POST /api/v1/invitations/accept", { body: accepted });
      return signIn(url, email);
    },
    async versionOf(path) {
      return (await ask(url, `GET /api/v1${path}`, { cookie: admin.cookie })).headers.get("etag") ?? "";
    },
  };
}

async function signIn(url: string, email: string): Promise<Person> {
  const { headers } = await ask(url, "POST /api/auth/sign-in/email", { body: { email, password: PASSWORD } });
  const cookie = headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const api = async <Body>(method: string, path: string, body?: unknown, version?: string): Promise<Body> => {
    const response = await ask(url, `${method} /api/v1${path}`, { cookie, body, version });
    const text = await response.text();
    return (text === "" ? undefined : JSON.parse(text)) as Body;
  };
  const { id } = await api<{ id: string }>("GET", "/me");
  return { id, cookie, api };
}

interface Asked {
  readonly cookie?: string;
  readonly body?: unknown;
  readonly version?: string | undefined;
}

/** `what`: method and path. */
async function ask(url: string, what: string, { cookie = "", body, version }: Asked = {}): Promise<Response> {
  const [method = "", path = ""] = what.split(" ");
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      Origin: url,
      Cookie: cookie,
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(version === undefined ? {} : { "If-Match": version }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${what} was answered ${response.status}: ${await response.text()}`);
  return response;
}

export interface Look {
  /** The admin, unless it is said. */
  readonly who?: Person;
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
  readonly locale?: string;
}

/** The person's browser, at an address of the console. At the end it must not have complained. */
export async function openConsole(browser: Browser, { url, admin }: Desk, path: string, look: Look = {}): Promise<Page> {
  const { colorScheme = "light", width = 1200, locale = "en-GB", who = admin } = look;
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme, locale });
  const faults: string[] = [];
  onTestFinished(async () => {
    await context.close();
    expect(faults).toEqual([]);
  });
  await context.addCookies(
    who.cookie.split("; ").map((pair) => {
      const at = pair.indexOf("=");
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url };
    }),
  );
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  // A refusal is reported by the browser itself; the page says it in words.
  page.on("console", (message) => message.type() === "error" && !/status of 4\d\d/.test(message.text()) && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.goto(`${url}/console${path}`);
  return page;
}

/** Whether axe finds nothing, and nothing is wider than the page. */
export async function expectSound(page: Page): Promise<void> {
  // By the debugger, which the page's policy does not bind.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run(document));
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
  const [whole, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth] as const);
  expect(whole).toBeLessThanOrEqual(seen);
}

/** An MCP server with these tools, which can be changed while it runs. */
export async function peerWith(
  tools: readonly Readonly<Record<string, unknown>>[],
): Promise<ScriptedServer & { tools: readonly unknown[] }> {
  const peer = { tools: tools as readonly unknown[] };
  const server = await scriptedServer({
    "tools/list": (response, { id }) => json(response, { jsonrpc: "2.0", id, result: { tools: peer.tools } }),
  });
  onTestFinished(() => server.close());
  return Object.assign(peer, server);
}

export { tool };
