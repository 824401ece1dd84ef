/** Keys of published servers, connecting a client, a test by hand, and the execution log in the console. */
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { type Desk, startDesk } from "./stage/desk.ts";
import { startOrders } from "./stage/peers.ts";
import { picture } from "./stage/picture.ts";
import { expectSound } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

interface Shop {
  readonly desk: Desk;
  readonly id: string;
  readonly url: string;
}

async function shop(tools: readonly object[] = [{ name: "lookup_order" }]): Promise<Shop> {
  const desk = await startDesk();
  const { api } = desk.admin;
  await api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: await startOrders() });
  await api("POST", "/mcp-servers/orders/test");
  const offered = tools.map((tool) => ({ source: "mcp", server: "orders", ...tool }));
  const { id } = await api<{ id: string }>("POST", "/published-servers", { name: "Lull & Söhne", tools: offered });
  return { desk, id, url: `${desk.url}/mcp/${id}` };
}

async function connect(url: string, key: string, name = "cursor-vscode"): Promise<Client> {
  const client = new Client({ name, version: "1.7" });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { Authorization: `Bearer ${key}` } } }));
  onTestFinished(() => client.close());
  return client;
}

const keyShown = (page: Page): Promise<string> => page.getByRole("textbox", { name: "Key", exact: true }).innerText();
const item = async (page: Page, more: string, entry: string): Promise<void> => {
  await page.getByRole("button", { name: more }).click();
  await page.getByRole("menuitem", { name: entry }).click();
};

test("a key is shown once, stands in the instructions until the page is left, is made anew with an overlap, and revoked", async () => {
  const { desk, id, url } = await shop();
  const page = await openConsole(desk, `/published-servers/${id}/keys`);
  await page.getByRole("heading", { name: "No key yet" }).waitFor();
  await page.getByRole("button", { name: "New key" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("Margaret's Cursor");
  await page.keyboard.press("Enter");
  const key = await keyShown(page);
  expect(key).toMatch(/^fdp_/);
  await expectSound(page);
  await picture(page, "published-key-1440");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Back to the key" }).click();
  await page.getByRole("button", { name: "Connect a client with it" }).click();
  await page.getByRole("tab", { name: "Cursor" }).click();
  const text = await page.getByRole("textbox", { name: "For Cursor" }).innerText();
  expect(JSON.parse(text)).toEqual({ mcpServers: { "lull-sohne": { url, headers: { Authorization: `Bearer ${key}` } } } });
  await expectSound(page);
  await picture(page, "published-connect-1440");

  // Nobody has copied it.
  await page.getByRole("tab", { name: "Keys" }).click();
  await page.getByRole("button", { name: "Close without it" }).click();
  await page.getByRole("row").filter({ hasText: "Margaret's Cursor" }).getByText("never", { exact: true }).waitFor();
  expect(await page.content()).not.toContain(key);

  const client = await connect(url, key);
  await client.callTool({ name: "lookup_order", arguments: { orderId: "1042" } });
  await page.reload();
  const row = page.getByRole("row").filter({ hasText: "Margaret's Cursor" });
  await row.getByText("cursor-vscode 1.7").waitFor();
  await expectSound(page);
  await picture(page, "published-keys-1440");

  await item(page, "More for Margaret's Cursor", "Make it anew …");
  await page.getByRole("combobox", { name: "The present key" }).selectOption("stays good for an hour");
  await page.getByRole("button", { name: "Make a new key" }).click();
  const next = await keyShown(page);
  expect(next).not.toBe(key);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Close without it" }).click();
  await row.getByText("the one before is good until").waitFor();
  await (await connect(url, next)).listTools();
  await (await connect(url, key)).listTools();

  await item(page, "More for Margaret's Cursor", "Revoke …");
  await page.getByRole("dialog").getByText("cursor-vscode 1.7 used it").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("heading", { name: "No key yet" }).waitFor();
  await expect(connect(url, next)).rejects.toThrow();
});

test("each client's text has the address and the key in the format of that client, and the key is in none without being made", async () => {
  const { desk, id, url } = await shop();
  const page = await openConsole(desk, `/published-servers/${id}/connect`);
  const textOf = async (client: string): Promise<string> => {
    await page.getByRole("tab", { name: client, exact: true }).click();
    return page.getByRole("textbox", { name: `For ${client}` }).innerText();
  };
  expect(await textOf("VS Code")).toContain("Bearer YOUR_KEY");
  await page.getByRole("button", { name: "Make a key" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("CI");
  await page.keyboard.press("Enter");
  const key = await keyShown(page);
  const headers = { Authorization: `Bearer ${key}` };
  expect(JSON.parse(await textOf("VS Code"))).toEqual({ servers: { "lull-sohne": { type: "http", url, headers } } });
  expect(JSON.parse(await textOf("Cursor"))).toEqual({ mcpServers: { "lull-sohne": { url, headers } } });
  expect(JSON.parse(await textOf("Claude"))).toEqual({
    mcpServers: {
      "lull-sohne": {
        command: "npx",
        args: ["-y", "mcp-remote", url, "--header", "Authorization:${AUTH_HEADER}"],
        env: { AUTH_HEADER: `Bearer ${key}` },
      },
    },
  });
  const header = `--header "Authorization: Bearer ${key}"`;
  expect(await textOf("Claude Code")).toBe(`claude mcp add --transport http lull-sohne ${url} ${header}`);
  expect(await textOf("Gemini CLI")).toBe(`gemini mcp add --scope user --transport http lull-sohne ${url} ${header}`);
  expect(await textOf("Inspector")).toBe(
    `npx @modelcontextprotocol/inspector@2 --cli ${url} --transport http ${header} --method tools/list`,
  );
  expect(await textOf("Other")).toBe(`${url}\n\nAuthorization: Bearer ${key}\nX-API-Key: ${key}`);
  await page.getByText("either of the two headers").waitFor();
  expect(await page.getByText("In a terminal:").count()).toBe(0);
  await page.getByText("Or sign in:").waitFor();
  // Its sign-in is refused, so it is not spoken of.
  await page.getByRole("tab", { name: "Cursor" }).click();
  await page.getByText("Into mcp.json:").waitFor();
  expect(await page.getByText("Or sign in:").count()).toBe(0);
  // It signs in and has no place for a key.
  await page.getByRole("tab", { name: "ChatGPT" }).click();
  await page.getByText("It signs in and takes no key.").waitFor();
  expect(await page.getByRole("tabpanel").innerText()).not.toContain(key);
  await expectSound(page);
  await page.getByRole("button", { name: "Hide it" }).click();
  await page.getByRole("button", { name: "Close without it" }).click();
  expect(await textOf("Cursor")).not.toContain(key);
});

test("Connect says what is missing, who was not let in and why, and by itself when a client connects, lists and calls", async () => {
  const { desk, id, url } = await shop([{ name: "lookup_order", active: false }]);
  const page = await openConsole(desk, `/published-servers/${id}/connect`);
  await page.getByText("No tool is on").waitFor();
  await page.getByText("There is no key.").waitFor();
  await fetch(url, { method: "POST", headers: { Authorization: "Bearer wrong" } });
  await page.getByText("was not let in. Its client was told: “This key is wrong.").waitFor();
  await expectSound(page);
  await picture(page, "published-advice-1440");
  await page.getByRole("button", { name: "Make a key" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("CI");
  await page.keyboard.press("Enter");
  const client = await connect(url, await keyShown(page));
  await page.getByRole("button", { name: "Copy: For Claude Code" }).waitFor();
  const tools = [{ source: "mcp", server: "orders", name: "lookup_order" }];
  await desk.admin.api("PATCH", `/published-servers/${id}`, { tools }, await desk.admin.versionOf(`/published-servers/${id}`));
  await client.listTools();
  await page.getByText(/Read the list of tools\s*· for the first time/).waitFor();
  await client.callTool({ name: "lookup_order", arguments: { orderId: "1042" } });
  await page.getByText("Last: lookup_order, by cursor-vscode 1.7").waitFor();
  await page.getByText(/Called a tool\s*· for the first time/).waitFor();
  expect(await page.getByText("Nothing has come yet").count()).toBe(0);
  await expectSound(page);
  await picture(page, "published-came-1440");
});

test("a test shows what a client would read, and the log has it as a test; filters, details and the file", async () => {
  const { desk, id, url } = await shop([{ name: "lookup_order" }, { name: "refund_order", permission: "needs_approval" }]);
  const page = await openConsole(desk, `/published-servers/${id}/test`);
  await page.getByRole("textbox", { name: /order/i }).first().fill("1042");
  await page.getByRole("button", { name: "Call the tool" }).press("Enter");
  await page.getByText("Done", { exact: true }).waitFor();
  await page.getByText("Request and response").click();
  await page.getByRole("group", { name: "Request" }).getByText("tools/call").waitFor();
  await expectSound(page);
  await picture(page, "published-test-1440");
  await page.getByRole("combobox", { name: "Tool" }).selectOption("refund_order");
  await page.getByText("It needs approval").waitFor();
  expect(await page.getByText("Done", { exact: true }).count()).toBe(0);

  const { key } = await desk.admin.api<{ key: string }>("POST", `/published-servers/${id}/keys`, { name: "CI" });
  const client = await connect(url, key, "claude-code");
  await client.callTool({ name: "lookup_order", arguments: { orderId: "1042" } });
  await client.callTool({ name: "lookup_order", arguments: {} });
  await page.getByRole("tab", { name: "Execution log" }).click();
  const grid = page.getByRole("grid");
  await grid.getByText("Refused").waitFor();
  expect(await grid.getByRole("row").count()).toBe(4);
  await grid.getByText("Test", { exact: true }).waitFor();
  await expectSound(page);
  await page.getByRole("combobox", { name: "Outcome" }).selectOption("Refused");
  await expect.poll(() => grid.getByRole("row").count()).toBe(2);
  await page.getByRole("link", { name: "lookup_order, Refused" }).press("Enter");
  const details = page.getByRole("complementary", { name: "lookup_order, Refused" });
  await details.getByText("claude-code 1.7").waitFor();
  await details.getByText("The arguments do not fit").first().waitFor();
  await expectSound(page);
  await picture(page, "published-log-1440");
  await details.getByRole("link", { name: "Close" }).click();
  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect.poll(() => page.getByRole("combobox", { name: "Outcome" }).inputValue()).toBe("");
  await page.getByRole("combobox", { name: "Key", exact: true }).selectOption("Tests by hand");
  await expect.poll(() => grid.getByRole("row").count()).toBe(2);
  const downloading = page.waitForEvent("download");
  await item(page, "Export", "Export as CSV");
  expect((await downloading).suggestedFilename()).toBe("execution-log.csv");
  // What the usage says is what the log has of the key, without tests.
  await page
    .getByRole("table")
    .getByRole("row", { name: /CI 2 1 claude-code/ })
    .waitFor();
});

test("an owner sees their own published servers only, and support sees none", async () => {
  const { desk, id } = await shop();
  const owner = await desk.person("Olga", ["owner"]);
  const page = await openConsole(desk, "/published-servers", { who: owner });
  await page.getByText("Nothing is published yet").waitFor();
  await page.goto(`${desk.url}/console/published-servers/${id}`);
  await page.getByRole("heading", { name: "This is not here" }).or(page.getByRole("alert")).first().waitFor();
  const support = await desk.person("Sam", ["support"]);
  const other = await openConsole(desk, "/published-servers", { who: support });
  await other.getByText("You may not see this").waitFor();
  expect(await other.getByRole("link", { name: "Published servers" }).count()).toBe(0);
});
