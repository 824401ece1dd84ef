import { execFile } from "node:child_process";
import { createHash, pbkdf2 } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { writeBackup } from "../../server/start/backup.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { message } from "../contract/store-drafts.ts";
import { start, temporaryFolder } from "../http/server-harness.ts";

const CLI = join(import.meta.dirname, "../../server/cli.ts");
const node = (...values: readonly string[]) => ["--disable-warning=ExperimentalWarning", CLI, ...values];

/** The program, as an operator runs it. */
async function frontdesk(dataDir: string, ...values: readonly string[]): Promise<{ said: string; failed: string }> {
  const env = { PATH: process.env["PATH"] ?? "", DATA_DIR: dataDir };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, node(...values), { env });
    return { said: stdout, failed: "" };
  } catch (error) {
    return { said: "", failed: (error as { stderr: string }).stderr };
  }
}

/** What of a folder, itself included, anybody but its user may read or enter, by its name in there. */
async function readableByOthers(folder: string): Promise<readonly string[]> {
  const names = [".", ...(await readdir(folder))];
  const modes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).mode));
  return names.filter((_, index) => (modes[index]! & 0o077) !== 0);
}

describe("a backup", () => {
  test("is whole while the server writes: no gaps, and everything that was acknowledged before it began", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "frontdesk.sqlite");
    const store = await openSqliteStore({ path });
    const acknowledged = new Map<string, number>();
    let stops = false;
    const writes = Array.from({ length: 6 }, async (_, index) => {
      const conversationId = `conversation-${index}`;
      for (let count = 0; !stops; count += 1) {
        const { events } = await store.append({
          conversationId,
          at: count,
          create: { assistant: "shop", customerId: "anna" },
          events: [
            message(`message-${index}-${count}`, "x".repeat(500)),
            { type: "stop-requested", turnId: "turn-0001", by: { kind: "customer", id: "anna" } },
          ],
        });
        acknowledged.set(conversationId, events.at(-1)!.seq);
      }
    });
    while (acknowledged.size < 6) await new Promise((resolve) => setImmediate(resolve));
    const before = new Map(acknowledged);
    const target = join(folder, "backup.sqlite");
    await writeBackup(store.customerData, target);
    stops = true;
    await Promise.all(writes);
    await store.close();

    const copy = await openSqliteStore({ path: target });
    for (const [id, least] of before) {
      const events = await copy.readFrom(id, 1, 1_000_000);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      expect(events.length).toBeGreaterThanOrEqual(least);
      // A message and its stop are one append: neither is there alone.
      expect(events.length % 2).toBe(0);
      expect((await copy.find(id))?.lastSeq).toBe(events.length);
    }
    await copy.close();
  });

  test("is written however long the transactions are that it meets", async () => {
    const folder = await temporaryFolder();
    const store = await openSqliteStore({ path: join(folder, "frontdesk.sqlite"), exclusive: false });
    let stops = false;
    // A transaction is open for as long as this takes, and the next one follows at once.
    const large = Buffer.alloc(20_000_000);
    const slow = (id: string) => ({ ...message(id, "x"), toJSON: () => ({ text: createHash("sha256").update(large).digest("hex") }) });
    const writing = (async () => {
      const create = { assistant: "shop", customerId: "anna" };
      for (let count = 0; !stops; count += 1)
        await store.append({ conversationId: "conversation-1", at: count, create, events: [slow(`message-${count}`)] });
    })();
    for (let index = 0; index < 3; index += 1) {
      // The threads that copy pages have other work first, so that a copy does not win each race to the database.
      const others = Array.from({ length: 4 }, () => promisify(pbkdf2)("x", "y", 50_000, 32, "sha256"));
      await expect(writeBackup(store.customerData, join(folder, `backup-${index}.sqlite`))).resolves.toMatch(/^Wrote /);
      await Promise.all(others);
    }
    stops = true;
    await writing;
    await store.close();
  });

  test("is asked of the server that runs, and put back once it has stopped", async () => {
    const server = await start();
    const data = join(server.folder, "data");
    const file = join(server.folder, "backup.sqlite");
    const first = await frontdesk(data, "backup", file);
    expect(first).toMatchObject({ failed: "", said: expect.stringContaining(`Wrote ${file}`) });
    expect(first.said).toContain("encryption.key");
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect((await readdir(server.folder)).filter((name) => name.startsWith("backup"))).toEqual(["backup.sqlite"]);
    expect((await frontdesk(data, "backup", file)).failed).toContain("is there already");
    // The server has the database: nothing is put under it.
    expect((await frontdesk(data, "restore", file, "--replace")).failed).toContain("Another Frontdesk uses");

    await server.close();
    expect((await frontdesk(data, "restore", file)).failed).toContain("--replace");
    // A database of an earlier version could be read by others of this machine.
    await chmod(join(data, "frontdesk.sqlite"), 0o644);
    const restored = await frontdesk(data, "restore", file, "--replace");
    expect(restored).toMatchObject({ failed: "", said: expect.stringContaining("frontdesk.sqlite.before-") });
    expect((await readdir(server.folder)).filter((name) => name.startsWith("backup"))).toEqual(["backup.sqlite"]);
    expect(await readableByOthers(data)).toEqual([]);
    // On another machine there is no data folder yet.
    const elsewhere = join(server.folder, "elsewhere", "data");
    expect(await frontdesk(elsewhere, "restore", file)).toMatchObject({ failed: "", said: expect.stringContaining("Put") });
    expect((await stat(elsewhere)).mode & 0o077).toBe(0);
    // Without a server, the program opens the database itself.
    const second = join(server.folder, "second.sqlite");
    expect(await frontdesk(data, "backup", second)).toMatchObject({ failed: "", said: expect.stringContaining("Wrote") });
    expect(existsSync(second)).toBe(true);
  });

  test("that cannot be put back in the middle of it leaves the database where it was", async () => {
    const folder = await temporaryFolder();
    const data = join(folder, "data");
    await mkdir(data);
    for (const [path, words] of [
      [join(data, "frontdesk.sqlite"), "of now"],
      [join(folder, "backup.sqlite"), "of the backup"],
    ] as const) {
      const store = await openSqliteStore({ path });
      await store.append({
        conversationId: words,
        at: 1,
        create: { assistant: "shop", customerId: "anna" },
        events: [message("message-1")],
      });
      await store.close();
    }
    // A folder where the search has its file cannot be removed as a file.
    await mkdir(join(data, "search.sqlite"));
    expect((await frontdesk(data, "restore", join(folder, "backup.sqlite"), "--replace")).failed).toContain("search.sqlite");
    const kept = await openSqliteStore({ path: join(data, "frontdesk.sqlite") });
    expect(await kept.find("of now")).toBeDefined();
    await kept.close();
    expect((await readdir(data)).filter((name) => name.includes(".part"))).toEqual([]);
  });

  test("that is damaged, or no database of ours, or of a newer version, changes nothing", async () => {
    const folder = await temporaryFolder();
    const store = await openSqliteStore({ path: join(folder, "newer.sqlite") });
    await store.close();
    const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
    const newer = new DatabaseSync(join(folder, "newer.sqlite"));
    newer.exec("insert into kysely_migration (name, timestamp) values ('9999-later', '2030')");
    newer.close();
    await writeFile(join(folder, "text.sqlite"), "This is no database, whatever its name says.".repeat(100));
    const data = join(folder, "data");
    expect((await frontdesk(data, "restore", join(folder, "newer.sqlite"))).failed).toContain("newer version (9999-later)");
    expect((await frontdesk(data, "restore", join(folder, "text.sqlite"))).failed).toContain("cannot be read as a database");
    // Nothing is left beside a file that was only looked at.
    expect((await readdir(folder)).toSorted()).toEqual(["newer.sqlite", "text.sqlite"]);
    expect((await frontdesk(data, "restore", join(folder, "none.sqlite"))).failed).toContain("There is no file");
    expect((await frontdesk(data, "backup")).failed).toContain("takes one file");
    expect((await frontdesk(data, "backup", join(folder, "x.sqlite"))).failed).toContain("There is no database in");
    expect(existsSync(join(data, "frontdesk.sqlite"))).toBe(false);
  });
});
