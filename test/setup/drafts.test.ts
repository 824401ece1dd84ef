import { describe, expect, it } from "vitest";
import { InvalidError } from "../../server/foundation/invalid-error.ts";
import { OutdatedError } from "../../server/foundation/outdated-error.ts";
import { ADA, API_KEY, OLIVE, openRegistry, OTIS, type Registry, SAM, shopInput } from "./assistants-harness.ts";

async function openShop(change: object = {}): Promise<Registry> {
  const registry = await openRegistry();
  await registry.assistants.create(OLIVE, shopInput(change));
  return registry;
}

/** Changes the draft at whatever version it has. */
async function change({ drafts }: Registry, patch: Record<string, unknown>, staff = OLIVE) {
  const { version } = await drafts.get(staff, "shop");
  return drafts.update(staff, "shop", patch, version);
}

async function publish({ drafts }: Registry, note?: string) {
  const { version } = await drafts.get(OLIVE, "shop");
  return drafts.publish(OLIVE, "shop", note, version);
}

const faultsOf = (work: Promise<unknown>): Promise<readonly string[]> =>
  work.then(
    () => [],
    (error: unknown) => {
      if (error instanceof InvalidError || error instanceof OutdatedError) return error.faults.map(({ path }) => path);
      throw error;
    },
  );

describe("a draft", () => {
  it("is what is published until something is changed, and is seen by no conversation", async () => {
    const registry = await openShop();
    const none = await registry.drafts.get(OLIVE, "shop");
    expect(none.value).toMatchObject({ exists: false, basedOn: 1, published: 1, settings: { name: "Shop" }, fields: [] });
    expect(none.value).not.toHaveProperty("changedAt");
    const { value } = await change(registry, { prompt: "You sell.", limits: { messagesPerMinute: 3 } });
    expect(value).toMatchObject({
      exists: true,
      basedOn: 1,
      changedBy: { id: "olive", name: "Olive" },
      changedAt: expect.any(Number),
      settings: { prompt: "You sell.", limits: { messagesPerMinute: 3 }, model: { apiKeySet: true } },
      fields: [
        { path: "/limits/messagesPerMinute", changed: "draft", base: 20, draft: 3, published: 20 },
        { path: "/prompt", changed: "draft", base: "You help.", draft: "You sell.", published: "You help." },
      ],
    });
    expect(registry.live.find("shop")).toMatchObject({ prompt: "You help.", version: 1 });
    const [listed] = await registry.assistants.list(OLIVE, { limit: 10 });
    expect(listed).toMatchObject({ prompt: "You help.", hasDraft: true, version: 1 });
  });

  it("is not begun by a patch that changes nothing, and ends with one that takes everything back", async () => {
    const registry = await openShop();
    const none = await registry.drafts.get(OLIVE, "shop");
    const same = await change(registry, { name: "Shop", limits: { messagesPerMinute: 20 }, greeting: null });
    expect(same).toEqual(none);
    expect(await registry.documents.get("assistant-draft", "shop", 9_999)).toBeUndefined();
    await change(registry, { name: "Other" });
    const audited = (await registry.documents.listAudit({ limit: 9, filter: {} })).length;
    const again = await change(registry, { name: "Other" });
    expect(again.value.exists).toBe(true);
    expect(await registry.documents.listAudit({ limit: 9, filter: {} })).toHaveLength(audited);
    expect((await change(registry, { name: "Shop" })).value).toEqual(none.value);
  });

  it("is published as a version, and is over then", async () => {
    const registry = await openShop();
    await change(registry, { prompt: "You sell." });
    const { value } = await publish(registry, "Sells more");
    expect(value).toMatchObject({ prompt: "You sell.", version: 2, hasDraft: false });
    expect(registry.live.find("shop")).toMatchObject({ prompt: "You sell.", version: 2, model: { apiKey: API_KEY } });
    expect((await registry.drafts.get(OLIVE, "shop")).value).toMatchObject({ exists: false, published: 2 });
    await expect(publish(registry)).rejects.toMatchObject({ code: "not-found" });
    expect((await registry.documents.listAudit({ limit: 1, filter: {} }))[0]).toMatchObject({
      action: "assistant.publish",
      by: { id: "olive" },
      before: { prompt: "You help." },
      after: { prompt: "You sell.", note: "Sells more", version: 2 },
    });
  });

  it("is discarded to exactly what is published", async () => {
    const registry = await openShop();
    const before = await registry.assistants.get(OLIVE, "shop");
    const { version } = await change(registry, { name: "Other", trace: "full" });
    await registry.drafts.discard(OLIVE, "shop", version);
    expect((await registry.drafts.get(OLIVE, "shop")).value).toMatchObject({ exists: false, settings: { name: "Shop", trace: "summary" } });
    expect(await registry.assistants.get(OLIVE, "shop")).toEqual(before);
    expect((await registry.documents.listAudit({ limit: 1, filter: {} }))[0]).toMatchObject({ action: "assistant-draft.discard" });
  });

  it("is not changed, discarded or published by somebody who read another one, even one that was discarded and begun anew", async () => {
    const registry = await openShop();
    const tags = [(await registry.drafts.get(OLIVE, "shop")).version];
    const note = async (work: Promise<{ version: number | undefined }>) => tags.push((await work).version);
    await note(change(registry, { name: "Two" }));
    await note(change(registry, { name: "Three" }));
    await registry.drafts.discard(OLIVE, "shop", tags.at(-1));
    await note(registry.drafts.get(OLIVE, "shop"));
    await note(change(registry, { name: "Two" }));
    await publish(registry);
    await note(registry.drafts.get(OLIVE, "shop"));
    await registry.assistants.update(OLIVE, "shop", { name: "Six" }, 2);
    await note(registry.drafts.get(OLIVE, "shop"));
    expect(new Set(tags).size).toBe(tags.length);
    for (const tag of tags.slice(0, -1)) {
      await expect(registry.drafts.update(OLIVE, "shop", { name: "x" }, tag)).rejects.toMatchObject({ reason: "changed" });
      await expect(registry.drafts.discard(OLIVE, "shop", tag)).rejects.toMatchObject({ reason: "changed" });
      await expect(registry.drafts.publish(OLIVE, "shop", undefined, tag)).rejects.toMatchObject({ reason: "changed" });
    }
  });

  it("belongs to whoever may change the assistant, and to nobody in the file's", async () => {
    const registry = await openShop();
    await change(registry, { name: "Two" }, ADA);
    await expect(registry.drafts.get(OTIS, "shop")).rejects.toMatchObject({ code: "not-found" });
    await expect(registry.drafts.get(SAM, "shop")).rejects.toMatchObject({ code: "forbidden" });
    await expect(change(registry, { name: "x" }, OTIS)).rejects.toMatchObject({ code: "not-found" });
  });

  it("must be right when it is changed, too", async () => {
    const registry = await openShop();
    expect(await faultsOf(change(registry, { model: { contextTokens: 10 } }))).toEqual(["/model/maxOutputTokens"]);
    expect(await faultsOf(change(registry, { name: null }))).toEqual(["/name"]);
  });
});

describe("a draft that was overtaken", () => {
  async function overtaken(): Promise<Registry> {
    const registry = await openShop({ greeting: "Hello" });
    await change(registry, { prompt: "Draft.", trace: "full", starters: ["Hi"] });
    await registry.assistants.update(ADA, "shop", { prompt: "Published.", greeting: null, starters: ["Hi"], careful: true }, 1);
    return registry;
  }

  it("is refused with what both changed, and shows every field from both sides", async () => {
    const registry = await overtaken();
    expect(await faultsOf(publish(registry))).toEqual(["/prompt"]);
    const { value } = await registry.drafts.get(OLIVE, "shop");
    expect(value).toMatchObject({ basedOn: 1, published: 2 });
    expect(value.fields).toEqual([
      { path: "/careful", changed: "published", base: false, draft: false, published: true },
      { path: "/greeting", changed: "published", base: "Hello", draft: "Hello" },
      { path: "/prompt", changed: "both", base: "You help.", draft: "Draft.", published: "Published." },
      { path: "/starters", changed: "published", base: [], draft: ["Hi"], published: ["Hi"] },
      { path: "/trace", changed: "draft", base: "summary", draft: "full", published: "summary" },
    ]);
    expect(registry.live.find("shop")).toMatchObject({ prompt: "Published." });
  });

  it.each([
    [[], "Draft."],
    [["/prompt"], "Published."],
  ] as const)("is rebased, taking %j over", async (take, prompt) => {
    const registry = await overtaken();
    const { version } = await registry.drafts.get(OLIVE, "shop");
    const rebased = await registry.drafts.rebase(OLIVE, "shop", take, version);
    expect(rebased.value).toMatchObject({ basedOn: 2, published: 2, settings: { prompt, trace: "full", careful: true, starters: ["Hi"] } });
    expect(rebased.value.settings).not.toHaveProperty("greeting");
    await publish(registry);
    expect(registry.live.find("shop")).toMatchObject({ version: 3, prompt, trace: "full", careful: true });
  });

  it("is refused also where no field was changed by both", async () => {
    const registry = await openShop();
    await change(registry, { trace: "full" });
    await registry.assistants.update(ADA, "shop", { name: "Renamed" }, 1);
    await expect(publish(registry)).rejects.toThrow(OutdatedError);
  });

  it("is not overtaken by who owns the assistant, or what its tools may do", async () => {
    const registry = await openShop();
    await change(registry, { trace: "full" });
    await registry.assistants.update(ADA, "shop", { owner: "otis" }, 1);
    const { version } = await registry.drafts.get(OTIS, "shop");
    expect((await registry.drafts.publish(OTIS, "shop", undefined, version)).value).toMatchObject({ version: 2, owner: { id: "otis" } });
  });
});

describe("the model's key in a draft", () => {
  const elsewhere = { baseUrl: "https://elsewhere.example/v1" };
  const key = async (registry: Registry): Promise<string | undefined> => registry.live.find("shop")?.model.apiKey;

  it("is never shown, audited or stored readable", async () => {
    const registry = await openShop();
    const shown = await change(registry, { model: { apiKey: "sk-draft" } });
    expect(shown.value.fields).toEqual([{ path: "/model/apiKey", changed: "draft" }]);
    const stored = await registry.documents.get("assistant-draft", "shop", 9_999);
    const audit = await registry.documents.listAudit({ limit: 9, filter: {} });
    await publish(registry);
    const versions = await registry.documents.list("assistant-settings", { parent: "shop", limit: 9, now: 9_999 });
    expect(JSON.stringify([shown, stored, audit, versions])).not.toMatch(/sk-draft|sk-model-key/);
    expect(await key(registry)).toBe("sk-draft");
  });

  it("goes to no other address than it was given for", async () => {
    const registry = await openShop();
    expect(await faultsOf(change(registry, { model: elsewhere }))).toEqual(["/model/apiKey"]);
    await change(registry, { model: { ...elsewhere, apiKey: null } });
    await publish(registry);
    expect(await key(registry)).toBeUndefined();
    await change(registry, { model: { apiKey: "sk-elsewhere" } });
    expect(await faultsOf(change(registry, { model: { baseUrl: "https://third.example/v1" } }))).toEqual(["/model/apiKey"]);
  });

  it("is the published one as it is when the draft is published", async () => {
    const registry = await openShop();
    await change(registry, { prompt: "Draft." });
    await registry.assistants.update(ADA, "shop", { model: { apiKey: "sk-renewed" } }, 1);
    const { version, value } = await registry.drafts.get(OLIVE, "shop");
    expect(value.fields).toContainEqual({ path: "/model/apiKey", changed: "published" });
    await registry.drafts.rebase(OLIVE, "shop", [], version);
    await publish(registry);
    expect(await key(registry)).toBe("sk-renewed");
  });

  it("is not sent to where a draft's model is when the published one has moved", async () => {
    const registry = await openShop();
    await change(registry, { prompt: "Draft.", model: { model: "larger" } });
    await registry.assistants.update(ADA, "shop", { model: { ...elsewhere, apiKey: "sk-elsewhere" } }, 1);
    const { version } = await registry.drafts.get(OLIVE, "shop");
    const rebased = await registry.drafts.rebase(OLIVE, "shop", [], version);
    expect(rebased.value.settings.model).toMatchObject({ ...elsewhere, model: "larger", apiKeySet: true });
    await publish(registry);
    expect(registry.live.find("shop")?.model).toMatchObject({ ...elsewhere, apiKey: "sk-elsewhere" });
  });

  it("is a field that both may have changed", async () => {
    const registry = await openShop();
    await change(registry, { model: { apiKey: "sk-draft" } });
    await registry.assistants.update(ADA, "shop", { model: { apiKey: "sk-renewed" } }, 1);
    expect(await faultsOf(publish(registry))).toEqual(["/model/apiKey"]);
    const { version } = await registry.drafts.get(OLIVE, "shop");
    // Nothing else is in the draft, so it ends.
    expect((await registry.drafts.rebase(OLIVE, "shop", ["/model/apiKey"], version)).value).toMatchObject({ exists: false });
    expect(await key(registry)).toBe("sk-renewed");
  });

  it("of the draft's own does not follow a published address", async () => {
    const registry = await openShop();
    await change(registry, { model: { apiKey: "sk-draft" } });
    await registry.assistants.update(ADA, "shop", { model: { ...elsewhere, apiKey: null } }, 1);
    const { version } = await registry.drafts.get(OLIVE, "shop");
    expect(await faultsOf(registry.drafts.rebase(OLIVE, "shop", [], version))).toEqual(["/take"]);
  });
});
