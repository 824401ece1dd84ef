import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

const VERSION = "v1";
const ALGORITHM = "aes-256-gcm";
const KEY_BYTES = 32;
const KEY_ID_BYTES = 6;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** `v1.<key id>.<nonce>.<ciphertext and tag>`, the last three in base64url. */
const SEALED = /^v1\.([A-Za-z0-9_-]{8})\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{22,})$/;

/** A sealed value cannot be opened. The message says which place and what to do; it never has a secret in it. */
export class SecretBoxError extends Error {
  override readonly name = "SecretBoxError";
  /**
   * `unknown-key`: it was sealed with a key that is not here. `damaged`: changed, moved from another place, or never
   * sealed.
   */
  readonly reason: "unknown-key" | "damaged";
  readonly place: string;
  constructor(reason: "unknown-key" | "damaged", place: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
    this.place = place;
  }
}

/**
 * Keeps secrets at rest. `place` is where the value is, `<document kind>/<document id>/<field path>`: a value that is
 * copied to another row does not open there.
 */
export interface SecretBox {
  seal(text: string, place: string): string;
  /** Throws `SecretBoxError`. */
  open(sealed: string, place: string): string;
}

export interface SecretBoxPorts {
  /** 32 bytes each. The first one seals; all of them open. */
  readonly keys: readonly Buffer[];
  /** `length` random bytes; the operating system's unless given. */
  readonly random?: (length: number) => Buffer;
}

/**
 * A box that seals with AES-256-GCM under a fresh nonce of 96 bits; version, key and place are bound to the value as
 * associated data.
 */
export function createSecretBox(ports: SecretBoxPorts): SecretBox {
  const random = ports.random ?? randomBytes;
  const keys = new Map(ports.keys.map((key) => [keyId(key), key]));
  const [current] = ports.keys;
  if (current === undefined) throw new Error("A secret box needs at least one key.");
  const currentId = keyId(current);

  return {
    seal: (text, place) => {
      const nonce = random(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, current, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(associatedData(currentId, place));
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return [VERSION, currentId, nonce.toString("base64url"), body.toString("base64url")].join(".");
    },
    open: (sealed, place) => {
      const [, id = "", nonceText = "", bodyText = ""] = SEALED.exec(sealed) ?? [];
      if (id === "") throw damaged(place);
      const key = keys.get(id);
      if (key === undefined) {
        throw new SecretBoxError(
          "unknown-key",
          place,
          `The secret at ${place} was sealed with the key ${id}, which this server does not have. Put the earlier key back (encryption.key in DATA_DIR, or FRONTDESK_PREVIOUS_ENCRYPTION_KEYS), or enter the secret again.`,
        );
      }
      const nonce = Buffer.from(nonceText, "base64url");
      const body = Buffer.from(bodyText, "base64url");
      // Base64url has several spellings of the same bytes; only the one we write is ours.
      if (body.toString("base64url") !== bodyText) throw damaged(place);
      try {
        const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
        decipher.setAAD(associatedData(id, place));
        decipher.setAuthTag(body.subarray(-TAG_BYTES));
        return Buffer.concat([decipher.update(body.subarray(0, -TAG_BYTES)), decipher.final()]).toString("utf8");
      } catch (error) {
        throw damaged(place, error);
      }
    },
  };
}

/** Whether a text has the shape of a sealed value; it may still not open. */
export function isSealed(text: string): boolean {
  return SEALED.test(text);
}

/** The id of the key that a value was sealed with; undefined when it has not the shape of one. */
export function sealedKeyId(text: string): string | undefined {
  return SEALED.exec(text)?.[1];
}

/** What a key is called in sealed values. It reveals nothing about the key. */
export function keyId(key: Buffer): string {
  if (key.length !== KEY_BYTES) throw new Error(`An encryption key has ${KEY_BYTES} bytes, not ${key.length}.`);
  return createHash("sha256").update("frontdesk key id").update(key).digest().subarray(0, KEY_ID_BYTES).toString("base64url");
}

function associatedData(id: string, place: string): Buffer {
  return Buffer.from(`${VERSION}.${id}.${place}`, "utf8");
}

function damaged(place: string, cause?: unknown): SecretBoxError {
  return new SecretBoxError(
    "damaged",
    place,
    `The secret at ${place} cannot be opened: it was changed, or it belongs to another row. Restore the database from a backup, or enter the secret again.`,
    cause === undefined ? undefined : { cause },
  );
}
