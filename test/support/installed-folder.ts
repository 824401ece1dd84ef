import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { setTimeout as after } from "node:timers/promises";

const ROOT = join(import.meta.dirname, "../..");
const STALE_MS = 10 * 60_000;

/**
 * A folder with a `package.json` and a lock file of its own. It is installed from its lock file by the first who asks
 * for something in it, whichever process that is in; after that nothing is fetched any more.
 */
export class InstalledFolder {
  readonly #folder: string;
  readonly #lock: string;
  #ready: Promise<void> | undefined;

  /** `folder` from the root of the repository. */
  constructor(folder: string) {
    this.#folder = join(ROOT, folder);
    this.#lock = join(this.#folder, ".installing");
  }

  /** Installs it unless that was done since its lock file was last written. */
  async ensure(): Promise<void> {
    const installed = join(this.#folder, "node_modules/.package-lock.json");
    const lockFile = join(this.#folder, "package-lock.json");
    if (existsSync(installed) && statSync(installed).mtimeMs > statSync(lockFile).mtimeMs) return;
    console.log(`Installing what the tests need of ${relative(ROOT, this.#folder)}.`);
    await this.#install(() => false);
  }

  /** Where `name/file` of a package lies, or its folder for a name alone. Throws if it is not there once installed. */
  async path(path: string): Promise<string> {
    const name = path.split("/", path.startsWith("@") ? 2 : 1).join("/");
    const manifest = join(this.#folder, "node_modules", name, "package.json");
    if (!existsSync(manifest)) await (this.#ready ??= this.#install(() => existsSync(manifest)));
    const found = join(this.#folder, "node_modules", path);
    if (existsSync(found)) return found;
    const shown = relative(ROOT, this.#folder);
    throw new Error(`${shown} has no ${path}. Does ${shown}/package.json name ${name}, with its exact version?`);
  }

  /** `isDone`: somebody else did it while we waited for them. */
  async #install(isDone: () => boolean): Promise<void> {
    while (!(await this.#locked())) {
      await after(250);
      if (isDone() && !existsSync(this.#lock)) return;
    }
    try {
      const npm = spawn("npm", ["ci", "--prefix", this.#folder, "--no-audit", "--no-fund"], { stdio: ["ignore", "inherit", "inherit"] });
      const [code] = (await once(npm, "exit")) as [number | null];
      if (code !== 0) throw new Error(`npm ci --prefix ${this.#folder} ended with ${code}. These tests need what is in it.`);
    } finally {
      await rm(this.#lock, { recursive: true, force: true });
    }
  }

  /** Takes the lock; one that a killed process left is taken over. */
  async #locked(): Promise<boolean> {
    try {
      await mkdir(this.#lock);
      return true;
    } catch {
      const since = await stat(this.#lock).then(
        (found) => found.mtimeMs,
        () => undefined,
      );
      if (since !== undefined && Date.now() - since > STALE_MS) await rm(this.#lock, { recursive: true, force: true });
      return false;
    }
  }
}
