import { join } from "node:path";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { callListContract } from "../contract/calls.ts";
import { documentsContract } from "../contract/documents.ts";
import { temporaryFolder } from "./temporary-folder.ts";

for (const exclusive of [true, false]) {
  const name = exclusive ? "SQLite" : "SQLite, shared by processes";
  const open = async () => {
    const logged: string[] = [];
    const log = { info: () => {}, warn: () => {}, error: (fields: unknown) => void logged.push(JSON.stringify(fields)) };
    const folder = await temporaryFolder();
    const opened = await openSqliteStore({ path: join(folder.path, "frontdesk.db"), exclusive, log });
    return {
      documents: opened.documents,
      calls: opened.calls,
      logged,
      async cleanup() {
        await opened.close();
        await folder.remove();
      },
    };
  };
  documentsContract(name, open);
  callListContract(name, open);
}
