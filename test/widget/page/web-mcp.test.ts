import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../../support/browser.ts";
import { bundleScript } from "../../support/bundle.ts";
import type { executeOnce, modelContext } from "./entry.ts";

const POLYFILL = fileURLToPath(new URL("iife", import.meta.resolve("@mcp-b/webmcp-polyfill")).href).replace(/iife$/, "index.iife.js");

interface Bundled {
  readonly ours: { readonly executeOnce: typeof executeOnce; readonly modelContext: typeof modelContext };
}

let browser: Browser;
let script: string;
let address: string;
const server = createServer((_, response) => response.setHeader("content-type", "text/html").end("<!doctype html><title>A page</title>"));

beforeAll(async () => {
  script = await bundleScript(new URL("entry.ts", import.meta.url), "ours");
  browser = await launchBrowser(["--enable-features=WebMCP"]);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await browser.close();
  server.close();
});

/** What tools were given, and what came of a call of each: one that answers, and one that throws a `TypeError`. */
async function callsIn(page: Page): Promise<unknown> {
  await page.goto(address);
  await page.addScriptTag({ content: script });
  return page.evaluate(async () => {
    const { executeOnce: execute, modelContext: find } = (globalThis as unknown as Bundled).ours;
    const context = find()!;
    const ran: unknown[] = [];
    const register = (context as unknown as { registerTool: (tool: object) => Promise<void> }).registerTool.bind(context);
    const inputSchema = { type: "object", properties: { n: { type: "integer" } } };
    await register({
      name: "add",
      description: "Adds.",
      inputSchema,
      execute: (input: { n: number }) => (ran.push(input), { sum: input.n + 1 }),
    });
    await register({
      name: "broken",
      description: "Throws.",
      inputSchema,
      execute: (input: object) => {
        ran.push(input);
        throw new TypeError("broken");
      },
    });
    const tools = await context.getTools();
    const { signal } = new AbortController();
    const ends: unknown[] = [];
    for (const name of ["add", "broken"]) {
      const tool = tools.find((one) => one.name === name)!;
      ends.push(
        await execute(context, tool, { n: 2 }, signal).then(
          (value) => JSON.parse(String(value)) as unknown,
          () => "failed",
        ),
      );
    }
    return { ran, ends };
  });
}

const ONCE = { ran: [{ n: 2 }, { n: 2 }], ends: [{ sum: 3 }, "failed"] };

test("Chromium's own WebMCP runs each tool once, with its arguments", async ({ skip }) => {
  const page = await browser.newPage();
  await page.goto(address);
  const isThere = await page.evaluate(() => "modelContext" in document);
  skip(!isThere, "This Chromium has no WebMCP.");
  expect(await callsIn(page)).toEqual(ONCE);
});

test("so does the polyfill", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(() => {
    Reflect.deleteProperty(Document.prototype, "modelContext");
    Reflect.deleteProperty(globalThis, "ModelContext");
  });
  await page.addInitScript({ path: POLYFILL });
  expect(await callsIn(page)).toEqual(ONCE);
});
