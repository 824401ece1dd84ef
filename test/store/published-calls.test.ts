import { join } from "node:path";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { publishedCallsContract } from "../contract/published-calls.ts";
import { temporaryFolder } from "./temporary-folder.ts";

publishedCallsContract("SQLite", async () => {
  const folder = await temporaryFolder();
  const opened = await openSqliteStore({ path: join(folder.path, "frontdesk.db") });
  return {
    calls: opened.publishedCalls,
    cleanup: async () => {
      await opened.close();
      await folder.remove();
    },
  };
});
