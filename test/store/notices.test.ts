import { join } from "node:path";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { noticesContract, type OpenedNotices } from "../contract/notices.ts";
import { temporaryFolder } from "./temporary-folder.ts";

noticesContract("SQLite", async () => {
  const folder = await temporaryFolder();
  const path = join(folder.path, "frontdesk.db");
  const open = async (): Promise<OpenedNotices> => {
    const store = await openSqliteStore({ path });
    return {
      store,
      notices: store.notices,
      reopen: async () => {
        await store.close();
        return open();
      },
      cleanup: async () => {
        await store.close();
        await folder.remove();
      },
    };
  };
  return open();
});
