import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Listening, listenOnLoopback } from "../../demo/listen.ts";
import { type OrderServer, startOrders } from "../../demo/orders/server.ts";
import { startShop } from "../../demo/shop/server.ts";
import { launchBrowser } from "../support/browser.ts";
import { call, connectOrders } from "./order-client.ts";

// Evaluated and not added as a script: the page's own policy stays as it is.
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pages = ["/", "/products/still-teapot", "/orders", "/orders/1042", "/orders/1043", "/returns", "/inline", "/nothing"];

let folder: string;
let orders: OrderServer;
let desk: Listening;
let shop: Listening;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "frontdesk-shop-"));
  orders = await startOrders({ port: 0, file: join(folder, "orders.json"), trackDurationMs: 0 });
  desk = await listenOnLoopback((request, response) => {
    response.setHeader("Content-Type", "text/javascript");
    response.end(request.url === "/frontdesk.js" ? deskStandIn : "");
  }, 0);
  shop = await startShop({ port: 0, deskUrl: desk.url, ordersUrl: orders.url });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await Promise.all([shop.close(), desk.close(), orders.close()]);
  await rm(folder, { recursive: true });
});

/** Stands in for the widget's script: says how it was embedded, and keeps what the page asks of the element. */
const deskStandIn = `
  globalThis.embeddedFor = document.currentScript?.dataset.assistant;
  globalThis.asked = [];
  customElements.define("front-desk", class extends HTMLElement {
    open() { asked.push("open"); }
    send(text) { asked.push(text); }
  });
  if (embeddedFor !== undefined) document.body.append(document.createElement("front-desk"));
`;

async function visit(
  path: string,
  look: { scheme?: "light" | "dark"; width?: number } = {},
): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width: look.width ?? 1280, height: 800 }, colorScheme: look.scheme ?? "light" });
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${shop.url}${path}`);
  return { page, complaints };
}

test("sends exactly the policy that a site needs for the widget", async () => {
  const socket = desk.url.replace("http:", "ws:");
  for (const path of pages) {
    expect((await fetch(`${shop.url}${path}`)).headers.get("content-security-policy")).toBe(
      `default-src 'none'; script-src 'self' ${desk.url}; style-src 'self'; img-src 'self' blob: ${desk.url}; media-src blob:; connect-src 'self' ${desk.url} ${socket}; ` +
        "font-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  }
});

test("has no inline style or script, and loads only from its own server and the desk", async () => {
  for (const path of pages) {
    const html = await (await fetch(`${shop.url}${path}`)).text();
    expect(html).not.toMatch(/<style|style="|<script(?![^>]*\bsrc=)|\son\w+="/u);
    for (const [, address = ""] of html.matchAll(/(?:src|href|server)="([^"]+)"/gu)) {
      expect([shop.url, desk.url]).toContain(new URL(address, shop.url).origin);
    }
  }
});

test("embeds the widget by the pasted script, except where the page has the element", async () => {
  const { page, complaints } = await visit("/");
  await page.waitForFunction(() => "embeddedFor" in globalThis);
  expect(await page.evaluate("embeddedFor")).toBe("shop");
  // Where the team decides: another assistant, by the same tag.
  await page.getByRole("navigation", { name: "Shop" }).getByRole("link", { name: "Returns" }).click();
  await page.waitForFunction("globalThis.embeddedFor === 'returns'");
  await page.goto(`${shop.url}/inline`);
  await page.waitForFunction(() => "embeddedFor" in globalThis);
  expect(await page.evaluate("embeddedFor")).toBeUndefined();
  expect(await page.locator("front-desk[mode=inline][assistant=shop]").getAttribute("server")).toBe(desk.url);
  expect(complaints).toEqual([]);
  await page.close();
});

test("opens the chat with a question from the page", async () => {
  const { page } = await visit("/orders/1042");
  await page.getByRole("button", { name: "I want a refund" }).click();
  await page.waitForFunction("globalThis.asked?.length === 2");
  expect(await page.evaluate("asked")).toEqual(["open", "Refund order 1042"]);
  await page.close();
});

test("shows a refund and a cancellation on the order page without a reload", async () => {
  const { client } = await connectOrders(orders.url);
  const { page, complaints } = await visit("/orders/1041");
  await page.waitForResponse((response) => response.url().endsWith("/api/orders/1041"));
  await call(client, "refund_order", { orderId: "1041", amount: 9600, reason: "<b>Lid</b> broken" });
  await page.getByRole("row", { name: /^Refunded on .*<b>Lid<\/b> broken −€96\.00$/u }).waitFor();
  await page.getByRole("row", { name: "You paid €0.00" }).waitFor();
  await page.getByRole("status").getByText("€96.00 was refunded.").waitFor();
  expect(await (await fetch(`${shop.url}/api/orders/1041`)).json()).toMatchObject({
    refundedCents: 9600,
    refundableCents: 0,
    refunds: [{ amountCents: 9600 }],
  });

  await page.goto(`${shop.url}/orders/1043`);
  await page.waitForResponse((response) => response.url().endsWith("/api/orders/1043"));
  await call(client, "cancel_order", { orderId: "1043" });
  await page.getByText("You were not charged").waitFor();
  expect(complaints).toEqual([]);
  await page.close();
  await client.close();
});

test("says so when the order book is out of reach", async () => {
  const lonely = await startShop({ port: 0, deskUrl: desk.url, ordersUrl: "http://127.0.0.1:1" });
  const pageResponse = await fetch(`${lonely.url}/orders/1042`);
  expect(pageResponse.status).toBe(503);
  expect(await pageResponse.text()).toContain("The order book is closed");
  const apiResponse = await fetch(`${lonely.url}/api/orders/1042`);
  expect([apiResponse.status, await apiResponse.json()]).toEqual([503, { error: "The order book cannot be read right now." }]);
  await lonely.close();
});

test("knows what it does not have", async () => {
  expect((await fetch(`${shop.url}/products/bicycle`)).status).toBe(404);
  expect((await fetch(`${shop.url}/orders/9999`)).status).toBe(404);
  expect((await fetch(`${shop.url}/api/orders/9999`)).status).toBe(404);
});

describe.each(["light", "dark"] as const)("in %s", (scheme) => {
  test.each(pages)("%s can be used by everyone", async (path) => {
    const { page } = await visit(path, { scheme });
    await page.evaluate(axeSource);
    const { violations } = await page.evaluate<axe.AxeResults>("axe.run()");
    expect(violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
    await page.close();
  });
});

test.each([320, 375, 800, 1280])("fits a window of %i px", async (width) => {
  for (const path of pages) {
    const { page } = await visit(path, { width });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    await page.close();
  }
});
