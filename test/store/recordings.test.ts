import { join } from "node:path";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { recordingsContract, type OpenedRecordings } from "../contract/recordings.ts";
import { temporaryFolder } from "./temporary-folder.ts";

recordingsContract("SQLite", async () => {
  const folder = await temporaryFolder();
  const path = join(folder.path, "frontdesk.db");
  const open = async (): Promise<OpenedRecordings> => {
    const store = await openSqliteStore({ path });
    return {
      store,
      recordings: store.recordings,
      customerData: store.customerData,
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
