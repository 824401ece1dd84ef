import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { connectStage, type ConnectStage } from "../support/connect-stage.ts";
import { type ProviderPeer, startProvider } from "../support/oauth-process.ts";
import { waitFor } from "../support/wait-for.ts";

const PICTURES = join(import.meta.dirname, "../.artifacts/connect");
let peer: ProviderPeer;
let scene: ConnectStage;
let apart: ConnectStage;
let browser: Browser;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  await mkdir(PICTURES, { recursive: true });
  peer = await startProvider();
  const servers = [{ key: "orders", name: "Orders & Returns", url: peer.url }];
  [scene, apart, browser] = await Promise.all([
    connectStage({ servers }),
    connectStage({ servers, shopHeaders: { "cross-origin-opener-policy": "same-origin" } }),
    launchBrowser(),
  ]);
});
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});
afterAll(async () => {
  await browser.close();
  await Promise.all([scene.close(), apart.close()]);
  await peer.stop();
});

/** A window of the shop, at the origin that the assistant allows unless told otherwise. */
async function shopPage(options: BrowserContextOptions = {}, shopUrl = scene.shopUrl): Promise<Page> {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 375, height: 667 }, ...options });
  contexts.push(context);
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  await page.goto(shopUrl);
  return page;
}

/** Presses Connect in the shop: the window that opens. */
async function connect(shop: Page, begun: { url: string; proof: string }): Promise<Page> {
  const opened = shop.waitForEvent("popup");
  await shop.evaluate((what) => (globalThis as unknown as { connect: (what: unknown) => void }).connect(what), begun);
  return opened;
}

async function look(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run(document));
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
}

describe("a customer in a browser", () => {
  it("connects, and the window closes itself", async () => {
    const shop = await shopPage();
    const popup = await connect(shop, await scene.begin("customer-ada"));
    // Login, then consent.
    await popup.getByRole("button", { name: "Allow" }).click();
    await popup.getByRole("button", { name: "Allow" }).click();
    await waitFor(() => popup.isClosed());
    expect(await scene.stage.authorizations.token("orders", { kind: "customer", id: "customer-ada" })).toHaveProperty("token");
  });

  it("reads how it ended, in German and in the dark too, with neither code nor state in the address", async () => {
    const shop = await shopPage({ locale: "de-DE", colorScheme: "dark" });
    const popup = await connect(shop, await scene.begin("customer-bob"));
    await popup.addInitScript(() => (globalThis.close = () => undefined));
    await popup.getByRole("button", { name: "Allow" }).click();
    await popup.getByRole("button", { name: "Allow" }).click();
    await popup.getByRole("heading", { name: "Sie sind mit Orders & Returns verbunden" }).waitFor();
    expect(new URL(popup.url()).search).toBe("");
    expect(await popup.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
    await look(popup, "connected-german-dark");
  });

  it("may say no", async () => {
    const shop = await shopPage();
    const popup = await connect(shop, await scene.begin("customer-carl"));
    await popup.addInitScript(() => (globalThis.close = () => undefined));
    await popup.getByRole("button", { name: "Deny" }).click();
    await popup.getByRole("heading", { name: "Not connected to Orders & Returns" }).waitFor();
    await look(popup, "declined");
  });

  it("is not led into a sign-in by a page of another website", async () => {
    // The same page at another origin, which the assistant does not allow; it has ticket and proof of its own sign-in.
    const attacker = await shopPage({}, scene.shopUrl.replace("localhost", "127.0.0.1"));
    const popup = await connect(attacker, await scene.begin("customer-eve"));
    await popup.getByText("This could not be opened.").waitFor();
    expect(new URL(popup.url()).origin).toBe(scene.url);
    expect(await popup.context().cookies(scene.url)).toEqual([]);
    await look(popup, "not-opened");
  });

  it("is told to open it from the chat when it came by a link", async () => {
    const page = await shopPage();
    await page.goto((await scene.begin("customer-dan")).url);
    await page.getByRole("heading", { name: "Open this page from the chat" }).waitFor();
    await look(page, "no-opener");
  });

  it("is told why when the shop keeps its windows apart", async () => {
    const shop = await shopPage({}, apart.shopUrl);
    const popup = await connect(shop, await apart.begin("customer-fay"));
    await popup.getByRole("heading", { name: "Open this page from the chat" }).waitFor();
    await popup.getByText("Cross-Origin-Opener-Policy").waitFor();
  });

  it("reads the end without JavaScript", async () => {
    const page = await shopPage({ javaScriptEnabled: false });
    await page.goto(`${scene.url}/oauth/callback?state=unknown&code=none`);
    await page.getByRole("heading", { name: "This sign-in is over" }).waitFor();
    await page.screenshot({ path: join(PICTURES, "over.png") });
  });
});
