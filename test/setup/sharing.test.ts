import { describe, expect, it } from "vitest";
import type { Staff } from "../../server/identity/staff/actions.ts";
import { type Share, Sharing } from "../../server/setup/sharing/sharing.ts";
import { Following } from "../../server/documents/following.ts";
import { createLocalLock } from "../../server/foundation/local-lock.ts";
import { createMemoryDocuments } from "../support/memory-documents.ts";
import { ADA, OLIVE, openRegistry, OTIS, OWNER_KEY } from "./assistants-harness.ts";

const ORDERS = { kind: "mcp-server", id: "orders" } as const;
const CRM = { kind: "mcp-server", id: "crm" } as const;

const withPerson = (id: string, level: Share["level"] = "use"): Share => ({ grantee: { kind: "person", id }, level });
const withGroup = (id: string, level: Share["level"] = "use"): Share => ({ grantee: { kind: "group", id }, level });

describe("who may use or manage what is shared", () => {
  const adminKey: Staff = { ...OWNER_KEY, roles: ["admin"] };
  const cases: readonly [string, Staff, readonly Share[], typeof ORDERS | typeof CRM, "none" | "use" | "manage"][] = [
    ["an admin, always", ADA, [], ORDERS, "manage"],
    ["an admin's key, always", adminKey, [], ORDERS, "manage"],
    ["somebody without a share, nothing", OLIVE, [], ORDERS, "none"],
    ["somebody with a share to use, that", OLIVE, [withPerson("olive")], ORDERS, "use"],
    ["somebody with a share to manage, both", OLIVE, [withPerson("olive", "manage")], ORDERS, "manage"],
    ["a member of a group, what the group has", OLIVE, [withGroup("shops", "manage")], ORDERS, "manage"],
    ["whoever is not in it, nothing", OTIS, [withGroup("shops", "manage")], ORDERS, "none"],
    ["the more of two shares", OLIVE, [withPerson("olive"), withGroup("shops", "manage")], ORDERS, "manage"],
    ["everyone, what is open to everyone, to use", OTIS, [], CRM, "use"],
    ["a key, only what is open to everyone", OWNER_KEY, [withPerson("key-1", "manage")], ORDERS, "none"],
    ["a key, what is open to everyone", OWNER_KEY, [withPerson("key-1", "manage")], CRM, "use"],
  ];

  it.each(cases)("%s", async (...[, staff, shares, resource, expected]) => {
    const { sharing } = await openRegistry();
    await sharing.set(resource, shares, ADA);
    const may = { use: await sharing.allows(staff, resource, "use"), manage: await sharing.allows(staff, resource, "manage") };
    expect(may).toEqual({ use: expected !== "none", manage: expected === "manage" });
  });

  it("does not confuse a person with a group of the same id, nor a server with a connection", async () => {
    const { sharing } = await openRegistry();
    await sharing.set(ORDERS, [withGroup("olive")], ADA);
    await sharing.set({ kind: "connection", id: "orders" }, [withPerson("olive")], ADA);
    expect(await sharing.allows(OLIVE, ORDERS, "use")).toBe(false);
  });
});

describe("a list of shares", () => {
  it("is replaced whole, in one write, with what was before and after in the audit log", async () => {
    const { sharing, documents } = await openRegistry();
    await sharing.set(ORDERS, [withPerson("olive"), withGroup("shops")], ADA);
    await sharing.set(ORDERS, [withPerson("olive", "manage"), withPerson("otis")], ADA);
    expect(await sharing.list(ORDERS)).toEqual([withPerson("olive", "manage"), withPerson("otis")]);
    const [last] = await documents.listAudit({ limit: 1, filter: { action: "mcp-server.share" } });
    expect(last).toMatchObject({
      by: { kind: "person", id: "ada", name: "Ada" },
      target: ORDERS,
      before: { shares: [withGroup("shops"), withPerson("olive")] },
      after: { shares: [withPerson("olive", "manage"), withPerson("otis")] },
    });
  });

  it("counts whoever comes twice with the higher level, and writes nothing when nothing changes", async () => {
    const { sharing, documents } = await openRegistry();
    await sharing.set(ORDERS, [withPerson("olive", "manage"), withPerson("olive")], ADA);
    await sharing.set(ORDERS, [withPerson("olive", "manage")], ADA);
    expect(await sharing.list(ORDERS)).toEqual([withPerson("olive", "manage")]);
    expect(await documents.listAudit({ limit: 9, filter: { action: "mcp-server.share" } })).toHaveLength(1);
  });

  it("has a version, so that two people do not undo each other", async () => {
    const { sharing } = await openRegistry();
    const empty = await sharing.version(ORDERS);
    await sharing.set(ORDERS, [withPerson("olive")], ADA, empty);
    await expect(sharing.set(ORDERS, [withPerson("otis")], ADA, empty)).rejects.toMatchObject({ code: "version-changed" });
    expect(await sharing.list(ORDERS)).toEqual([withPerson("olive")]);
    await sharing.set(ORDERS, [], ADA, await sharing.version(ORDERS));
    expect(await sharing.version(ORDERS)).toBe(empty);
  });

  it("takes changes of the same moment one after the other", async () => {
    const { sharing } = await openRegistry();
    const version = await sharing.version(ORDERS);
    const both = await Promise.allSettled([
      sharing.set(ORDERS, [withPerson("olive")], ADA, version),
      sharing.set(ORDERS, [withPerson("otis")], ADA, version),
    ]);
    expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(await sharing.list(ORDERS)).toEqual([withPerson("olive")]);
  });

  it("is read once, and seen at once when it changes, whoever changed it", async () => {
    const documents = createMemoryDocuments();
    let reads = 0;
    const counted = { ...documents, list: (...all: Parameters<typeof documents.list>) => ((reads += 1), documents.list(...all)) };
    const clock = { now: () => 1, after: () => () => {}, id: () => "id", random: () => 0 };
    const open = (store: typeof documents) => {
      const sharing = new Sharing({ documents: store, clock, lock: createLocalLock(), generalAccess: () => "restricted" });
      new Following(documents, [sharing]);
      return sharing;
    };
    const here = open(counted);
    const elsewhere = open(documents);
    await here.set(ORDERS, [withPerson("olive")], ADA);
    expect(await here.allows(OLIVE, ORDERS, "use")).toBe(true);
    const before = reads;
    for (let asked = 0; asked < 10; asked += 1) await here.allows(OLIVE, ORDERS, "use");
    expect(reads).toBe(before);

    await elsewhere.set(ORDERS, [], ADA);
    expect(await here.allows(OLIVE, ORDERS, "use")).toBe(false);
  });

  it("ends with its resource", async () => {
    const { sharing, documents, clock } = await openRegistry();
    await sharing.set(ORDERS, [withPerson("olive")], ADA);
    await documents.write([{ do: "delete-children", kind: "share", parent: "mcp-server/orders" }], { at: clock.now() });
    expect(await sharing.allows(OLIVE, ORDERS, "use")).toBe(false);
  });
});
