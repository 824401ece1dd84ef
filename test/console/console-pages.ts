/** A whole server with the built console before it, and windows of the people who use it. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { readSettings } from "../../server/start/settings.ts";
import { startServer } from "../../server/start/start-server.ts";
import { PATIENCE_MS } from "../support/wait-for.ts";

type Role = "admin" | "owner" | "support";

export interface ConsoleServer {
  readonly url: string;
  /** Sends a request as an admin's program; the answer's body. */
  readonly api: (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>;
  /** A window of a new person with this role, who is signed in. */
  readonly signIn: (
    browser: Browser,
    role: Role,
    options?: BrowserContextOptions,
  ) => Promise<{ readonly page: Page; readonly faults: string[] }>;
}

const ADMIN_KEY = "a".repeat(64);
const PASSWORD = "a long enough password";

/** Ends with the test. */
export async function startConsole(configuration: object = {}): Promise<ConsoleServer> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-console-"));
  const file = join(folder, "frontdesk.json");
  await writeFile(file, JSON.stringify({ network: { allowPrivate: ["127.0.0.1"] }, ...configuration }));
  const settings = readSettings({
    FRONTDESK_CONFIG: file,
    DATA_DIR: join(folder, "data"),
    PORT: "0",
    HOST: "127.0.0.1",
    FRONTDESK_ADMIN_KEY: ADMIN_KEY,
  });
  const server = await startServer(settings, { logDestination: { write: () => undefined } });
  onTestFinished(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
  const url = `http://localhost:${server.port}`;
  const api: ConsoleServer["api"] = async (method, path, body) => {
    const headers = { Authorization: `Bearer ${ADMIN_KEY}`, "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() };
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  };
  return { url, api, signIn: async (browser, role, options) => openWindow(browser, await newPerson(url, api, role), { url, ...options }) };
}

/** Their email. */
async function newPerson(url: string, api: ConsoleServer["api"], role: Role): Promise<string> {
  const email = `${role}-${crypto.randomUUID()}@desk.example`;
  const { invitation } = (await api("POST", "/people", { name: `Ada ${role}`, email, roles: [role] })) as { invitation: { url: string } };
  const token = new URL(invitation.url).hash.slice(1);
  const accepted = await fetch(`${url}/api/v1/invitations/accept`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: url },
    body: JSON.stringify({ token, password: PASSWORD }),
  });
  if (!accepted.ok) throw new Error(await accepted.text());
  return email;
}

async function openWindow(browser: Browser, email: string, { url, ...options }: BrowserContextOptions & { readonly url: string }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: true, ...options });
  onTestFinished(() => context.close());
  context.setDefaultTimeout(PATIENCE_MS);
  const data = { email, password: PASSWORD };
  const signedIn = await context.request.post(`${url}/api/auth/sign-in/email`, { data, headers: { Origin: url } });
  if (!signedIn.ok()) throw new Error(await signedIn.text());
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.goto(`${url}/console`);
  return { page, faults };
}

/** What axe finds on the page, as "rule: element". */
export async function axeFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(await readFile(new URL(import.meta.resolve("axe-core/axe.min.js")), "utf8"));
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: (context: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run({ exclude: [["iframe"]] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  });
}
