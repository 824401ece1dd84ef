/**
 * The console's first screens on a processor four times slower: from the address to something that can be used, with
 * nothing in the browser's cache. The floor is the sign-in page's document without its scripts. Other programs on the
 * machine count in these times, and do not in what the page's main thread ran until then. Run alone:
 * `npm run bench -- --only console`.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { readSettings } from "../../../server/start/settings.ts";
import { startServer } from "../../../server/start/start-server.ts";
import { launchBrowser } from "../../support/browser.ts";
import type { Bench, Figure } from "../figure.ts";
import { median } from "../samples.ts";
import { busyMs, traced } from "./trace.ts";

const SLOWDOWN = 4;
const ROUNDS = 7;
const BUDGET_MS = 1_000;
const PERSON = { name: "Ada", email: "ada@desk.example", password: "a-long-password-1" };

/** Screen → what is there once it can be used. */
const SCREENS = [
  ["/", "main h1"],
  ["/assistants", "main h1"],
  ["/people", "main .table-row"],
] as const;

export const benchConsole: Bench = async ({ fast }) => {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-bench-"));
  await writeFile(join(folder, "frontdesk.json"), "{}");
  const settings = readSettings({
    FRONTDESK_CONFIG: join(folder, "frontdesk.json"),
    DATA_DIR: join(folder, "data"),
    PORT: "0",
    HOST: "127.0.0.1",
  });
  const server = await startServer(settings, { logDestination: { write: () => undefined } });
  const browser = await launchBrowser();
  try {
    const cookies = await firstAdmin(server.url, server.setupUrl ?? "");
    const rounds = fast ? 1 : ROUNDS;
    const figures: Figure[] = [];
    const bare = await measure(browser, { url: `${server.url}/console`, ready: "desk-console", rounds, scripts: false });
    const add = async (what: string, page: Measured): Promise<void> => {
      const { took, ran } = await measure(browser, page);
      figures.push({ name: `console: ${what} can be used, 4× slower`, value: took, unit: "ms", floor: bare.took, budget: BUDGET_MS });
      figures.push({ name: `console: ${what}, its main thread until then`, value: ran, unit: "ms", floor: bare.ran });
    };
    await add("sign-in page", { url: `${server.url}/console`, ready: 'input[type="password"]', rounds });
    for (const [path, ready] of SCREENS) await add(path, { url: `${server.url}/console${path}`, ready, rounds, cookies });
    return figures;
  } finally {
    await browser.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
};

type Cookies = Parameters<BrowserContext["addCookies"]>[0];

interface Measured {
  readonly url: string;
  /** Matches once the page can be used. */
  readonly ready: string;
  readonly rounds: number;
  readonly cookies?: Cookies;
  readonly scripts?: boolean;
}

interface Taken {
  /** Milliseconds from the address until `ready` is drawn. */
  readonly took: number;
  /** Milliseconds that the page's main thread ran in that time. */
  readonly ran: number;
}

/** The medians. What the thread ran comes from rounds of its own: a browser that keeps a trace is slower. */
async function measure(browser: Browser, { rounds, ...measured }: Measured): Promise<Taken> {
  const took: number[] = [];
  const ran: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await withPage(browser, measured, async (_, load) => {
      const began = performance.now();
      await load();
      took.push(performance.now() - began);
    });
    await withPage(browser, measured, async (page, load) => {
      ran.push(busyMs(await traced(page, load)));
    });
  }
  return { took: median(took), ran: median(ran) };
}

/** A page with nothing in its cache, and what loads it. */
async function withPage(
  browser: Browser,
  { url, ready, cookies = [], scripts = true }: Omit<Measured, "rounds">,
  act: (page: Page, load: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, javaScriptEnabled: scripts });
  await context.addCookies(cookies);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
  await act(page, async () => {
    await page.goto(url, { waitUntil: "commit" });
    await page
      .locator(ready)
      .first()
      .waitFor({ state: scripts ? "visible" : "attached" });
  });
  await context.close();
}

/** Makes the first admin, and returns the cookies of their session. */
async function firstAdmin(url: string, setupUrl: string): Promise<Cookies> {
  const send = async (path: string, body: unknown): Promise<Response> =>
    fetch(`${url}${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: new URL(url).origin },
      body: JSON.stringify(body),
    });
  await send("/api/v1/setup", { token: setupUrl.split("#")[1], ...PERSON });
  const answer = await send("/api/auth/sign-in/email", { email: PERSON.email, password: PERSON.password });
  return answer.headers.getSetCookie().map((line) => {
    const [pair = ""] = line.split(";");
    const at = pair.indexOf("=");
    return { name: pair.slice(0, at), value: decodeURIComponent(pair.slice(at + 1)), url };
  });
}
