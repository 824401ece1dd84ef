import { hkdfSync, randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../../foundation/log.ts";

const KEY_BYTES = 32;
/** In the folder of the data. */
export const KEYS_FILE = "encryption.key";

/** The encryption keys cannot be used. The message says which, and what to do; it never has a key in it. */
export class EncryptionKeyError extends Error {
  override readonly name = "EncryptionKeyError";
}

export interface EncryptionKeySettings {
  readonly dataDir: string;
  /** `FRONTDESK_ENCRYPTION_KEY`: takes the place of the file. */
  readonly given: string | undefined;
  /** `FRONTDESK_PREVIOUS_ENCRYPTION_KEYS`: what values were sealed with before. */
  readonly previous: readonly string[];
}

/**
 * The keys that secrets are sealed with, 32 bytes each, the present one first: derived from the environment, or kept in
 * `<dataDir>/encryption.key`, one to a line, made on the first start and readable by this user only. Throws
 * `EncryptionKeyError`.
 */
export async function openEncryptionKeys(settings: EncryptionKeySettings & { readonly log: Log }): Promise<readonly Buffer[]> {
  const previous = settings.previous.map(derived);
  if (settings.given !== undefined) return [derived(settings.given), ...previous];
  const path = keyPath(settings.dataDir);
  const kept = await readKeys(path);
  if (kept !== undefined) return [...kept, ...previous];
  const made = randomBytes(KEY_BYTES);
  await writeKeys(path, [made], "first");
  settings.log.info(
    { path },
    "Made an encryption key on the first start. Keep a copy of it apart from the database: without it, every stored secret has to be entered again.",
  );
  // Another process may have been quicker; the keys that are there now count for all.
  return [...((await readKeys(path)) ?? [made]), ...previous];
}

/**
 * Puts a new key before those in the file, and answers with all of them. A rotation that was cut short is continued:
 * there is a new key already. With a key from the environment nothing is made, as the operator has put the new one
 * there.
 */
export async function beginRotation(settings: EncryptionKeySettings): Promise<readonly Buffer[]> {
  const previous = settings.previous.map(derived);
  if (settings.given !== undefined) return [derived(settings.given), ...previous];
  const path = keyPath(settings.dataDir);
  const kept = await readKeys(path);
  if (kept === undefined) throw new EncryptionKeyError(`${path} is not there, so nothing was sealed yet. There is nothing to rotate.`);
  if (kept.length > 1) return [...kept, ...previous];
  const keys = [randomBytes(KEY_BYTES), ...kept];
  await writeKeys(path, keys, "replace");
  return [...keys, ...previous];
}

/** Nothing is sealed with the earlier keys any more: they leave the file. */
export async function endRotation(settings: EncryptionKeySettings): Promise<void> {
  if (settings.given !== undefined) return;
  const path = keyPath(settings.dataDir);
  const [current] = (await readKeys(path)) ?? [];
  if (current !== undefined) await writeKeys(path, [current], "replace");
}

function derived(given: string): Buffer {
  return Buffer.from(hkdfSync("sha256", given, "frontdesk", "encryption", KEY_BYTES));
}

function keyPath(dataDir: string): string {
  return join(dataDir, KEYS_FILE);
}

async function readKeys(path: string): Promise<readonly Buffer[] | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new EncryptionKeyError(`${path} cannot be read. Give this user the right to read it, or set FRONTDESK_ENCRYPTION_KEY.`, {
      cause: error,
    });
  }
  const keys = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => Buffer.from(line, "base64url"));
  if (keys.length === 0 || keys.some(({ length }) => length !== KEY_BYTES)) {
    throw new EncryptionKeyError(
      `${path} is damaged: it should hold keys of ${KEY_BYTES} bytes as base64url, one to a line. Restore it from a backup.`,
    );
  }
  return keys;
}

/** In one piece or not at all. `first`: never over one that another process made meanwhile. */
async function writeKeys(path: string, keys: readonly Buffer[], how: "first" | "replace"): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  const text = keys.map((key) => `${key.toString("base64url")}\n`).join("");
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await (how === "first" ? linkOnce(draft, path) : rename(draft, path));
    await syncFolder(join(path, ".."));
  } finally {
    await rm(draft, { force: true });
  }
}

async function linkOnce(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

/** The name of the new file has to be on disk before anything is sealed with what is in it. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
