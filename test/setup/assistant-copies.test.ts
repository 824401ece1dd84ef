import { describe, expect, it } from "vitest";
import { ADA, API_KEY, connectorInput, OLIVE, openRegistry, OTIS, type Registry, shopInput } from "./assistants-harness.ts";
import { assistant } from "../support/desk-assistant.ts";

const { apiKey: _apiKey, ...model } = shopInput().model;
const DESK = assistant({ key: "desk", name: "Desk", model, connectors: [], allowedOrigins: ["https://desk.example"] });

async function openShop(): Promise<Registry> {
  const registry = await openRegistry([DESK]);
  await registry.assistants.create(OLIVE, shopInput());
  return registry;
}

describe("the key of a deleted assistant", () => {
  it("is for whoever owned it, and for an admin who says so", async () => {
    const registry = await openShop();
    const { assistants } = registry;
    await assistants.remove(ADA, "shop", 1);
    const refused = { code: "already-exists", detail: expect.stringMatching(/Shop of Olive, which was deleted/) };
    await expect(assistants.create(OTIS, shopInput())).rejects.toMatchObject(refused);
    await expect(assistants.create(OTIS, { ...shopInput(), reuseKey: true })).rejects.toMatchObject(refused);
    await expect(assistants.create(ADA, shopInput())).rejects.toMatchObject(refused);
    expect((await assistants.create(OLIVE, shopInput())).value).toMatchObject({ version: 2 });
    await assistants.remove(ADA, "shop", 1);
    expect((await assistants.create(ADA, { ...shopInput(), reuseKey: true })).value).toMatchObject({ version: 3, owner: { id: "ada" } });
    expect(await registry.versions.list(ADA, "shop", { before: undefined, limit: 9 })).toMatchObject([{ number: 3 }]);
  });

  it("goes with the draft, the versions and the previews, and leaves no secret", async () => {
    const registry = await openShop();
    const { version } = await registry.drafts.get(OLIVE, "shop");
    await registry.drafts.update(OLIVE, "shop", { name: "Draft" }, version);
    await registry.previews.open(OLIVE, "shop");
    await registry.assistants.remove(OLIVE, "shop", 1);
    for (const kind of ["assistant-draft", "assistant-version", "assistant-settings", "assistant-preview"] as const)
      expect(await registry.documents.list(kind, { limit: 9, now: 2_000 })).toEqual([]);
    await registry.assistants.create(OLIVE, shopInput());
    expect((await registry.drafts.get(OLIVE, "shop")).value).toMatchObject({ exists: false });
  });

  it("is kept also where conversations alone tell of it", async () => {
    const { assistants, held } = await openRegistry();
    held.set("shop", { total: 3, open: 0, waitingForApproval: 0 });
    await expect(assistants.create(OLIVE, shopInput())).rejects.toMatchObject({ code: "already-exists" });
    expect((await assistants.create(ADA, { ...shopInput(), reuseKey: true })).value.key).toBe("shop");
  });

  it("is told beforehand with what hangs on the assistant", async () => {
    const { assistants, connectors, held } = await openShop();
    await connectors.add(ADA, { assistant: "shop", server: "orders" }, connectorInput());
    held.set("shop", { total: 7, open: 2, waitingForApproval: 1, lastAt: 55 });
    expect((await assistants.deletion(OLIVE, "shop")).value).toEqual({
      key: "shop",
      name: "Shop",
      connectors: ["orders"],
      hasDraft: false,
      allowedOrigins: ["https://shop.example"],
      conversations: { total: 7, open: 2, waitingForApproval: 1 },
      lastSeen: 55,
    });
    await expect(assistants.deletion(OTIS, "shop")).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("a duplicate", () => {
  const wish = { key: "second", name: "Second" };

  it("of one's own assistant has its settings, its key and its connectors, and is audited", async () => {
    const registry = await openShop();
    const { copies, connectors, live, documents } = registry;
    registry.servers.get("orders")!.access = "everyone";
    const settings = connectorInput({ permissions: { refund: "always_allow" } });
    await connectors.add(OLIVE, { assistant: "shop", server: "orders" }, settings);
    const { value, leftOut } = await copies.duplicate(OLIVE, "shop", wish);
    expect(value).toMatchObject({ key: "second", name: "Second", prompt: "You help.", connectors: ["orders"], version: 1 });
    expect(leftOut).toEqual([]);
    const { key: _key, name: _name, ...copy } = live.find("second")!;
    expect(live.find("shop")).toMatchObject(copy);
    expect(copy.model.apiKey).toBe(API_KEY);
    const audit = await documents.listAudit({ limit: 2, filter: {} });
    expect(audit.map(({ action }) => action)).toEqual(["connector.create", "assistant.duplicate"]);
    expect(JSON.stringify(audit)).not.toContain(API_KEY);
  });

  it("of somebody else's has no key of theirs, and leaves out the servers that one may not use", async () => {
    const registry = await openShop();
    await registry.connectors.add(ADA, { assistant: "shop", server: "orders" }, connectorInput());
    const { leftOut } = await registry.copies.duplicate(OLIVE, "shop", wish);
    expect(leftOut).toEqual([{ server: "orders", reason: expect.stringContaining("orders") }]);
    await registry.copies.duplicate(ADA, "shop", { key: "third", name: "Third" });
    expect(registry.live.find("third")?.model).not.toHaveProperty("apiKey");
    await registry.copies.duplicate(ADA, "shop", { key: "fourth", name: "Fourth", apiKey: "sk-own" });
    expect(registry.live.find("fourth")?.model.apiKey).toBe("sk-own");
    await expect(registry.copies.duplicate(OTIS, "shop", { key: "fifth", name: "x" })).rejects.toMatchObject({ code: "not-found" });
    await expect(registry.copies.duplicate(OLIVE, "shop", { key: "third", name: "x" })).rejects.toMatchObject({ reason: "exists" });
  });

  it("says where a key is missing", async () => {
    const { assistants, copies } = await openShop();
    await assistants.update(OLIVE, "shop", { model: { provider: "openai", baseUrl: null, apiKey: "sk-openai" } }, 1);
    await expect(copies.duplicate(ADA, "shop", wish)).rejects.toMatchObject({ faults: [{ path: "/apiKey" }] });
  });

  it("may be of the file's assistants", async () => {
    const { copies } = await openShop();
    expect((await copies.duplicate(OTIS, "desk", wish)).value).toMatchObject({ source: "api", owner: { id: "otis" }, prompt: "You help." });
  });
});
