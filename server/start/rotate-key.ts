import { systemClock } from "./system-clock.ts";
import { openStore } from "./open-store.ts";
import type { Settings } from "./settings.ts";
import { beginRotation, endRotation } from "../guard/secrets/encryption-keys.ts";
import { createSecretBox, keyId } from "../guard/secrets/secret-box.ts";
import { resealDocuments } from "./reseal-documents.ts";

/** Some secrets could not be sealed with the new key. The message says which, and what to do. */
export class RotationError extends Error {
  override readonly name = "RotationError";
}

/**
 * `frontdesk rotate-key`: seals every stored secret with a new key, and returns a sentence about it. It keeps the old
 * key until everything is done, so you may kill it at any moment and run it again. It opens the database for itself
 * alone: a server that ran in the meantime would go on sealing with the old key. Throws `RotationError`,
 * `EncryptionKeyError`, `StoreOpenError`.
 */
export async function rotateKey(settings: Settings): Promise<string> {
  const { dataDir, encryptionKey: given, previousEncryptionKeys: previous = [] } = settings;
  const store = await openStore(settings);
  try {
    const keys = await beginRotation({ dataDir, given, previous });
    const [current] = keys;
    if (current === undefined) throw new RotationError("There is no encryption key.");
    const box = createSecretBox({ keys });
    const { resealed, failed } = await resealDocuments({ documents: store.documents, box, keyId: keyId(current), clock: systemClock });
    if (failed.length > 0) {
      throw new RotationError(
        `Sealed ${count(resealed)} with the new key. No key opens ${count(failed.length)}, so the earlier keys are kept: ${failed.join(", ")}. Put back the key that sealed them, or enter them again. Then run this command again.`,
      );
    }
    await endRotation({ dataDir, given, previous });
    const next =
      given === undefined ? "The earlier key is gone from encryption.key." : "FRONTDESK_PREVIOUS_ENCRYPTION_KEYS is no longer needed.";
    return `Sealed ${count(resealed)} with the key ${keyId(current)}. ${next} Backups of the database made before still need the earlier key.`;
  } finally {
    await store.close();
  }
}

function count(values: number): string {
  return values === 1 ? "1 secret" : `${values} secrets`;
}
