/** What has the name of something that is gone is something new: nothing of the other is found at it. */
import { describe, expect, it } from "vitest";
import { createMemoryDocuments } from "../support/memory-documents.ts";
import { ADA, API_KEY, OLIVE, openRegistry, shopInput } from "./assistants-harness.ts";
import { ADMIN, OWNER, testRegistry } from "./registry-harness.ts";

const CRM = { kind: "mcp-server", id: "crm" } as const;
const URL = "http://127.0.0.1:9/mcp";

describe("a server with the identifier of one that the configuration file had", () => {
  const before = async () => {
    const documents = createMemoryDocuments();
    const first = await testRegistry({ documents, fileServers: [{ key: "crm", name: "Of the file", url: URL }] });
    await first.sharing.set(CRM, [{ grantee: { kind: "person", id: OWNER.id }, level: "manage" }], ADMIN);
    const body = { sealed: "a sign-in" };
    await documents.write([{ do: "create", kind: "connection", id: "a-connection", parent: "crm", body }], { at: 1 });
    expect(await first.sharing.allows(OWNER, CRM, "manage")).toBe(true);
    await first.close();
    return testRegistry({ documents });
  };

  it("is shared with nobody, and has no sign-ins", async () => {
    const { create, sharing, documents } = await before();
    await create({ key: "crm", url: "http://127.0.0.1:10/mcp", headers: { "X-Key": "a-new-secret" } });
    expect(await sharing.list(CRM)).toEqual([]);
    expect(await sharing.allows(OWNER, CRM, "use")).toBe(false);
    expect(await documents.list("connection", { parent: "crm", limit: 9, now: 2 })).toEqual([]);
  });

  it("also where another server comes to have it", async () => {
    const { create, servers, sharing } = await before();
    const { version } = await create({ key: "orders", url: URL });
    await servers.update(ADMIN, "orders", { key: "crm" }, { ifVersion: version, signal: AbortSignal.timeout(5_000) });
    expect(await sharing.list(CRM)).toEqual([]);
  });
});

describe("an assistant with the key of one that was deleted", () => {
  it("has no draft and no server that somebody gave the other in the moment that it went", async () => {
    const { assistants, connectors, drafts, documents } = await openRegistry();
    await assistants.create(OLIVE, shopInput());
    const draft = { prompt: "Of Olive", model: { apiKey: API_KEY } };
    await drafts.update(OLIVE, "shop", draft, undefined);
    const written = await documents.get("assistant-draft", "shop", 2);
    await assistants.remove(OLIVE, "shop", undefined);
    const connector = {
      server: "crm",
      addedBy: { kind: "person", id: "ada", name: "Ada" },
      settings: { connection: "shared", permissions: {} },
    };
    await documents.write(
      [
        { do: "create", kind: "assistant-draft", id: "shop", parent: "shop", body: written?.body },
        { do: "create", kind: "connector", id: "shop/crm", parent: "shop", body: connector },
      ],
      { at: 3 },
    );
    const { value } = await assistants.create(ADA, { ...shopInput(), reuseKey: true });
    expect(value).toMatchObject({ hasDraft: false, connectors: [] });
    expect(await connectors.stored("shop")).toEqual([]);
  });
});
