import { join } from "node:path";
import { describe } from "vitest";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import type { OpenedStore } from "../contract/opened-store.ts";
import { storeContract } from "../contract/store.ts";
import { storeAgreesWithModelAtOnce } from "../contract/store-random.ts";
import { temporaryFolder } from "./temporary-folder.ts";

storeContract("SQLite", openSqlite);

describe("SQLite", () => {
  storeAgreesWithModelAtOnce(openSqlite);
});

async function openSqlite(): Promise<OpenedStore> {
  const folder = await temporaryFolder();
  const path = join(folder.path, "frontdesk.db");
  let store = await openSqliteStore({ path });
  return {
    store,
    waiting: {
      listWaiting: (options) => store.waitingApprovals.listWaiting(options),
      findWaiting: (...one) => store.waitingApprovals.findWaiting(...one),
    },
    reminders: { takeReminders: (...due) => store.approvalReminders.takeReminders(...due) },
    audit: async () => (await store.documents.listAudit({ limit: 100, filter: {} })).toReversed(),
    async reopen() {
      await store.close();
      store = await openSqliteStore({ path });
      return store;
    },
    async cleanup() {
      await store.close();
      await folder.remove();
    },
  };
}
