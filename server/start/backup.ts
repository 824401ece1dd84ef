import { existsSync, statSync } from "node:fs";
import { chmod, copyFile, link, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { CustomerDataStore } from "../customer-data/ports.ts";
import { eraseAgain } from "../customer-data/erase-again.ts";
import { type KnownErasure, listErasures } from "../customer-data/erasure-record.ts";
import { makePrivateFile } from "../foundation/private-file.ts";
import { inspectBackup } from "../store/sqlite/inspect-backup.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import { askServer, NotRunningError } from "./control-socket.ts";
import { databasePath, openStore, searchPath } from "./open-store.ts";
import type { Settings } from "./settings.ts";

/** A backup, or putting one back, did not work. The message says why and what to do. Nothing was changed. */
export class BackupError extends Error {
  override readonly name = "BackupError";
}

/**
 * `frontdesk backup FILE`: a consistent copy of the database, while the server runs or while it does not. Returns a
 * sentence. Throws `BackupError`, `StoreOpenError`.
 */
export async function backupTo(settings: Pick<Settings, "dataDir">, file: string): Promise<string> {
  const path = resolve(file);
  if (existsSync(path)) throw new BackupError(`${path} is there already. Give the backup another name, or remove that file.`);
  if (!existsSync(databasePath(settings))) throw new BackupError(`There is no database in ${settings.dataDir}. DATA_DIR names its folder.`);
  try {
    return await askServer(settings.dataDir, { do: "backup", path });
  } catch (error) {
    if (!(error instanceof NotRunningError)) throw new BackupError(error instanceof Error ? error.message : String(error));
  }
  const store = await openStore(settings);
  try {
    return await writeBackup(store.customerData, path);
  } finally {
    await store.close();
  }
}

/** Under a name of its own until it is whole and on disk, so that half a backup is never taken for one. */
export async function writeBackup(store: Pick<CustomerDataStore, "backup">, path: string): Promise<string> {
  const draft = `${path}.${process.pid}.part`;
  try {
    makePrivateFile(draft);
    await store.backup(draft);
    await syncFile(draft);
    // Never over a file that came meanwhile.
    await link(draft, path);
    await syncFile(dirname(path));
  } catch (error) {
    const reason = error instanceof Error && "code" in error && error.code === "EEXIST" ? "it is there already" : String(error);
    throw new BackupError(`The backup ${path} could not be written: ${reason}.`, { cause: error });
  } finally {
    await rm(draft, { force: true });
    for (const end of ["-wal", "-shm", "-journal"]) await rm(`${draft}${end}`, { force: true });
  }
  const size = Math.ceil(statSync(path).size / 1024);
  return `Wrote ${path} (${size} kB). Keep the keys beside it: encryption.key and secret.key of the data folder, or the variables in their place. They are not in it.`;
}

/**
 * `frontdesk restore FILE`: puts a backup in the place of the database. What was there is kept beside it. Returns a
 * sentence. Throws `BackupError`, `StoreOpenError` while a server runs.
 */
export async function restoreFrom(
  settings: Pick<Settings, "dataDir">,
  file: string,
  { replaces, now }: { readonly replaces: boolean; readonly now: number },
): Promise<string> {
  const [source, path] = [resolve(file), databasePath(settings)];
  if (!existsSync(source)) throw new BackupError(`There is no file ${source}.`);
  const fault = inspectBackup(source);
  if (fault !== undefined) throw new BackupError(`${source} cannot be put back: ${fault}`);
  const isThere = existsSync(path);
  if (isThere && !replaces)
    throw new BackupError(
      `There is a database in ${settings.dataDir}. To put the backup in its place, say --replace; what is there is kept beside it.`,
    );
  const known = isThere ? await erasuresIn(settings, now) : undefined;
  const draft = `${path}.${process.pid}.part`;
  // On a new machine the folder is not there yet.
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await copyFile(source, draft);
    await chmod(draft, 0o600);
    const erased = await eraseSince(draft, known, now);
    await syncFile(draft);
    const kept = `${path}.before-${new Date(now).toISOString().replaceAll(/[:.]/g, "-")}`;
    // It read other journals; the server reads those of the backup at its next start.
    for (const end of ["", "-wal"]) await rm(`${searchPath(settings)}${end}`, { force: true });
    if (isThere) await keepAs(path, kept);
    await rm(`${path}-wal`, { force: true });
    // In one step: whatever ends this before it leaves the database where it was, and never none.
    await rename(draft, path);
    await syncFile(dirname(path));
    const before = isThere ? ` What was there is ${kept}: remove it once it is not needed.` : "";
    return `Put ${source} in the place of ${path}.${before} ${erased} The keys have to be those of the backup.`;
  } finally {
    for (const end of ["", "-wal", "-shm", "-journal"]) await rm(`${draft}${end}`, { force: true });
  }
}

/**
 * What the present database knows of erasures. It is opened under its lock: whoever has it open is not disturbed, and
 * nothing is left in its log afterwards.
 */
async function erasuresIn(settings: Pick<Settings, "dataDir">, now: number): Promise<readonly KnownErasure[]> {
  const store = await openStore(settings);
  try {
    return await listErasures(store.documents, now);
  } finally {
    await store.close();
  }
}

/** Erases in the copy what was erased since, and says so. */
async function eraseSince(draft: string, known: readonly KnownErasure[] | undefined, now: number): Promise<string> {
  if (known === undefined) return "No database was here, so nothing is known of what was erased after the backup was made: erase it again.";
  if (known.length === 0) return "No customer had been erased.";
  const store = await openSqliteStore({ path: draft });
  try {
    const { customers, conversations, unknown } = await eraseAgain({ store: store.customerData, documents: store.documents, now }, known);
    const older =
      unknown === 0 ? "" : ` Receipts that do not say of whom they are, from an earlier version: ${unknown}. Erase these again.`;
    return `What was erased since is erased again: ${conversations} conversations of ${customers} customers.${older}`;
  } finally {
    await store.close();
  }
}

/** By a second name; some file systems have none. */
async function keepAs(path: string, kept: string): Promise<void> {
  await link(path, kept).catch(() => copyFile(path, kept));
  await chmod(kept, 0o600);
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
