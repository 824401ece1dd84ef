import { join } from "node:path";
import type { Log } from "../foundation/log.ts";
import type { OpenedStore } from "../store/opened-store.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";

export interface OpenStoreSettings {
  readonly dataDir: string;
}

/** Opens the database for this process alone; the one place that chooses a store. Throws `StoreOpenError`. */
export function openStore({ dataDir }: OpenStoreSettings, log?: Log): Promise<OpenedStore> {
  return openSqliteStore({ path: join(dataDir, "frontdesk.sqlite"), ...(log === undefined ? {} : { log }) });
}
