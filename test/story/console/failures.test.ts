/** Servers that cannot be used: what the console says of each, and that it notices when they are mended. */
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { launchBrowser } from "../../support/browser.ts";
import { button, is, openStaffedDesk, picture } from "./staffed-desk.ts";
import { freePort } from "../../support/free-port.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

interface Gateway {
  readonly url: string;
  /** What it does from now on: lets through who has this key, refuses with a status, or says nothing. */
  does: { readonly key?: string; readonly status?: number; readonly isSilent?: boolean };
  stop(): Promise<void>;
  startAgain(): Promise<void>;
}

/** What stands before a server in most companies: it wants a key, and can be down. */
async function openGateway(behind: string): Promise<Gateway> {
  const server: Server = createServer((asked, answer) => {
    const { key, status, isSilent = false } = gateway.does;
    if (isSilent) return;
    if (status !== undefined) return void answer.writeHead(status).end();
    if (key !== undefined && asked.headers["x-api-key"] !== key) return void answer.writeHead(401).end();
    const { method, headers } = asked;
    const passed = request(behind, { method, headers }, (came) => {
      answer.writeHead(came.statusCode ?? 502, came.headers);
      came.pipe(answer);
    });
    passed.on("error", () => answer.destroy());
    asked.pipe(passed);
  });
  const listen = (port: number) => new Promise<void>((resolve) => void server.listen(port, "127.0.0.1", resolve));
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  await listen(0);
  onTestFinished(stop);
  const { port } = server.address() as AddressInfo;
  const gateway: Gateway = { url: `http://127.0.0.1:${port}/mcp`, does: {}, stop, startAgain: () => listen(port) };
  return gateway;
}

/** Presses "Test connection", and waits until it can be pressed again. */
async function testIt(place: Locator): Promise<void> {
  const pressed = place.getByRole("button", { name: "Test connection" });
  await pressed.click();
  await expect.poll(() => place.locator('[aria-busy="true"]').count()).toBe(0);
  expect(await pressed.getAttribute("aria-disabled")).toBe("false");
}

test("before it is saved, each wrong address is named with what to do", async () => {
  const desk = await openStaffedDesk(browser);
  const { page, go, faults } = desk.admin;
  await go("/tools/mcp-servers/new");
  await page.getByLabel("Display name").fill("Orders");
  const form = page.locator("form");
  const wrong: readonly (readonly [url: string, reason: string, advice: string])[] = [
    [desk.ordersUrl.replace("/mcp", "/nothing"), "There is no server at its address.", "there is no MCP server at this path"],
    [desk.siteUrl, "What answers there is not an MCP server.", "Check the address"],
    ["https://nowhere.invalid/mcp", "There is no server at its address.", "Check the spelling of the host's name."],
    [`http://127.0.0.1:${await freePort()}/mcp`, "There is no server at its address.", "Start the server, or check the port"],
    ["http://192.168.7.7/mcp", "It cannot be reached.", "network.allowPrivate"],
  ];
  for (const [url, reason, advice] of wrong) {
    await page.getByLabel("Server URL").fill(url);
    await testIt(form);
    await is(form, "Disconnected").waitFor();
    await form.getByText(reason).waitFor();
    await form.getByText(advice).waitFor();
  }
  await picture(page, "failures-1-form");
  await page.getByLabel("Server URL").fill("not an address");
  await testIt(form);
  await form
    .getByText(/address/)
    .first()
    .waitFor();
  await page.getByLabel("Server URL").fill(desk.ordersUrl);
  await testIt(form);
  await form.getByText("Connected over Streamable HTTP").waitFor();
  expect(faults).toEqual([]);
});

test("a green card turns at once, says why and since when, and turns green once it is mended", async () => {
  const desk = await openStaffedDesk(browser);
  const { page, go, api, faults } = desk.admin;
  const gateway = await openGateway(desk.ordersUrl);
  expect((await api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: gateway.url, connectTimeoutMs: 1000 })).status).toBe(201);
  await go("/tools");
  const card = page.getByRole("article", { name: "Orders" });
  await is(card, "Connected").waitFor();

  const trouble: readonly (readonly [does: Gateway["does"], reason: string, advice: RegExp])[] = [
    [{ status: 401 }, "It refuses our credentials.", /Set the headers that its documentation names/],
    [{ status: 403 }, "It refuses our credentials.", /Set the headers that its documentation names/],
    [{ status: 404 }, "There is no server at its address.", /Check the path of the address/],
    [{ status: 503 }, "It does not keep to the protocol.", /Read its log, or try again later/],
    [{ isSilent: true }, "It cannot be reached.", /Check that the server is up/],
  ];
  for (const [does, reason, advice] of trouble) {
    gateway.does = does;
    await testIt(card);
    await is(card, "Disconnected").waitFor();
    await card.getByText(reason).waitFor();
    await card.getByText(advice).waitFor();
    await card.getByText(/checked (now|\d+ sec)/).waitFor();
    await picture(page, `failures-2-card-${does.status ?? "silent"}`);
    gateway.does = {};
    await testIt(card);
    await is(card, "Connected").waitFor();
    expect(await card.getByText(reason).count()).toBe(0);
  }

  await gateway.stop();
  await testIt(card);
  await is(card, "Disconnected").waitFor();
  await card.getByText("Start the server, or check the port of the address.").waitFor();
  await gateway.startAgain();
  await testIt(card);
  await is(card, "Connected").waitFor();

  gateway.does = { key: "the right key" };
  await testIt(card);
  await is(card, "Disconnected").waitFor();
  await card.getByRole("link", { name: "Orders" }).click();
  await giveKey(page, "a wrong key");
  await is(page.locator(".server-head"), "Disconnected").waitFor();
  await page.locator(".server-found").getByText("It refuses our credentials.").waitFor();
  await picture(page, "failures-3-wrong-key");
  await giveKey(page, "the right key");
  await is(page.locator(".server-head"), "Connected").waitFor();
  await picture(page, "failures-4-right-key");
  expect(faults).toEqual([]);
});

async function giveKey(page: Page, key: string): Promise<void> {
  await page.getByLabel("Authentication").selectOption("Headers or API key");
  const add = button(page, "Add header");
  const name = page.getByRole("textbox", { name: "Name", exact: true });
  if ((await name.count()) === 0) await add.click();
  if (await name.first().isEditable()) await name.first().fill("X-Api-Key");
  await page.getByLabel("Value").first().fill(key);
  await button(page, "Save").click();
  await page.getByRole("heading", { name: /^Orders is saved\./ }).waitFor();
  await expect.poll(() => button(page, "Save").isDisabled()).toBe(true);
}
