/** A console in a browser: signed in, watched for what it complains about. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type axe from "axe-core";
import { expect, onTestFinished } from "vitest";
import { PASSWORD } from "../identity/staff-harness.ts";

declare const axeCore: typeof axe;

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export interface Looking {
  readonly width?: number;
  readonly colorScheme?: "light" | "dark";
  readonly locale?: string;
}

/** A page of the console with what its browser complained about so far, refusals of the API apart. */
export interface ConsolePage {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly faults: readonly string[];
}

/** Opens an address below `/console` as whoever has this email; undefined: as nobody. */
export async function openConsole(
  browser: Browser,
  url: string,
  path: string,
  { email, width = 1440, colorScheme = "light", locale = "en-GB" }: Looking & { readonly email?: string },
): Promise<ConsolePage> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, locale, bypassCSP: false });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.goto(`${url}/console${path}`);
  if (email !== undefined) await signIn(page, email);
  return { page, context, faults };
}

export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page
    .getByRole("navigation", { name: "Navigation" })
    .or(page.getByRole("button", { name: "Open navigation" }))
    .first()
    .waitFor();
}

/** What axe finds, and whether anything sticks out of the page. */
export async function expectAccessible(page: Page): Promise<void> {
  // The page's policy lets no script in: this one comes through the browser's own door.
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: `globalThis.axeCore ?? (() => { ${AXE}; globalThis.axeCore = axe; })(); 0` });
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined))));
  const found = await page.evaluate(async () => {
    const { violations } = await axeCore.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`);
  });
  expect(found).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
}
