import { hkdfSync, randomBytes } from "node:crypto";
import { chmod, link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../../foundation/log.ts";

const KEY_BYTES = 32;
/** In the folder of the data. */
export const SECRET_FILE = "secret.key";

/** The secret cannot be used. The message says which, and what to do; it never has the secret in it. */
export class SecretError extends Error {
  override readonly name = "SecretError";
}

/**
 * The server's own secret, 32 bytes: derived from `given` (`FRONTDESK_SECRET`) or kept in `<dataDir>/secret.key`, made
 * on the first start and readable by this user only. Anybody who has it can make customer tokens. Throws `SecretError`.
 */
export async function openSecret(options: {
  readonly dataDir: string;
  readonly given: string | undefined;
  readonly log: Log;
}): Promise<Buffer> {
  if (options.given !== undefined) return derive(options.given, "frontdesk");
  const path = join(options.dataDir, SECRET_FILE);
  const kept = await readSecret(path);
  if (kept !== undefined) return kept;
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  await makeSecret(path);
  options.log.info({ path }, "Made a secret on the first start. Keep it with the data: without it, customers lose their conversations.");
  const made = await readSecret(path);
  if (made === undefined) throw new SecretError(`${path} was made and is gone again. Does something clean this folder?`);
  return made;
}

/** A key for one purpose. */
export function derive(secret: string | Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "frontdesk", purpose, KEY_BYTES));
}

async function readSecret(path: string): Promise<Buffer | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new SecretError(`${path} cannot be read. Give this user the right to read it, or set FRONTDESK_SECRET.`, { cause: error });
  }
  const secret = Buffer.from(text.trim(), "base64url");
  if (secret.length !== KEY_BYTES)
    throw new SecretError(`${path} is damaged: it should hold ${KEY_BYTES} bytes as base64url. Restore it from a backup.`);
  return secret;
}

/** In one piece or not at all, and never over one that another process made meanwhile. */
async function makeSecret(path: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, `${randomBytes(KEY_BYTES).toString("base64url")}\n`, { mode: 0o600, flag: "wx", flush: true });
  try {
    await link(draft, path);
    await chmod(path, 0o600);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await rm(draft, { force: true });
  }
}
