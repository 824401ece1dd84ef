import { join } from "node:path";
import type { Log } from "../foundation/log.ts";
import type { OpenedStore } from "../store/opened-store.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";

export interface OpenStoreSettings {
  readonly dataDir: string;
}

/** Where the database is. */
export function databasePath({ dataDir }: OpenStoreSettings): string {
  return join(dataDir, "frontdesk.sqlite");
}

/** Where the search keeps what it has read. It is made anew from the journals where it is missing. */
export function searchPath({ dataDir }: OpenStoreSettings): string {
  return join(dataDir, "search.sqlite");
}

/** Opens the database for this process alone; the one place that chooses a store. Throws `StoreOpenError`. */
export function openStore(settings: OpenStoreSettings, log?: Log): Promise<OpenedStore> {
  return openSqliteStore({ path: databasePath(settings), ...(log === undefined ? {} : { log }) });
}
