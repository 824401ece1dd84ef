import { describe, expect, it } from "vitest";
import { InvalidError } from "../../server/foundation/invalid-error.ts";
import { ADA, API_KEY, OLIVE, openRegistry, OTIS, type Registry, SAM, shopInput } from "./assistants-harness.ts";

const ALL: { readonly before: number | undefined; readonly limit: number } = { before: undefined, limit: 50 };

async function openShop(change: object = {}): Promise<Registry> {
  const registry = await openRegistry();
  await registry.assistants.create(OLIVE, shopInput(change));
  return registry;
}

/** As a server wrote it that knew no versions. */
async function openOldShop(): Promise<Registry> {
  const registry = await openShop();
  const { documents } = registry;
  const found = (await documents.get("assistant", "shop", 9_999))!;
  const { version: _version, ...body } = found.body as { version: number };
  await documents.write(
    [
      { do: "delete-children", kind: "assistant-version", parent: "shop" },
      { do: "delete-children", kind: "assistant-settings", parent: "shop" },
      { do: "replace", kind: "assistant", id: "shop", body },
    ],
    { at: 2_000 },
  );
  return registry;
}

const numbers = async ({ versions }: Registry, page = ALL) => (await versions.list(OLIVE, "shop", page)).map(({ number }) => number);

describe("versions", () => {
  it("are made by everything that is published, and tell who, what and why", async () => {
    const registry = await openShop();
    await registry.assistants.update(ADA, "shop", { prompt: "Two.", model: { apiKey: "sk-other" } }, 1);
    const draft = await registry.drafts.get(OLIVE, "shop");
    const changed = await registry.drafts.update(OLIVE, "shop", { trace: "full" }, draft.version);
    await registry.drafts.publish(OLIVE, "shop", "See more", changed.version);
    expect(await registry.versions.list(OLIVE, "shop", ALL)).toEqual([
      { number: 3, at: expect.any(Number), by: expect.objectContaining({ id: "olive" }), note: "See more", changed: ["/trace"] },
      { number: 2, at: expect.any(Number), by: expect.objectContaining({ id: "ada" }), changed: ["/prompt", "/model/apiKey"] },
      { number: 1, at: expect.any(Number), by: expect.objectContaining({ id: "olive" }), changed: [] },
    ]);
    const second = await registry.versions.get(SAM, "shop", 2);
    expect(second).toMatchObject({ number: 2, settings: { prompt: "Two.", trace: "summary", model: { apiKeySet: true } } });
    expect(JSON.stringify(second)).not.toContain("sk-");
    await expect(registry.versions.get(SAM, "shop", 4)).rejects.toMatchObject({ code: "not-found" });
  });

  it("are not made by what publishes nothing", async () => {
    const registry = await openShop();
    await registry.assistants.update(ADA, "shop", { name: "Shop" }, 1);
    await registry.assistants.update(ADA, "shop", { owner: "otis" }, 2);
    expect((await registry.assistants.get(ADA, "shop")).value).toMatchObject({ version: 1, owner: { id: "otis" } });
    expect((await registry.versions.list(ADA, "shop", ALL)).map(({ number }) => number)).toEqual([1]);
  });

  it("are listed newest first, page by page", async () => {
    const registry = await openShop();
    for (let index = 1; index < 12; index += 1) await registry.assistants.update(OLIVE, "shop", { name: `Shop ${index}` }, index);
    expect(await numbers(registry)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(await numbers(registry, { before: undefined, limit: 2 })).toEqual([12, 11]);
    expect(await numbers(registry, { before: 11, limit: 2 })).toEqual([10, 9]);
    expect(await numbers(registry, { before: 1, limit: 2 })).toEqual([]);
  });

  it("are of those who may see the assistant", async () => {
    const registry = await openShop();
    await expect(registry.versions.list(OTIS, "shop", ALL)).rejects.toMatchObject({ code: "not-found" });
    await expect(registry.versions.get(OTIS, "shop", 1)).rejects.toMatchObject({ code: "not-found" });
    await expect(registry.versions.restore(SAM, "shop", { number: 1 }, 1)).rejects.toMatchObject({ code: "forbidden" });
  });

  it("begin with what an older server left, whoever made it, and keep that", async () => {
    const registry = await openOldShop();
    expect(await registry.versions.list(OLIVE, "shop", ALL)).toEqual([{ number: 1, at: 2_000, changed: [] }]);
    expect(await registry.versions.get(OLIVE, "shop", 1)).toMatchObject({ settings: { name: "Shop", model: { apiKeySet: true } } });
    expect(registry.live.find("shop")?.version).toBe(1);
    await registry.assistants.update(ADA, "shop", { owner: "otis" }, 2);
    expect((await registry.versions.list(ADA, "shop", ALL)).map(({ number }) => number)).toEqual([1]);
    await registry.assistants.update(ADA, "shop", { name: "Second" }, 3);
    expect((await registry.versions.list(ADA, "shop", ALL)).map(({ number }) => number)).toEqual([2, 1]);
    expect((await registry.versions.get(ADA, "shop", 1)).settings.name).toBe("Shop");
    expect((await registry.versions.restore(ADA, "shop", { number: 1 }, 4)).value).toMatchObject({ name: "Shop", version: 3 });
  });
});

describe("going back to a version", () => {
  it("publishes exactly its settings as a new version, with a draft or without", async () => {
    const registry = await openShop({ greeting: "Hello", starters: ["One"] });
    const first = (await registry.versions.get(OLIVE, "shop", 1)).settings;
    await registry.assistants.update(OLIVE, "shop", { greeting: null, careful: true, starters: [], limits: { messagesPerMinute: 1 } }, 1);
    const { version } = await registry.drafts.get(OLIVE, "shop");
    await registry.drafts.update(OLIVE, "shop", { name: "Draft" }, version);
    const { value } = await registry.versions.restore(OLIVE, "shop", { number: 1, note: "Back" }, 2);
    expect(value).toMatchObject({ version: 3, hasDraft: true });
    expect((await registry.versions.get(OLIVE, "shop", 3)).settings).toEqual(first);
    expect((await registry.versions.list(OLIVE, "shop", ALL))[0]).toMatchObject({ number: 3, restored: 1, note: "Back" });
    expect((await registry.documents.listAudit({ limit: 1, filter: {} }))[0]).toMatchObject({ action: "assistant.restore" });
    expect(registry.live.find("shop")?.model.apiKey).toBe(API_KEY);
  });

  it("leaves the chat where it is if the websites that are allowed now are kept", async () => {
    const registry = await openShop({ allowedOrigins: ["https://plates.example"], greeting: "Hello" });
    const allowedOrigins = ["https://mugs.example"];
    await registry.assistants.update(OLIVE, "shop", { greeting: "Hi", allowedOrigins }, 1);
    await registry.versions.restore(OLIVE, "shop", { number: 1, keepAllowedOrigins: true }, 2);
    expect(registry.live.find("shop")).toMatchObject({ greeting: "Hello", allowedOrigins });
    await registry.versions.restore(OLIVE, "shop", { number: 1 }, 3);
    expect(registry.live.find("shop")).toMatchObject({ greeting: "Hello", allowedOrigins: ["https://plates.example"] });
  });

  it("is refused to somebody who saw an earlier one published", async () => {
    const registry = await openShop();
    await registry.assistants.update(OLIVE, "shop", { name: "Two" }, 1);
    await expect(registry.versions.restore(ADA, "shop", { number: 1 }, 1)).rejects.toMatchObject({ reason: "changed" });
  });

  it("keeps the key as it is now at the same address, and needs it again at another one", async () => {
    const registry = await openShop();
    const moved = { baseUrl: "https://elsewhere.example/v1" };
    await registry.assistants.update(OLIVE, "shop", { name: "Two", model: { apiKey: "sk-renewed" } }, 1);
    await registry.versions.restore(OLIVE, "shop", { number: 1 }, 2);
    expect(registry.live.find("shop")?.model.apiKey).toBe("sk-renewed");
    await registry.assistants.update(OLIVE, "shop", { model: { ...moved, apiKey: "sk-elsewhere" } }, 3);
    await expect(registry.versions.restore(OLIVE, "shop", { number: 1 }, 4)).rejects.toThrow(InvalidError);
    expect(registry.live.find("shop")?.model).toMatchObject({ ...moved, apiKey: "sk-elsewhere" });
    await registry.versions.restore(OLIVE, "shop", { number: 1, apiKey: "sk-again" }, 4);
    expect(registry.live.find("shop")?.model).toMatchObject({ baseUrl: "https://models.example/v1", apiKey: "sk-again" });
    await registry.versions.restore(OLIVE, "shop", { number: 4, apiKey: null }, 5);
    expect(registry.live.find("shop")?.model).toMatchObject(moved);
    expect(registry.live.find("shop")?.model).not.toHaveProperty("apiKey");
  });
});
