import { describe, expect, it } from "vitest";
import { SecretBoxError } from "../../server/guard/secrets/secret-box.ts";
import { InvalidError } from "../../server/foundation/invalid-error.ts";
import { assistantPatchSchema } from "../../server/setup/assistants/assistant-record.ts";
import { assistant } from "../support/desk-assistant.ts";
import { ADA, API_KEY, OLIVE, openRegistry, OTIS, OWNER_KEY, SAM, shopInput } from "./assistants-harness.ts";

const DECLARED = assistant({
  key: "desk",
  allowedOrigins: ["https://desk.example"],
  name: "Desk",
  model: { ...assistant().model, apiKey: "sk-of-the-file" },
});

async function faultsOf(work: Promise<unknown>): Promise<readonly string[]> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InvalidError);
  return (error as InvalidError).faults.map(({ path, message }) => `${path}: ${message}`);
}

describe("an assistant made over the API", () => {
  it("has every field of the file, and its defaults", async () => {
    const { assistants } = await openRegistry();
    const { value, version } = await assistants.create(OLIVE, shopInput({ careful: true, starters: ["Where is my order?"] }));
    expect(version).toBe(1);
    expect(value).toMatchObject({
      key: "shop",
      source: "api",
      owner: { kind: "person", id: "olive", name: "Olive" },
      careful: true,
      starters: ["Where is my order?"],
      trace: "summary",
      maxSteps: 10,
      toolSearch: { tools: 128, windowShare: 0.1 },
      model: { provider: "openai-compatible", apiKeySet: true },
      connectors: [],
    });
    expect((await assistants.get(OLIVE, "shop")).value).toEqual(value);
  });

  it("keeps its key sealed for its row alone, and never shows it", async () => {
    const { assistants, documents, box, live } = await openRegistry();
    const made = await assistants.create(OLIVE, shopInput());
    await assistants.update(OLIVE, "shop", { model: { apiKey: "sk-another-key" } }, 1);
    const stored = await documents.get("assistant", "shop", 9_999);
    const audit = await documents.listAudit({ limit: 9, filter: {} });
    const said = JSON.stringify([made, await assistants.list(ADA, { limit: 100 }), stored, audit]);
    expect(said).not.toContain(API_KEY);
    expect(said).not.toContain("sk-another-key");
    expect(audit[0]).toMatchObject({ action: "assistant.update", after: { apiKeyReplaced: true, model: { apiKeySet: true } } });
    expect(live.find("shop")?.model.apiKey).toBe("sk-another-key");
    const sealed = (stored!.body as { settings: { model: { apiKey: string } } }).settings.model.apiKey;
    expect(() => box.open(sealed, "assistant/other/settings/model/apiKey")).toThrow(SecretBoxError);
  });

  it("changes what a patch names, leaves the rest, and goes back to the default with null", async () => {
    const { assistants } = await openRegistry();
    await assistants.create(OLIVE, shopInput({ greeting: "Hello", limits: { messagesPerMinute: 5 } }));
    const patch = { name: "New shop", greeting: null, limits: { messageCharacters: 100 }, trace: null };
    const { value, version } = await assistants.update(OLIVE, "shop", patch, 1);
    expect(version).toBe(2);
    expect(value).toMatchObject({
      name: "New shop",
      prompt: "You help.",
      trace: "summary",
      limits: { messagesPerMinute: 5, messageCharacters: 100 },
    });
    expect(value).not.toHaveProperty("greeting");
  });

  it("lets a patch take away every field that may be missing", () => {
    const patch = { greeting: null, model: { baseUrl: null, apiKey: null } };
    expect(assistantPatchSchema.parse(patch)).toEqual(patch);
  });

  it("is not changed by somebody who read an earlier version", async () => {
    const { assistants } = await openRegistry();
    await assistants.create(OLIVE, shopInput());
    await assistants.update(OLIVE, "shop", { name: "Two" }, 1);
    await expect(assistants.update(ADA, "shop", { name: "Three" }, 1)).rejects.toMatchObject({ reason: "changed" });
    await expect(assistants.remove(ADA, "shop", 1)).rejects.toMatchObject({ reason: "changed" });
    expect((await assistants.get(ADA, "shop")).value.name).toBe("Two");
  });

  it("tells the place of every fault, those between fields too", async () => {
    const { assistants } = await openRegistry();
    const without = shopInput({ model: { provider: "openai", model: "x" } });
    expect(await faultsOf(assistants.create(OLIVE, without))).toEqual(["/model/apiKey: found nothing, expected the API key for openai."]);
    await assistants.create(OLIVE, shopInput());
    expect(await faultsOf(assistants.update(OLIVE, "shop", { name: null }, 1))).toEqual([expect.stringMatching(/^\/name: /)]);
    expect(await faultsOf(assistants.update(OLIVE, "shop", { model: { contextTokens: 10 } }, 1))).toEqual([
      expect.stringMatching(/^\/model\/maxOutputTokens: /),
    ]);
  });

  it("does not send its key to an address that somebody wrote over the one it was given for", async () => {
    const { assistants, live } = await openRegistry();
    await assistants.create(OLIVE, shopInput());
    const elsewhere = { model: { baseUrl: "https://elsewhere.example/v1" } };
    expect(await faultsOf(assistants.update(OLIVE, "shop", elsewhere, 1))).toEqual([
      expect.stringMatching(/^\/model\/apiKey: Send the key again/),
    ]);
    await assistants.update(OLIVE, "shop", { model: { ...elsewhere.model, apiKey: null } }, 1);
    expect(live.find("shop")?.model).toEqual(expect.not.objectContaining({ apiKey: expect.anything() }));
    await assistants.update(OLIVE, "shop", { model: { baseUrl: "https://third.example/v1", apiKey: "sk-third" } }, 2);
    expect(live.find("shop")?.model).toMatchObject({ baseUrl: "https://third.example/v1", apiKey: "sk-third" });
  });

  it("takes a key as it is: nothing of the server's environment can be had over the API", () => {
    const model = { ...shopInput().model, apiKey: "${FRONTDESK_SECRET}" };
    expect(() => shopInput({ model })).toThrow("The environment is read for the configuration file only.");
  });

  it("goes with its connectors", async () => {
    const { assistants, connectors, live } = await openRegistry();
    await assistants.create(ADA, shopInput());
    await connectors.add(ADA, { assistant: "shop", server: "orders" }, { connection: "shared", permissions: {} });
    await assistants.remove(ADA, "shop", 1);
    expect(await connectors.stored()).toEqual([]);
    expect(live.find("shop")).toBeUndefined();
    await expect(assistants.get(ADA, "shop")).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("who sees and who changes an assistant", () => {
  it("follows from the role and the owner", async () => {
    const { assistants } = await openRegistry([DECLARED]);
    await assistants.create(OLIVE, shopInput());
    await assistants.create(OWNER_KEY, shopInput({ key: "kiosk" }));
    const seen = async (staff: typeof ADA) => (await assistants.list(staff, { limit: 100 })).map(({ key }) => key);
    expect(await seen(ADA)).toEqual(["desk", "kiosk", "shop"]);
    expect(await seen(SAM)).toEqual(["desk", "kiosk", "shop"]);
    expect(await seen(OLIVE)).toEqual(["desk", "shop"]);
    expect(await seen(OTIS)).toEqual(["desk"]);
    expect(await seen(OWNER_KEY)).toEqual(["desk", "kiosk"]);
    await expect(assistants.get(OTIS, "shop")).rejects.toMatchObject({ code: "not-found" });
    await expect(assistants.update(OTIS, "shop", { name: "Mine" }, 1)).rejects.toMatchObject({ code: "not-found" });
    await expect(assistants.update(SAM, "shop", { name: "Mine" }, 1)).rejects.toMatchObject({ code: "forbidden" });
    await assistants.update(ADA, "shop", { name: "Yours" }, 1);
    expect((await assistants.get(OLIVE, "shop")).value).toMatchObject({ name: "Yours", owner: { id: "olive" } });
  });

  it("an admin gives one away, to somebody who is there", async () => {
    const { assistants, person } = await openRegistry();
    await assistants.create(OLIVE, shopInput());
    await expect(assistants.update(OLIVE, "shop", { owner: "otis" }, 1)).rejects.toMatchObject({ code: "forbidden" });
    await person(OTIS, { disabled: true });
    expect(await faultsOf(assistants.update(ADA, "shop", { owner: "otis" }, 1))).toEqual([expect.stringMatching(/^\/owner: /)]);
    await person(OTIS);
    expect((await assistants.update(ADA, "shop", { owner: "otis" }, 1)).value.owner).toEqual({ kind: "person", id: "otis", name: "Otis" });
    await expect(assistants.get(OLIVE, "shop")).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("an assistant of the configuration file", () => {
  it("is shown without its key, and is read-only here", async () => {
    const { assistants } = await openRegistry([DECLARED]);
    const { value, version } = await assistants.get(OTIS, "desk");
    expect(version).toBeUndefined();
    expect(value).toMatchObject({ key: "desk", source: "file", connectors: ["orders"], model: { apiKeySet: true } });
    expect(JSON.stringify(value)).not.toContain("sk-of-the-file");
    await expect(assistants.update(ADA, "desk", { name: "x" }, 1)).rejects.toMatchObject({ code: "read-only" });
    await expect(assistants.remove(ADA, "desk", 1)).rejects.toMatchObject({ code: "read-only" });
    await expect(assistants.create(ADA, shopInput({ key: "desk" }))).rejects.toMatchObject({ code: "already-exists" });
  });

  it("wins over one that was made earlier, which is said", async () => {
    const first = await openRegistry();
    await first.assistants.create(ADA, shopInput({ key: "desk", name: "Made here" }));
    const again = await openRegistry([DECLARED]);
    const body = (await first.documents.get("assistant", "desk", 9_999))?.body;
    await again.documents.write([{ do: "create", kind: "assistant", id: "desk", body }], { at: 1 });
    await again.live.reload();
    expect(again.live.find("desk")?.name).toBe("Desk");
    expect(again.logged.join("\n")).toContain("The file's is used");
  });
});

describe("what is damaged in the database", () => {
  it("leaves one assistant out, says which, and all others go on", async () => {
    const { assistants, documents, live, logged } = await openRegistry();
    await assistants.create(ADA, shopInput());
    await documents.write([{ do: "create", kind: "assistant", id: "broken", body: { settings: 1 } }], { at: 1 });
    await live.reload();
    expect(live.all().map(({ key }) => key)).toEqual(["shop"]);
    expect(logged.join("\n")).toContain('"assistant":"broken"');
  });

  it("takes a key away that cannot be opened", async () => {
    const { assistants, documents, live, logged } = await openRegistry();
    await assistants.create(ADA, shopInput());
    const body = (await documents.get("assistant", "shop", 9_999))?.body;
    await documents.write([{ do: "create", kind: "assistant", id: "copy", body }], { at: 1 });
    await live.reload();
    expect(live.find("shop")?.model.apiKey).toBe(API_KEY);
    expect(live.find("copy")?.model).not.toHaveProperty("apiKey");
    expect(logged.join("\n")).toContain("cannot be opened");
    expect(logged.join("\n")).not.toContain(API_KEY);
  });
});
