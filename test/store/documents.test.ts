import { join } from "node:path";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { documentsContract } from "../contract/documents.ts";
import { temporaryFolder } from "./temporary-folder.ts";

for (const exclusive of [true, false])
  documentsContract(exclusive ? "SQLite" : "SQLite, shared by processes", async () => {
    const folder = await temporaryFolder();
    const opened = await openSqliteStore({ path: join(folder.path, "frontdesk.db"), exclusive });
    return {
      documents: opened.documents,
      async cleanup() {
        await opened.close();
        await folder.remove();
      },
    };
  });
