/** What the console's pages of a server ask for besides its settings. */
import { expect, test } from "vitest";
import { scripted, serversApi } from "./mcp-servers-harness.ts";

test("a server is answered with all that its pages draw", async () => {
  const [{ admin }, { url }] = [await serversApi(), await scripted()];
  const icon = "https://pictures.example/orders.png";
  await admin("POST", "/mcp-servers", { key: "orders", name: "Orders", url, icon });
  const { json } = await admin("GET", "/mcp-servers/orders");
  expect(json).toMatchObject({
    key: "orders",
    icon,
    mayManage: true,
    shares: { people: 0, groups: 0 },
    firstTools: [{ name: "act", title: "act", enabled: true }],
  });
});

test("what hangs on a server is known before it is deleted, to those who may delete it", async () => {
  const [{ admin, as }, { url }] = [await serversApi(), await scripted()];
  await admin("POST", "/mcp-servers", { key: "orders", url, access: "everyone" });
  expect((await admin("GET", "/mcp-servers/orders/deletion")).json).toEqual({ assistants: [], signIns: 0, shares: 0 });
  expect((await as("owner", "GET", "/mcp-servers/orders/deletion")).status).toBe(403);
  expect((await admin("GET", "/mcp-servers/nothing/deletion")).status).toBe(404);
});

test("the address that sign-ins come back to is known before the first of them", async () => {
  const { as } = await serversApi();
  expect((await as("owner", "GET", "/mcp-servers/oauth-client")).json).toEqual({ redirectUrl: "https://desk.example/oauth/callback" });
  expect((await as("support", "GET", "/mcp-servers/oauth-client")).status).toBe(403);
});
