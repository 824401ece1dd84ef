/** People's browsers. Whatever a page complains about fails its test at the end. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, expect, onTestFinished } from "vitest";
import { launchBrowser } from "../../support/browser.ts";
import { PATIENCE_MS } from "../../support/wait-for.ts";
import { type Desk, PASSWORD, type Person } from "./desk.ts";

export interface Look extends Pick<BrowserContextOptions, "colorScheme" | "locale"> {
  readonly width?: number;
  /** What its browser may complain about besides, such as a network that was cut. */
  readonly mayComplain?: RegExp;
}

/** One for all tests of a file. */
let browser: Promise<Browser> | undefined;
afterAll(async () => (await browser)?.close());

/** The person's browser at an address below `/console`; the admin's, unless it is said. */
export async function openConsole(desk: Desk, path: string, look: Look & { readonly who?: Person } = {}): Promise<Page> {
  const { who = desk.admin, ...rest } = look;
  const context = await newContext(rest);
  await context.addCookies(
    who.cookie.split("; ").map((pair) => {
      const at = pair.indexOf("=");
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url: desk.url };
    }),
  );
  return newTab(context, `${desk.url}/console${path}`, look.mayComplain);
}

/** A browser that nobody is signed in with, at any address. */
export async function openTab(address: string, look: Look = {}): Promise<Page> {
  return newTab(await newContext(look), address);
}

async function newContext({ width = 1440, colorScheme = "light", locale = "en-GB" }: Look): Promise<BrowserContext> {
  browser ??= launchBrowser();
  const context = await (await browser).newContext({ viewport: { width, height: 900 }, colorScheme, locale });
  context.setDefaultTimeout(PATIENCE_MS);
  return context;
}

async function newTab(context: BrowserContext, address: string, mayComplain?: RegExp): Promise<Page> {
  const page = await context.newPage();
  const faults = faultsOf(page);
  onTestFinished(async () => {
    await context.close();
    expect(faults.filter((fault) => mayComplain?.test(fault) !== true)).toEqual([]);
  });
  await page.goto(address);
  return page;
}

/** From now on nothing on the page asks again by itself: what comes is told. */
export async function withoutAsking(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const real = globalThis.setInterval;
    globalThis.setInterval = ((run: () => void, ms = 0) => (ms >= 5_000 ? 0 : real(run, ms))) as typeof setInterval;
  });
  await page.reload();
}

/** What its browser complains about from now on; the API's refusals apart, which the page says in words. */
export function faultsOf(page: Page): readonly string[] {
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  return faults;
}

/** By hand, at the page that asks for it. */
export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}
