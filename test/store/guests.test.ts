import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type OpenedSqlite, openSqliteStore } from "../../server/store/sqlite-store.ts";
import { begin, CONVERSATION, stop } from "../contract/store-drafts.ts";
import { temporaryFolder } from "./temporary-folder.ts";

describe("a guest's tables in the journal's database", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: OpenedSqlite;

  beforeEach(async () => {
    folder = await temporaryFolder();
    store = await openSqliteStore({ path: join(folder.path, "frontdesk.db") });
    await store.kysely.schema
      .createTable("guests")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("visits", "integer")
      .execute();
  });
  afterEach(async () => {
    await store.close();
    await folder.remove();
  });

  test("are written beside appends, each write for itself", async () => {
    await begin(store);
    const [made, refused, appended] = await Promise.allSettled([
      store.kysely.insertInto("guests").values({ id: "ada", visits: 1 }).returningAll().execute(),
      store.kysely.insertInto("guests").values({ id: "ada", visits: 2 }).execute(),
      store.append({ conversationId: CONVERSATION, at: 2, events: [stop()] }),
    ]);
    expect(made).toMatchObject({ value: [{ id: "ada", visits: 1 }] });
    expect(refused.status).toBe("rejected");
    expect(appended.status).toBe("fulfilled");
    const changed = await store.kysely.updateTable("guests").set({ visits: 5 }).where("id", "=", "ada").executeTakeFirst();
    expect(changed.numUpdatedRows).toBe(1n);
    expect(await store.kysely.selectFrom("guests").selectAll().execute()).toEqual([{ id: "ada", visits: 5 }]);
  });

  test("are seen by introspection, as a library's own migrations need it", async () => {
    const tables = await store.kysely.introspection.getTables();
    expect(tables.map((table) => table.name)).toEqual(expect.arrayContaining(["guests", "documents"]));
  });

  test("take no transaction across awaits, and the journal goes on", async () => {
    await begin(store);
    await store.kysely.insertInto("guests").values({ id: "ada", visits: 1 }).execute();
    const crossing = store.kysely.transaction().execute(async (transaction) => transaction.deleteFrom("guests").execute());
    await expect(crossing).rejects.toThrow("Transactions across awaits are not available");
    expect((await store.append({ conversationId: CONVERSATION, at: 2, events: [stop()] })).events).toHaveLength(1);
    expect(await store.kysely.selectFrom("guests").select("id").execute()).toHaveLength(1);
  });
});
