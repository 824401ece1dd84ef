import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readSettings } from "../../server/start/settings.ts";
import { openEncryptionKeys } from "../../server/guard/secrets/encryption-keys.ts";
import { createSecretBox, keyId, type SecretBox } from "../../server/guard/secrets/secret-box.ts";
import { openKey, sealKey } from "../../server/setup/assistants/assistant-key.ts";
import type { AssistantRecord } from "../../server/setup/assistants/assistant-record.ts";
import { type HttpToolRecord, mapHeaders } from "../../server/setup/http-tools/http-tool-record.ts";
import { resealDocuments } from "../../server/start/reseal-documents.ts";
import { openRecord, sealRecord } from "../../server/setup/mcp-servers/server-secrets.ts";
import type { ServerRecord } from "../../server/setup/mcp-servers/server-record.ts";
import { rotateKey } from "../../server/start/rotate-key.ts";
import { systemClock } from "../../server/start/system-clock.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { createMemoryDocuments } from "../support/memory-documents.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const NOW = Date.now();
let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "frontdesk-rotate-"));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

/** A server's document with secrets at three depths, as the registry writes it. */
function secretBody(box: SecretBox, key: string): unknown {
  return {
    name: key,
    url: box.seal(`https://${key}.example`, `mcp-server/${key}/url`),
    headers: { "X-Key": box.seal("header", `mcp-server/${key}/headers/X-Key`) },
    list: [1, box.seal("entry", `mcp-server/${key}/list/1`)],
  };
}

const settings = () => readSettings({ DATA_DIR: dataDir });
const openStore = () => openSqliteStore({ path: join(dataDir, "frontdesk.sqlite") });
const openBox = async () => createSecretBox({ keys: await openEncryptionKeys({ dataDir, given: undefined, previous: [], log: quiet }) });

async function fill(servers: number): Promise<SecretBox> {
  const box = await openBox();
  const store = await openStore();
  const changes = Array.from({ length: servers }, (_, index) => {
    const key = `server_${String(index).padStart(4, "0")}`;
    return { do: "create" as const, kind: "mcp-server" as const, id: key, body: secretBody(box, key), expiresAt: NOW + 3_600_000 };
  });
  await store.documents.write(changes, { at: NOW });
  await store.close();
  return box;
}

describe("rotating the key", () => {
  it("seals every secret anew, wherever it lies; the old key opens nothing any more", async () => {
    const old = await fill(450);
    expect(await rotateKey(settings())).toContain("Sealed 1350 secrets");
    const [box, store] = [await openBox(), await openStore()];
    const found = await store.documents.get("mcp-server", "server_0449", NOW);
    const body = found?.body as { url: string; headers: Record<string, string>; list: [number, string]; name: string };
    expect([body.name, body.list[0], found?.version, found?.expiresAt]).toEqual(["server_0449", 1, 2, NOW + 3_600_000]);
    expect(box.open(body.url, "mcp-server/server_0449/url")).toBe("https://server_0449.example");
    expect(box.open(body.headers["X-Key"] ?? "", "mcp-server/server_0449/headers/X-Key")).toBe("header");
    expect(box.open(body.list[1], "mcp-server/server_0449/list/1")).toBe("entry");
    expect(() => old.open(body.url, "mcp-server/server_0449/url")).toThrow("does not have");
    await store.close();
  });

  it("refuses while a server has the database", async () => {
    await fill(1);
    const store = await openStore();
    await expect(rotateKey(settings())).rejects.toThrow("Another Frontdesk uses DATA_DIR");
    await store.close();
    expect(await rotateKey(settings())).toContain("Sealed 3 secrets");
  });

  it("keeps the old key when a secret cannot be opened, and names it", async () => {
    const box = await fill(2);
    const store = await openStore();
    const moved = { url: box.seal("x", "mcp-server/elsewhere/url") };
    await store.documents.write([{ do: "create", kind: "mcp-server", id: "moved", body: moved }], { at: NOW });
    await store.close();
    await expect(rotateKey(settings())).rejects.toThrow("mcp-server/moved/url");
    expect(await openEncryptionKeys({ dataDir, given: undefined, previous: [], log: quiet })).toHaveLength(2);
    const again = await openStore();
    await again.documents.write([{ do: "delete", kind: "mcp-server", id: "moved" }], { at: NOW });
    await again.close();
    expect(await rotateKey(settings())).toContain("Sealed 0 secrets");
    expect(await openEncryptionKeys({ dataDir, given: undefined, previous: [], log: quiet })).toHaveLength(1);
  });

  it("takes the old key away though a server describes a tool with what looks like a secret", async () => {
    const box = await fill(1);
    const copied = box.seal("x", "mcp-server/server_0000/url");
    const said = { description: copied, title: "v1.AAAAAAAA.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA" };
    const store = await openStore();
    await store.documents.write([{ do: "create", kind: "server-tool", id: "evil/echo", body: { accepted: { said } } }], { at: NOW });
    await store.close();
    expect(await rotateKey(settings())).toContain("Sealed 3 secrets");
    expect(await openEncryptionKeys({ dataDir, given: undefined, previous: [], log: quiet })).toHaveLength(1);
    const after = await openStore();
    expect((await after.documents.get("server-tool", "evil/echo", NOW))?.body).toEqual({ accepted: { said } });
    await after.close();
  });

  it("goes on where it was cut short, and past a change made meanwhile", async () => {
    const [oldKey, newKey] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const documents = createMemoryDocuments();
    const [old, both] = [createSecretBox({ keys: [oldKey] }), createSecretBox({ keys: [newKey, oldKey] })];
    for (const key of ["a_a", "b_b", "c_c"]) {
      await documents.write([{ do: "create", kind: "mcp-server", id: key, body: secretBody(old, key) }], { at: NOW });
    }
    let writes = 0;
    const dying = {
      ...documents,
      write: async (...request: Parameters<typeof documents.write>) => {
        writes += 1;
        if (writes === 1)
          await documents.write([{ do: "replace", kind: "mcp-server", id: "a_a", body: secretBody(old, "a_a") }], { at: NOW });
        if (writes === 3) throw new Error("killed");
        return documents.write(...request);
      },
    };
    const options = { box: both, keyId: keyId(newKey), clock: systemClock };
    await expect(resealDocuments({ ...options, documents: dying })).rejects.toThrow("killed");
    expect(await resealDocuments({ ...options, documents })).toEqual({ resealed: 6, failed: [] });
    expect(await resealDocuments({ ...options, documents })).toEqual({ resealed: 0, failed: [] });
  });

  it("finds what every room seals, at the place where the room opens it", async () => {
    const [oldKey, newKey] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const [old, both, fresh] = [[oldKey], [newKey, oldKey], [newKey]].map((keys) => createSecretBox({ keys })) as [
      SecretBox,
      SecretBox,
      SecretBox,
    ];
    const documents = createMemoryDocuments();
    const server = {
      url: "https://a",
      headers: { "X-Key": "b" },
      auth: { kind: "oauth", oauth: { grant: "client_credentials", clientSecret: "c" } },
    };
    const tool = { headers: { "X-Key": "d" } };
    const assistant = { settings: { model: { apiKey: "e" } } };
    const seal = (text: string, place: string): string => old.seal(text, place);
    const bodies = {
      "mcp-server": sealRecord("orders", server as unknown as ServerRecord, old),
      "http-tool": mapHeaders("orders", tool as unknown as HttpToolRecord, seal),
      assistant: sealKey("orders", assistant as unknown as AssistantRecord, old),
    } as const;
    for (const kind of ["mcp-server", "http-tool", "assistant"] as const) {
      await documents.write([{ do: "create", kind, id: "orders", body: bodies[kind] }], { at: NOW });
    }
    expect(await resealDocuments({ documents, box: both, keyId: keyId(newKey), clock: systemClock })).toEqual({ resealed: 5, failed: [] });
    const bodyOf = async (kind: keyof typeof bodies): Promise<unknown> => (await documents.get(kind, "orders", NOW))?.body;
    expect(openRecord("orders", (await bodyOf("mcp-server")) as ServerRecord, fresh)).toEqual(server);
    expect(mapHeaders("orders", (await bodyOf("http-tool")) as HttpToolRecord, (text, place) => fresh.open(text, place))).toEqual(tool);
    const { settings: opened } = (await bodyOf("assistant")) as AssistantRecord;
    expect(openKey("orders", opened, { box: fresh, log: quiet })).toEqual(assistant.settings);
  });
});
