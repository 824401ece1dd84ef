/** Lists that are searched, and go on from page to page. */
import { describe, expect, it } from "vitest";
import { result, tool } from "../../support/mcp-scripted-server.ts";
import { ADA, OLIVE, openRegistry, OTIS, SAM, shopInput } from "../../setup/assistants-harness.ts";
import { assistant } from "../../support/desk-assistant.ts";
import { scripted, serversApi } from "./mcp-servers-harness.ts";

const ofFile = (key: string, name: string) => assistant({ key, name, allowedOrigins: ["https://shop.example"] });

describe("assistants, page by page", () => {
  async function several() {
    const registry = await openRegistry([ofFile("bdeclared", "Of the file"), ofFile("zdeclared", "Last")]);
    const make = (who: typeof ADA, key: string, name: string) => registry.assistants.create(who, shopInput({ key, name }));
    for (const [who, key, name] of [
      [OLIVE, "a", "First shop"],
      [OTIS, "c", "Second shop"],
      [OLIVE, "d", "Help desk"],
      [OLIVE, "e", "Third SHOP"],
    ] as const)
      await make(who, key, name);
    const keys = async (who: typeof ADA, options: object = {}) =>
      (await registry.assistants.list(who, { limit: 100, ...options })).map(({ key }) => key);
    return { ...registry, keys };
  }

  it("are one's own and the file's, in one order; admins and support see all", async () => {
    const { keys } = await several();
    expect(await keys(OLIVE)).toEqual(["a", "bdeclared", "d", "e", "zdeclared"]);
    expect(await keys(OLIVE, { limit: 2 })).toEqual(["a", "bdeclared"]);
    expect(await keys(OLIVE, { limit: 2, after: "bdeclared" })).toEqual(["d", "e"]);
    for (const who of [ADA, SAM]) expect(await keys(who, { limit: 4 })).toEqual(["a", "bdeclared", "c", "d"]);
  });

  it("are found by a part of the name or key, by those who may see them", async () => {
    const { keys } = await several();
    expect(await keys(ADA, { q: "shop" })).toEqual(["a", "c", "e"]);
    expect(await keys(OLIVE, { q: "sHoP" })).toEqual(["a", "e"]);
    expect(await keys(OLIVE, { q: "declared" })).toEqual(["bdeclared", "zdeclared"]);
    expect(await keys(OLIVE, { q: "second" })).toEqual([]);
  });

  it("that cannot be read do not make a page short", async () => {
    const { keys, documents } = await several();
    for (const id of ["a", "c"]) await documents.write([{ do: "replace", kind: "assistant", id, body: { broken: true } }], { at: 1 });
    expect(await keys(ADA, { limit: 3, after: "" })).toEqual(["bdeclared", "d", "e"]);
  });
});

const ICON = `data:image/png;base64,${Buffer.from("png").toString("base64")}`;

describe("servers and tools, page by page", () => {
  async function desk() {
    const api = await serversApi();
    for (const [key, name, tools] of [
      ["crm", "Customers", ["find", "forget"]],
      ["orders", "Order desk", ["cancel_order", "find_order", "refund"]],
    ] as const) {
      const serverInfo = { name: "Of somebody", version: "2", icons: [{ src: "https://evil.example/a.png" }, { src: ICON }] };
      const server = await scripted({
        initialize: result({ protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo }),
        "tools/list": result({ tools: tools.map((one) => tool(one)) }),
      });
      await api.admin("POST", "/mcp-servers", { key, name, url: server.url });
    }
    return api;
  }
  const items = (json: Record<string, unknown>) => json["items"] as Record<string, unknown>[];

  it("a server's card has all that it draws", async () => {
    const { admin } = await desk();
    await admin("PATCH", "/mcp-servers/orders/tools/refund", { enabled: false });
    const { json } = await admin("GET", "/mcp-servers?q=DESK");
    expect(items(json)).toMatchObject([
      {
        key: "orders",
        status: { status: "connected", since: expect.any(Number), checkedAt: expect.any(Number), transport: "streamable-http" },
        auth: { kind: "none" },
        access: "restricted",
        icon: ICON,
        shares: { people: 0, groups: 0 },
        mayManage: true,
        tools: { total: 3, enabled: 2 },
        firstTools: [
          { name: "cancel_order", title: "cancel_order", enabled: true },
          { name: "find_order" },
          { name: "refund", enabled: false },
        ],
      },
    ]);
  });

  it("the tools of all servers are one list, by server and name, of what one may use", async () => {
    const { admin, as } = await desk();
    const names = (json: Record<string, unknown>) => items(json).map(({ server, name }) => `${String(server)}/${String(name)}`);
    const first = await admin("GET", "/mcp-tools?limit=3");
    expect(names(first.json)).toEqual(["crm/find", "crm/forget", "orders/cancel_order"]);
    const second = await admin("GET", `/mcp-tools?limit=3&cursor=${String(first.json["next"])}`);
    expect(names(second.json)).toEqual(["orders/find_order", "orders/refund"]);
    expect(second.json["next"]).toBeUndefined();
    expect(names((await admin("GET", "/mcp-tools?q=FIND")).json)).toEqual(["crm/find", "orders/find_order"]);
    expect(names((await admin("GET", "/mcp-tools?server=crm&state=accepted")).json)).toEqual(["crm/find", "crm/forget"]);
    expect(names((await as("owner", "GET", "/mcp-tools")).json)).toEqual([]);
  });

  it("the tools of one server too", async () => {
    const { admin } = await desk();
    const first = await admin("GET", "/mcp-servers/orders/tools?limit=2");
    expect(items(first.json).map(({ name }) => name)).toEqual(["cancel_order", "find_order"]);
    const rest = await admin("GET", `/mcp-servers/orders/tools?limit=2&cursor=${String(first.json["next"])}`);
    expect(items(rest.json)).toMatchObject([{ name: "refund", modelName: "orders__refund", parameters: expect.any(Object) }]);
    expect(items((await admin("GET", "/mcp-servers/orders/tools?q=order&state=new")).json)).toEqual([]);
  });
});
