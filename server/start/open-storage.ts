import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Store } from "../conversation/ports/store.ts";
import type { DocumentStore } from "../documents/ports.ts";
import type { CallList } from "../inbox/calls.ts";
import { KEYS_FILE, openEncryptionKeys } from "../guard/secrets/encryption-keys.ts";
import { createSecretBox, type SecretBox } from "../guard/secrets/secret-box.ts";
import { openSecret, SECRET_FILE } from "../guard/secrets/server-secret.ts";
import type { Log } from "../foundation/log.ts";
import { JournalSearch } from "../search/journal-search.ts";
import type { OpenedStore } from "../store/opened-store.ts";
import type { Base } from "./open-base.ts";
import type { Part } from "./open-parts.ts";
import { databasePath, openStore, searchPath } from "./open-store.ts";
import type { Settings } from "./settings.ts";

/** What is kept, and the keys it is sealed with. */
export interface Storage extends Part {
  /** The journals, as the conversation uses them. */
  readonly store: Store;
  /** The same database, with what lists and traces for staff read. */
  readonly journal: OpenedStore;
  readonly documents: DocumentStore;
  readonly calls: CallList;
  /** Full text search over the journals; `start` lets it follow them. */
  readonly search: JournalSearch;
  readonly box: SecretBox;
  /** Signs tokens and cookies. */
  readonly secret: Buffer;
}

/**
 * Opens the database, and makes keys at the first start. Throws `SecretError`, `EncryptionKeyError`, `StoreOpenError`.
 */
export async function openStorage({ settings, log, wrap, clock, folder }: Base): Promise<Storage> {
  const { dataDir, encryptionKey, previousEncryptionKeys: previous = [] } = settings;
  warnOfWhatIsLost(settings, log);
  const keys = await openEncryptionKeys({ dataDir, given: encryptionKey, previous, log });
  const secret = await openSecret({ dataDir, given: settings.secret, log });
  const journal = await openStore(settings, log);
  const search = new JournalSearch({
    journal,
    queue: journal.searchQueue,
    clock,
    log,
    program: searchProgram(folder),
    path: searchPath({ dataDir }),
  });
  return {
    store: wrap("store", journal),
    journal,
    documents: journal.documents,
    calls: journal.calls,
    search,
    box: createSecretBox({ keys }),
    secret,
    close: async () => {
      await search.close();
      await journal.close();
    },
  };
}

/** The program of the search's thread: bundled beside `cli.js`, or the source where the server runs from it. */
function searchProgram(folder: string): string {
  return import.meta.filename.endsWith(".ts")
    ? join(folder, "server/search/search-worker.ts")
    : join(folder, "dist/server/search-worker.js");
}

/**
 * Keys that are older than their database are what is left of one, or of a first start that was cut short. A database
 * without its keys has lost them.
 */
function warnOfWhatIsLost({ dataDir, secret, encryptionKey }: Pick<Settings, "dataDir" | "secret" | "encryptionKey">, log: Log): void {
  const path = databasePath({ dataDir });
  const has = (name: string): boolean => existsSync(join(dataDir, name));
  if (!existsSync(path)) {
    if (has(KEYS_FILE) || has(SECRET_FILE))
      log.warn({ path }, "There are keys but no database beside them, so a new one is made. If there was one, stop and put it back.");
    return;
  }
  if (secret === undefined && !has(SECRET_FILE))
    log.warn({ path }, `${SECRET_FILE} is gone: with a new one, customers lose their conversations. Stop, and put the earlier one back.`);
  if (encryptionKey === undefined && !has(KEYS_FILE))
    log.warn({ path }, `${KEYS_FILE} is gone: a new one opens no secret that is stored. Stop, and put the earlier one back.`);
}
