import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * Fetches Debian's packages and unpacks them into a folder, without installing them: nothing is started, and nobody has
 * to be root. Where the system has no such packages it does nothing. Never throws: a test says what it misses.
 *
 * @param wanted unpacks what it needs by name, and says whether that was all; called again with a newer list of packages
 *   if it was not
 */
export function fetchDebianPackages(folder: string, wanted: (unpack: (name: string) => boolean) => boolean): void {
  if (!existsSync("/usr/bin/apt-get") || !existsSync("/usr/bin/dpkg-deb")) return;
  mkdirSync(folder, { recursive: true });
  const unpack = (name: string): boolean => unpackPackage(name, folder);
  // The system's list of packages may be missing, or older than the packages.
  if (!wanted(unpack) && spawnSync("apt-get", ["update"], { stdio: "inherit" }).status === 0) wanted(unpack);
}

function unpackPackage(name: string, folder: string): boolean {
  console.log(`Fetching Debian's ${name}.`);
  if (spawnSync("apt-get", ["download", name], { cwd: folder, stdio: "inherit" }).status !== 0) return false;
  const file = readdirSync(folder).find((one) => one.startsWith(`${name}_`) && one.endsWith(".deb"));
  if (file === undefined || spawnSync("dpkg-deb", ["-x", file, "."], { cwd: folder, stdio: "inherit" }).status !== 0) return false;
  rmSync(join(folder, file));
  return true;
}

/** The folders in which the libraries of unpacked packages lie, for `LD_LIBRARY_PATH`. */
export function libraryFolders(folder: string): string[] {
  const base = join(folder, "usr/lib");
  if (!existsSync(base)) return [];
  const folders = readdirSync(base, { recursive: true, withFileTypes: true }).filter((one) => one.isDirectory());
  return [base, ...folders.map((one) => join(one.parentPath, one.name))];
}
