import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { idDigest } from "../../server/customer-data/erasure-record.ts";
import { Erasures } from "../../server/customer-data/erasures.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { message } from "../contract/store-drafts.ts";
import { temporaryFolder } from "../http/server-harness.ts";

const CLI = join(import.meta.dirname, "../../server/cli.ts");
const ADMIN = { kind: "person", id: "ada", name: "Ada" } as const;

/** The program, as an operator runs it; what it says. */
async function frontdesk(dataDir: string, ...values: readonly string[]): Promise<string> {
  const env = { PATH: process.env["PATH"] ?? "", DATA_DIR: dataDir };
  const { stdout } = await promisify(execFile)(process.execPath, ["--disable-warning=ExperimentalWarning", CLI, ...values], { env });
  return stdout;
}

/** Does something with the database of a data folder while no server runs. */
async function within<Result>(dataDir: string, use: (opened: Opened) => Promise<Result>): Promise<Result> {
  const store = await openSqliteStore({ path: join(dataDir, "frontdesk.sqlite") });
  let ids = 0;
  const erasures = new Erasures({
    store: store.customerData,
    documents: store.documents,
    searched: { removeFromSearch: async () => undefined, readAgain: async () => undefined },
    erasers: [
      {
        what: "statements of the website",
        knows: async (id) => (await store.documents.get("customer", id, 1)) !== undefined,
        erase: async (id) => {
          if ((await store.documents.get("customer", id, 1)) === undefined) return 0;
          await store.documents.write([{ do: "delete", kind: "customer", id }], { at: 1 });
          return 1;
        },
      },
    ],
    letGo: () => undefined,
    clock: { now: () => 5, id: () => `receipt-${(ids += 1)}` },
    log: { info: () => undefined, warn: () => undefined, error: console.error },
  });
  try {
    return await use({ store, erasures });
  } finally {
    await store.close();
  }
}

interface Opened {
  readonly store: Awaited<ReturnType<typeof openSqliteStore>>;
  readonly erasures: Erasures;
}

async function talks(folder: string): Promise<string> {
  const data = join(folder, "data");
  await within(data, async ({ store }) => {
    for (const [customerId, conversationId] of [
      ["anna", "anna-1"],
      ["anna", "anna-2"],
      ["browser", "browser-1"],
      ["bert", "bert-1"],
    ] as const)
      await store.append({
        conversationId,
        at: 1,
        create: { assistant: "shop", customerId },
        events: [message(`message-${conversationId}`, `Quittengelee of ${customerId}`)],
      });
    for (const id of ["anna", "bert"])
      await store.documents.write([{ do: "create", kind: "customer", id, body: { subject: id, attributes: {} } }], { at: 1 });
  });
  return data;
}

const found = async (data: string) =>
  within(data, async ({ store }) => (await store.customerData.listAll({ after: "", limit: 10 })).map(({ id }) => id));

describe("a backup that is put back", () => {
  test("has nothing of what was erased on request since, and all the rest", async () => {
    const folder = await temporaryFolder();
    const data = await talks(folder);
    const file = join(folder, "backup.sqlite");
    await frontdesk(data, "backup", file);
    await within(data, async ({ store, erasures }) => {
      // The browser's customer signed in at the website after the backup.
      await store.moveCustomer({ assistant: "shop", from: "browser", to: "carla", at: 2 }, []);
      for (const customer of ["anna", "carla"]) await erasures.request(ADMIN, customer);
      await erasures.idle();
    });
    const said = await frontdesk(data, "restore", file, "--replace");
    expect(said).toContain("What was erased since is erased again: 3 conversations of 2 customers.");
    for (const name of await readdir(data))
      if (!name.includes(".before-"))
        expect([name, (await readFile(join(data, name))).includes("Quittengelee of anna")]).toEqual([name, false]);
    expect(await readdir(data)).toEqual(expect.not.arrayContaining([expect.stringContaining(".part")]));
    expect(await found(data)).toEqual(["bert-1"]);
    await within(data, async ({ store, erasures }) => {
      // The next start erases what else is kept of them, and the receipts say what they said.
      expect((await erasures.list({ limit: 10 })).map(({ status }) => status)).toEqual(["running", "running"]);
      await erasures.resume();
      await erasures.idle();
      expect(await erasures.list({ limit: 10 })).toMatchObject([
        { status: "done", erased: { conversations: 2, "statements of the website": 1 }, requestedBy: ADMIN },
        { status: "done", erased: { conversations: 1 } },
      ]);
      expect(JSON.stringify(await erasures.list({ limit: 10 }))).not.toMatch(/"(anna|carla|browser)/);
      expect(await store.documents.get("customer", "anna", 1)).toBeUndefined();
      expect(await store.documents.get("customer", "bert", 1)).toBeDefined();
    });
    // Whoever puts it back once more loses nothing of what is known.
    expect(await frontdesk(data, "restore", file, "--replace")).toContain("3 conversations of 2 customers");
    expect(await found(data)).toEqual(["bert-1"]);
  });

  test("made after an erasure brings nothing back, and is left as it is", async () => {
    const folder = await temporaryFolder();
    const data = await talks(folder);
    await within(data, async ({ erasures }) => {
      await erasures.request(ADMIN, "anna");
      await erasures.idle();
    });
    const file = join(folder, "backup.sqlite");
    await frontdesk(data, "backup", file);
    expect(await frontdesk(data, "restore", file, "--replace")).toContain("0 conversations of 0 customers");
    expect(await found(data)).toEqual(["bert-1", "browser-1"]);
  });

  test("where no database is known to nobody, and the program says so", async () => {
    const folder = await temporaryFolder();
    const data = await talks(folder);
    const file = join(folder, "backup.sqlite");
    await frontdesk(data, "backup", file);
    const said = await frontdesk(join(folder, "elsewhere"), "restore", file);
    expect(said).toContain("nothing is known of what was erased after the backup was made");
    // A receipt of an earlier version does not say of whom it is.
    await within(data, async ({ store }) => {
      const body = { status: "done", requestedAt: 1, requestedBy: ADMIN, finishedAt: 2, erased: {} };
      await store.documents.write([{ do: "create", kind: "erasure", id: "old", body }], { at: 1 });
    });
    expect(await frontdesk(data, "restore", file, "--replace")).toContain("from an earlier version: 1.");
  });

  test("and a receipt has digests of ids, none of them the id", () => {
    expect(idDigest("anna")).toMatch(/^[0-9a-f]{32}$/);
  });
});
