import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { MIGRATIONS } from "../migrations/index.ts";

/** What is wrong with a file that ought to be a backup; undefined: nothing. It leaves nothing beside the file. */
export function inspectBackup(path: string): string | undefined {
  let database: DatabaseSync | undefined;
  try {
    const address = pathToFileURL(path);
    // A file in WAL mode gets a log and its index from whoever opens it, and who only reads cannot remove them.
    address.searchParams.set("immutable", "1");
    database = new DatabaseSync(address, { readOnly: true });
    const check = database.prepare("pragma integrity_check(1)").get()?.["integrity_check"];
    if (check !== "ok") return `it is damaged (${String(check)}).`;
    const tables = database.prepare("select name from sqlite_master where type = 'table' and name = 'kysely_migration'").all();
    if (tables.length === 0) return "it is no database of Frontdesk.";
    const newer = database
      .prepare("select name from kysely_migration order by name")
      .all()
      .map(({ name }) => String(name))
      .filter((name) => !Object.hasOwn(MIGRATIONS, name));
    return newer.length === 0 ? undefined : `it was written by a newer version (${newer.join(", ")}). Install that version first.`;
  } catch (error) {
    return `it cannot be read as a database (${error instanceof Error ? error.message : String(error)}).`;
  } finally {
    database?.close();
  }
}
