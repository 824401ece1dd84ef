import type { Store } from "../conversation/ports/store.ts";
import type { DocumentStore } from "../documents/ports.ts";
import type { CallList } from "../inbox/calls.ts";
import { openEncryptionKeys } from "../guard/secrets/encryption-keys.ts";
import { createSecretBox, type SecretBox } from "../guard/secrets/secret-box.ts";
import { openSecret } from "../guard/secrets/server-secret.ts";
import type { OpenedStore } from "../store/opened-store.ts";
import type { Base } from "./open-base.ts";
import type { Part } from "./open-parts.ts";
import { openStore } from "./open-store.ts";

/** What is kept, and the keys it is sealed with. */
export interface Storage extends Part {
  /** The journals, as the conversation uses them. */
  readonly store: Store;
  /** The same database, with what lists and traces for staff read. */
  readonly journal: OpenedStore;
  readonly documents: DocumentStore;
  readonly calls: CallList;
  readonly box: SecretBox;
  /** Signs tokens and cookies. */
  readonly secret: Buffer;
}

/**
 * Opens the database, and makes keys at the first start. Throws `SecretError`, `EncryptionKeyError`, `StoreOpenError`.
 */
export async function openStorage({ settings, log, wrap }: Base): Promise<Storage> {
  const { dataDir, encryptionKey, previousEncryptionKeys: previous = [] } = settings;
  const keys = await openEncryptionKeys({ dataDir, given: encryptionKey, previous, log });
  const secret = await openSecret({ dataDir, given: settings.secret, log });
  const journal = await openStore(settings, log);
  return {
    store: wrap("store", journal),
    journal,
    documents: journal.documents,
    calls: journal.calls,
    box: createSecretBox({ keys }),
    secret,
    close: () => journal.close(),
  };
}
