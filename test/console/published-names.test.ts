/** A call of a published server that waits for the team: it has that server's name wherever it stands, and leads there. */
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { expect, onTestFinished, test } from "vitest";
import { type Desk, startDesk } from "./stage/desk.ts";
import { startOrders } from "./stage/peers.ts";
import { openConsole } from "./stage/tab.ts";

/** Somebody's client asks for a refund, and the team has to decide. */
async function waitingRefund(): Promise<{ readonly desk: Desk; readonly id: string }> {
  const desk = await startDesk();
  const { api } = desk.admin;
  await api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: await startOrders() });
  await api("POST", "/mcp-servers/orders/test");
  const { id } = await api<{ id: string }>("POST", "/published-servers", {
    name: "Shop tools",
    tools: [{ source: "mcp", server: "orders", name: "refund_order", permission: "needs_approval", approver: "staff" }],
  });
  const { key } = await api<{ key: string }>("POST", `/published-servers/${id}/keys`, { name: "CI" });
  const client = new Client({ name: "cursor-vscode", version: "1.7" });
  const requestInit = { headers: { Authorization: `Bearer ${key}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${desk.url}/mcp/${id}`), { requestInit }));
  const call = client.callTool({ name: "refund_order", arguments: { orderId: "1042", amount: 100 } }).catch(() => undefined);
  onTestFinished(async () => {
    await client.close();
    await call;
  });
  await expect
    .poll(async () => (await api<{ items: readonly unknown[] }>("GET", "/approvals?approver=staff")).items.length, { timeout: 20_000 })
    .toBe(1);
  return { desk, id };
}

test("an admin reads the published server's name, and comes to it", async () => {
  const { desk, id } = await waitingRefund();
  const address = `/console/published-servers/${id}`;
  const page = await openConsole(desk, "/");
  expect(await page.getByRole("link", { name: "for Shop tools" }).getAttribute("href")).toBe(address);
  await page.goto(`${desk.url}/console/approvals`);
  expect(await page.getByRole("link", { name: "for Shop tools" }).getAttribute("href")).toBe(address);
  await page.getByRole("link", { name: "Open the conversation" }).click();
  await page.getByText("with Shop tools").waitFor();
  await page.getByRole("tab", { name: "Details" }).click();
  expect(await page.getByRole("link", { name: "Shop tools", exact: true }).getAttribute("href")).toBe(address);
  expect(await page.getByText(`published/${id}`).count()).toBe(0);
});

test("support, who may not see published servers, reads that clients of one ask", async () => {
  const { desk, id } = await waitingRefund();
  const page = await openConsole(desk, "/approvals", { who: await desk.person("Sam", ["support"]) });
  await page.getByText("for MCP clients").waitFor();
  await page.goto(`${desk.url}/console/inbox`);
  await page.getByText("MCP clients").first().waitFor();
  expect(await page.getByText(`published/${id}`).count()).toBe(0);
});
