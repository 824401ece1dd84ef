/** A customer whom the site knows is the same on their phone and on their desk, and leaves nothing behind. */
import { createHmac, randomUUID } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type Listening, listenOnLoopback } from "../../../demo/listen.ts";
import { launchBrowser } from "../../support/browser.ts";
import { type Customer, customerAt, openStaffedDesk, picture, type StaffedDesk } from "./staffed-desk.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const SECRET = "a secret of the shop that nobody can guess";

/** As a backend of one's own makes it, with nothing but Node. */
function chatToken(assistant: string, customer: string): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub: customer, name: `${customer} Miller`, aud: assistant, iat: now, exp: now + 600, jti: randomUUID() };
  const signed = `${part({ alg: "HS256", typ: "JWT", kid: "2026" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", SECRET).update(signed).digest("base64url")}`;
}

/** A shop where who is signed in is a cookie, and `/chat-token` says it to the chat. */
async function openShop(desk: StaffedDesk, assistant: string): Promise<Listening> {
  const shop = await listenOnLoopback((request, response) => {
    const [, customer] = /customer=(\w+)/.exec(request.headers.cookie ?? "") ?? [];
    if (request.url === "/chat-token") {
      response.statusCode = customer === undefined ? 401 : 200;
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(customer === undefined ? {} : { token: chatToken(assistant, customer) }));
      return;
    }
    const tag = `<script async src="${desk.url}/frontdesk.js" data-assistant="${assistant}" data-identity-url="/chat-token"></script>`;
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(`<!doctype html><html lang="en"><title>Our shop</title><h1>Our shop</h1>${tag}</html>`);
  }, 0);
  onTestFinished(() => shop.close());
  return shop;
}

/** A browser of its own, in which this customer is signed in at the shop. */
async function device(desk: StaffedDesk, shop: Listening, customer: string): Promise<Customer & { readonly faults: readonly string[] }> {
  const { page, faults } = await desk.open();
  await page.context().addCookies([{ name: "customer", value: customer, url: shop.url }]);
  await page.goto(shop.url);
  await page.getByRole("button", { name: "Open chat" }).click();
  return { ...customerAt(page), faults };
}

const said = (page: Page, text: string) => page.getByRole("log").getByText(text, { exact: true });

test("a customer who signs in on a second device finds the conversation there, and goes on with it on both", async () => {
  const desk = await openStaffedDesk(browser);
  const key = await desk.makeAssistant("Help");
  const shop = await openShop(desk, key);
  const { tag } = await desk.admin.api("GET", `/assistants/${key}`);
  expect(await desk.admin.api("PATCH", `/assistants/${key}`, { allowedOrigins: [shop.url] }, tag)).toMatchObject({ status: 200 });
  const identity = await desk.admin.api("GET", `/assistants/${key}/identity`);
  const keys = [{ kid: "2026", algorithm: "HS256", secret: SECRET }];
  expect(await desk.admin.api("PUT", `/assistants/${key}/identity`, { mode: "optional", keys }, identity.tag)).toMatchObject({
    status: 200,
  });

  const phone = await device(desk, shop, "Anna");
  await phone.ask("My order is 1042");
  await phone.answered("It says: My order is 1042");
  const laptop = await device(desk, shop, "Anna");
  await said(laptop.page, "My order is 1042").waitFor();
  await picture(laptop.page, "two-devices-1-found");
  await laptop.ask("And from my desk");
  // What is said on one is read on the other as it happens.
  await said(phone.page, "And from my desk").waitFor();
  await phone.answered("It says: And from my desk");
  expect(desk.read().join("\n")).toContain("My order is 1042");

  // Another customer of the same site has nothing of it, and neither has whoever is not signed in.
  const other = await device(desk, shop, "Berta");
  await other.page.getByRole("textbox", { name: "Message" }).waitFor();
  await other.ask("I am new");
  await other.answered("It says: I am new");
  expect(await said(other.page, "My order is 1042").count()).toBe(0);

  const olive = await desk.member("Olive Stone", ["support"]);
  const { items } = (await olive.api<{ items: { id: string; customer: string }[] }>("GET", "/conversations")).body;
  expect(items).toHaveLength(2);
  expect(new Set(items.map(({ customer }) => customer)).size).toBe(2);
  await olive.go("/inbox");
  await olive.page.getByText("And from my desk").first().waitFor();
  await picture(olive.page, "two-devices-2-inbox");
  expect([phone, laptop, other, olive].flatMap(({ faults }) => faults)).toEqual([]);
});
