/** The console's pages of MCP servers: who may what, sign-ins, imports, and HTTP tools. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { tool } from "../support/mcp-scripted-server.ts";
import { startProvider } from "../support/oauth-process.ts";
import { startDesk } from "./stage/desk.ts";
import { peerWith } from "./stage/peers.ts";
import { expectSound, settled } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

const LOOKUP = tool("lookup", { title: "Look up an order" });

describe("sharing", () => {
  test("with people and groups, each with what they may do; undone by a press", async () => {
    const [desk, peer] = [await startDesk(), await peerWith([LOOKUP])];
    await desk.admin.api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: peer.url });
    await desk.admin.api("POST", "/groups", { name: "Order desk", description: "" });
    await desk.person("Grace", ["owner"]);
    const shares = () => desk.admin.api<{ generalAccess: string; shares: readonly object[] }>("GET", "/mcp-servers/orders/shares");
    const page = await openConsole(desk, "/tools/mcp-servers/orders");
    await page.getByRole("button", { name: "Share" }).click();
    await page.getByText("Shared with nobody by name").waitFor();
    await page.getByLabel("Add people or groups").fill("ORDER");
    await page.getByRole("button", { name: "Add Order desk" }).click();
    await page.getByText("Shared with Order desk.").waitFor();
    await page.getByLabel("Add people or groups").fill("gra");
    await page.getByRole("button", { name: "Add Grace" }).click();
    await page.getByLabel("What Grace may do").selectOption({ label: "may use, change and share it" });
    await expect.poll(async () => JSON.stringify((await shares()).shares)).toContain('"manage"');
    await page.getByText("Admins, Order desk and Grace").waitFor();
    await page.getByRole("button", { name: "Remove Order desk" }).click();
    await page.getByText("No longer shared with Order desk.").waitFor();
    expect((await shares()).shares).toHaveLength(1);
    await page.getByRole("button", { name: "Undo" }).last().click();
    await expect.poll(async () => (await shares()).shares.length).toBe(2);
    await page.getByLabel("All owners").check();
    await expect.poll(async () => (await shares()).generalAccess).toBe("everyone");
    await expectSound(page);
  });

  test("by the arrow keys and Enter alone", async () => {
    const [desk, peer] = [await startDesk(), await peerWith([LOOKUP])];
    await desk.admin.api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: peer.url });
    await desk.admin.api("POST", "/groups", { name: "Order desk", description: "" });
    await desk.admin.api("POST", "/groups", { name: "Order night", description: "" });
    const page = await openConsole(desk, "/tools/mcp-servers/orders/share");
    const words = page.getByLabel("Add people or groups");
    await words.fill("order");
    await page.getByRole("button", { name: "Add Order night" }).waitFor();
    for (const key of ["ArrowDown", "ArrowDown", "Enter"]) await page.keyboard.press(key);
    await page.getByText("Shared with Order night.").waitFor();
    await words.fill("order d");
    await page.getByRole("button", { name: "Add Order desk" }).waitFor();
    await words.press("Enter");
    await page.getByText("Shared with Order desk.").waitFor();
  });

  test("an owner sees what is shared with them, and may do what their share says", async () => {
    const [desk, peer] = [await startDesk(), await peerWith([LOOKUP])];
    const olive = await desk.person("Olive", ["owner"]);
    for (const key of ["used", "managed", "hidden"])
      await desk.admin.api("POST", "/mcp-servers", { key, name: key.toUpperCase(), url: peer.url });
    for (const [key, level] of [
      ["used", "use"],
      ["managed", "manage"],
    ] as const) {
      const shares = [{ grantee: { kind: "person", id: olive.id }, level }];
      await desk.admin.api("PUT", `/mcp-servers/${key}/shares`, { shares }, await desk.admin.versionOf(`/mcp-servers/${key}/shares`));
    }
    const page = await openConsole(desk, "/tools", { who: olive });
    await page.getByRole("article", { name: "MANAGED" }).waitFor();
    expect(await page.getByRole("article").count()).toBe(2);
    expect(await page.getByRole("button", { name: "New MCP server" }).count()).toBe(0);
    expect(await page.getByRole("article", { name: "USED" }).getByRole("button", { name: "Share" }).count()).toBe(0);
    await page.getByRole("article", { name: "USED" }).getByRole("link", { name: "USED" }).click();
    await page.getByText("It is shared with you to use.").waitFor();
    expect(await page.getByRole("button", { name: "Save" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: "Delete server" }).count()).toBe(0);
    await page.getByRole("button", { name: "Manage tools" }).click();
    expect(await page.getByRole("switch", { name: "On: Look up an order" }).isDisabled()).toBe(true);
    await page.goto(`${desk.url}/console/tools/mcp-servers/managed`);
    await page.getByLabel("Display name").fill("Mine now");
    await page.getByText("More settings").click();
    expect(await page.getByLabel("Trust what it says").isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "Mine now", exact: true }).waitFor();
    await page.goto(`${desk.url}/console/tools/mcp-servers/new`);
    await page.getByRole("heading", { name: "You may not see this" }).waitFor();
  });

  test("a shared account is connected in a window, and disconnected", async () => {
    const provider = await startProvider();
    onTestFinished(() => provider.stop());
    const desk = await startDesk();
    await desk.admin.api("POST", "/mcp-servers", { key: "mail", name: "Mail", url: provider.url, auth: { kind: "oauth" } });
    const page = await openConsole(desk, "/tools");
    await page.getByRole("article", { name: "Mail" }).getByText("Sign-in needed").waitFor();
    await page.goto(`${desk.url}/console/tools/mcp-servers/mail/share`);
    const opening = page.waitForEvent("popup");
    await page.getByRole("button", { name: "Connect shared account" }).click();
    const popup = await opening;
    await popup.getByRole("button", { name: "Allow" }).click();
    await popup.getByRole("button", { name: "Allow" }).click();
    await page.getByText("The shared account is connected.").waitFor();
    await page.getByText("Connected by Ada").waitFor();
    await page.getByRole("button", { name: "Sign in again" }).waitFor();
    await expectSound(page);
    await page.getByRole("button", { name: "Disconnect" }).click();
    await page.locator("dialog").getByRole("button", { name: "Disconnect" }).click();
    await page.getByText("Not connected").waitFor();
  });
});

test("servers of other products are shown before they are made, and given out without secrets", async () => {
  const [desk, peer] = [await startDesk(), await peerWith([LOOKUP])];
  await desk.admin.api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: peer.url, headers: { Authorization: "Bearer hush" } });
  const page = await openConsole(desk, "/tools/import");
  await page.getByLabel("Settings to import").fill("{");
  await page.getByRole("button", { name: "Show what would happen" }).click();
  await page.getByText("This is not JSON").waitFor();
  const document = { mcpServers: { orders: { url: peer.url }, mail: { url: peer.url }, local: { command: "npx" } } };
  await page.getByLabel("Settings to import").fill(JSON.stringify(document));
  await page.getByRole("button", { name: "Show what would happen" }).click();
  for (const outcome of ["Skipped", "Would be created", "Refused"]) await page.getByText(outcome, { exact: true }).waitFor();
  await expectSound(page);
  await page.getByLabel("Give an entry whose identifier").check();
  await page.getByRole("button", { name: "Show what would happen" }).click();
  await page.getByText("renamed", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Import 2 servers" }).click();
  await page.getByText("2 servers were imported.").waitFor();
  await page.getByRole("link", { name: "MCP servers" }).click();
  await page.getByRole("article", { name: "mail" }).waitFor();
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Export" }).click();
  const text = await page.getByRole("region", { name: "mcpServers" }).textContent();
  expect(Object.keys((JSON.parse(text ?? "") as { mcpServers: object }).mcpServers)).toHaveLength(3);
  expect(text).not.toContain("hush");
});

describe("an HTTP tool", () => {
  async function shop() {
    const asked: { readonly url: string | undefined; readonly authorization: string | undefined }[] = [];
    const server = createServer((request, response) => {
      asked.push({ url: request.url, authorization: request.headers.authorization });
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ status: "sent" }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  test("begins with a curl command, is saved and tried, and keeps its secret", async () => {
    const [desk, { url, asked }] = [await startDesk(), await shop()];
    const page = await openConsole(desk, "/tools/http-tools");
    await page.getByRole("button", { name: "New HTTP tool" }).first().click();
    await page
      .getByRole("textbox", { name: "Paste a curl command" })
      .fill(`curl ${url}/orders?page=2 -H 'Authorization: Bearer hush' --insecure`);
    await page.getByRole("button", { name: "Fill in the form" }).first().click();
    await page.getByText("The form is filled in.").waitFor();
    await page.getByText("Look at this").waitFor();
    await page.getByLabel("Name", { exact: true }).first().fill("order_list");
    await page.getByLabel("Description", { exact: true }).first().fill("Lists orders.");
    await expectSound(page);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "Try it" }).waitFor();
    await page.getByText("An assistant has it once “HTTP tools” is among its connectors.").waitFor();
    expect(await page.getByRole("link", { name: "Open Assistants" }).getAttribute("href")).toBe("/console/assistants");
    await page.getByRole("form", { name: "Try it" }).getByLabel("page").fill("2");
    await page.getByRole("button", { name: "Call the tool" }).click();
    await page.getByText("Done").waitFor();
    await expectSound(page);
    expect(asked.at(-1)).toEqual({ url: "/orders?page=2", authorization: "Bearer hush" });
    await page.getByLabel("Title").fill("All orders");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "All orders" }).waitFor();
    await desk.admin.api("POST", "/http-tools/order_list/try", { arguments: {} });
    expect(asked.at(-1)?.authorization).toBe("Bearer hush");
  });

  test("begins with an operation of an OpenAPI text; parameters are rows", async () => {
    const [desk, { url, asked }] = [await startDesk(), await shop()];
    const operation = (summary: string) => ({
      summary,
      operationId: summary.replaceAll(" ", "_").toLowerCase(),
      responses: { 200: { description: "ok" } },
    });
    const id = { name: "id", in: "path", required: true, schema: { type: "string" } };
    const paths = { "/orders": { get: operation("List orders") }, "/orders/{id}": { get: { ...operation("Read one"), parameters: [id] } } };
    const page = await openConsole(desk, "/tools/http-tools/new");
    await page.getByText("Paste an OpenAPI document").first().click();
    const document = { openapi: "3.1.0", info: { title: "Shop", version: "1" }, servers: [{ url }], paths };
    await page.getByRole("textbox", { name: "Paste an OpenAPI document" }).fill(JSON.stringify(document));
    await page.getByRole("button", { name: "Fill in the form" }).last().click();
    await page.getByLabel("Operation").selectOption({ label: "GET /orders/{id} Read one" });
    await page.getByText("The form is filled in.").waitFor();
    await page.getByRole("button", { name: "Add parameter", exact: true }).click();
    await page.keyboard.type("page");
    await page.keyboard.press("Tab");
    await page.getByRole("button", { name: "Remove parameter page" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "Try it" }).waitFor();
    await page.getByRole("form", { name: "Try it" }).getByLabel("id").fill("7");
    await page.keyboard.press("Enter");
    await page.getByText("Done").waitFor();
    expect(asked.at(-1)?.url).toBe("/orders/7");
  });
});

test("an owner with whom the HTTP tools are shared uses them, and changes nothing", async () => {
  const desk = await startDesk();
  const olive = await desk.person("Olive", ["owner"]);
  const parameters = { type: "object", properties: {} };
  const order = { name: "order", description: "One order.", method: "GET", url: "http://127.0.0.1:9/orders", parameters };
  await desk.admin.api("POST", "/http-tools", order);
  const page = await openConsole(desk, "/tools/http-tools", { who: olive });
  await page.getByText("none is shared with you").waitFor();
  const admin = await openConsole(desk, "/tools/http-tools");
  await admin.getByRole("button", { name: "Share" }).click();
  await admin.getByLabel("Add people or groups").fill("olive");
  await admin.getByRole("button", { name: "Add Olive" }).click();
  await admin.getByText("Shared with Olive.").waitFor();
  await expectSound(admin);
  await page.reload();
  await page.getByRole("link", { name: "order" }).click();
  await page.getByRole("heading", { name: "Try it" }).waitFor();
  expect(await page.getByRole("button", { name: "Save" }).count()).toBe(0);
  expect(await page.getByRole("button", { name: "Delete tool" }).count()).toBe(0);
  expect(await page.getByRole("button", { name: "Share" }).count()).toBe(0);
});

test.each([
  ["light", 390],
  ["dark", 390],
  ["dark", 1024],
] as const)("axe finds nothing, and nothing is wider than the page: %s, %i px", async (colorScheme, width) => {
  const [desk, peer] = [await startDesk(), await peerWith([LOOKUP])];
  await desk.admin.api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: peer.url, headers: { Authorization: "x" } });
  const page = await openConsole(desk, "/tools", { colorScheme, width });
  const pages = {
    "/tools": "Tools",
    "/tools/mcp-servers/new": "New MCP server",
    "/tools/mcp-servers/orders": "Orders",
    "/tools/mcp-servers/orders/tools": "Orders",
    "/tools/mcp-servers/orders/tools/lookup": "Look up an order",
    "/tools/mcp-servers/orders/share": "Orders",
    "/tools/import": "Import MCP servers",
    "/tools/http-tools": "Tools",
    "/tools/http-tools/new": "New HTTP tool",
  };
  for (const [path, heading] of Object.entries(pages)) {
    await page.goto(`${desk.url}/console${path}`);
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
    await settled(page);
    await expectSound(page);
  }
});

test("a server is set up with the keyboard alone", async () => {
  const [desk, peer] = [await startDesk(), await peerWith([LOOKUP])];
  const page = await openConsole(desk, "/");
  await page.getByRole("heading", { name: "Home" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  const button = page.getByRole("button", { name: "New MCP server" }).first();
  await button.waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
  for (let presses = 0; presses < 40 && (await focused()) !== "New MCP server"; presses++) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByLabel("Display name").waitFor();
  const field = () => page.evaluate(() => document.activeElement?.id);
  for (let presses = 0; presses < 40 && (await field()) !== "field-name"; presses++) await page.keyboard.press("Tab");
  await page.keyboard.type("Orders");
  for (let presses = 0; presses < 40 && (await field()) !== "field-url"; presses++) await page.keyboard.press("Tab");
  await page.keyboard.type(peer.url);
  await page.keyboard.press("Control+s");
  await page.getByRole("heading", { name: "Orders is saved. 1 tool" }).waitFor();
});
