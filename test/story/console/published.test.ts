/** An owner publishes tools, and a program that nobody here wrote uses them: as they all see it. */
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { launchBrowser } from "../../support/browser.ts";
import { result, scriptedServer, tool } from "../../support/mcp-scripted-server.ts";
import { focusFault, reach } from "./by-keyboard.ts";
import { openStaffedDesk, picture } from "./staffed-desk.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const REFUND = tool("refund", {
  title: "Refund order",
  inputSchema: { type: "object", properties: { order: { type: "string", title: "Order" } }, required: ["order"] },
});

test("an owner publishes a tool and makes a key, a client connects and calls, and what needs approval waits for the team", async () => {
  const desk = await openStaffedDesk(browser);
  const server = await scriptedServer({
    "tools/list": result({ tools: [REFUND] }),
    "tools/call": result({ content: [{ type: "text", text: "refunded" }] }),
  });
  onTestFinished(() => server.close());
  await desk.admin.api("POST", "/mcp-servers", { key: "shop", name: "Shop", url: server.url });
  await desk.admin.api("POST", "/mcp-servers/shop/test", {});
  const olga = await desk.member("Olga Owner", ["owner"]);
  const olive = await desk.member("Olive Stone", ["support"]);
  const shares = [{ grantee: { kind: "person", id: olga.id }, level: "use" }];
  const { tag } = await desk.admin.api("GET", "/mcp-servers/shop/shares");
  expect(await desk.admin.api("PUT", "/mcp-servers/shop/shares", { shares }, tag)).toMatchObject({ status: 200 });

  // She needs no pointer.
  const { page } = olga;
  await olga.go("/published-servers");
  await page.getByText("Nothing is published yet").waitFor();
  await reach(page, "New published server");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Refunds");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "No tools yet" }).waitFor();
  await reach(page, "Add tools");
  await page.keyboard.press("Enter");
  await page.getByRole("checkbox", { name: "Refund order" }).waitFor();
  await reach(page, "Refund order refund");
  expect(await focusFault(page)).toBeUndefined();
  await page.keyboard.press("Space");
  await reach(page, "Add 1 tool");
  await page.keyboard.press("Enter");
  await reach(page, "Save");
  await page.keyboard.press("Enter");
  await page.getByRole("row").filter({ hasText: "refund" }).getByText("Seen", { exact: true }).waitFor();
  await picture(page, "published-1-tools");

  await page.getByRole("tab", { name: "Connect" }).click();
  await page.getByText("There is no key.").waitFor();
  await page.getByRole("button", { name: "Make a key" }).press("Enter");
  await page.keyboard.type("Robot");
  await page.keyboard.press("Enter");
  const key = await page.getByRole("textbox", { name: "Key", exact: true }).innerText();
  const command = await page.getByRole("textbox", { name: "For Claude Code" }).innerText();
  const [, url = ""] = /--transport http refunds (\S+) --header "Authorization: Bearer fdp_\S+"$/.exec(command) ?? [];
  expect(command).toContain(key);
  await picture(page, "published-2-connect");

  const client = new Client({ name: "robot", version: "3.1" });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { Authorization: `Bearer ${key}` } } }));
  onTestFinished(() => client.close());
  const { tools } = await client.listTools();
  expect(tools).toMatchObject([{ name: "refund", title: "Refund order" }]);
  await page.getByText(/Read the list of tools\s*· for the first time/).waitFor();
  const call = client.callTool({ name: "refund", arguments: { order: "1042" } });

  await olive.go("/approvals");
  await olive.page.getByRole("article", { name: "Refund order" }).getByText("1042").first().waitFor();
  await picture(olive.page, "published-3-approval");
  const calls = () => server.requests.filter(({ message }) => message?.method === "tools/call").length;
  expect(calls()).toBe(0);
  await olive.page.getByRole("button", { name: "Approve", exact: true }).first().click();
  expect(await call).toMatchObject({ content: [{ type: "text", text: "refunded" }] });
  expect(calls()).toBe(1);

  await page.getByText("Last: refund, by robot 3.1").waitFor();
  await page.getByRole("link", { name: "Open the execution log" }).click();
  await page.getByRole("button", { name: "Close without it" }).click();
  await page.getByRole("link", { name: "refund, Done" }).press("Enter");
  const details = page.getByRole("complementary", { name: "refund, Done" });
  await details.getByText("robot 3.1").waitFor();
  await details.getByText("refunded").waitFor();
  await picture(page, "published-4-log");

  await page.getByRole("tab", { name: "Keys" }).click();
  await page.getByRole("button", { name: "More for Robot" }).click();
  await page.getByRole("menuitem", { name: "Revoke …" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("heading", { name: "No key yet" }).waitFor();
  await expect(client.callTool({ name: "refund", arguments: { order: "1043" } })).rejects.toThrow();
  expect(calls()).toBe(1);
  expect([...olga.faults, ...olive.faults]).toEqual([]);
});
