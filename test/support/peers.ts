import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";

const FOLDER = join(import.meta.dirname, "../peers");
const LOCK = join(FOLDER, ".installing");
const STALE_MS = 5 * 60_000;
let ready: Promise<void> | undefined;

/**
 * Where a third-party peer lies: `peer("@copilotkit/aimock/dist/index.js")`, or its folder for a name alone. The peers
 * are a package of their own (`test/peers`), installed from its lock file by the first test that asks, whichever
 * process it is in.
 */
export async function peer(path: string): Promise<string> {
  const name = path.split("/", path.startsWith("@") ? 2 : 1).join("/");
  const manifest = join(FOLDER, "node_modules", name, "package.json");
  if (!existsSync(manifest)) await (ready ??= install(manifest));
  const found = join(FOLDER, "node_modules", path);
  if (!existsSync(found)) throw new Error(`test/peers has no ${path}. Does test/peers/package.json name ${name}, with its exact version?`);
  return found;
}

async function install(wanted: string): Promise<void> {
  while (!(await locked())) {
    await after(250);
    if (existsSync(wanted) && !existsSync(LOCK)) return;
  }
  try {
    const npm = spawn("npm", ["ci", "--prefix", FOLDER, "--no-audit", "--no-fund"], { stdio: ["ignore", "inherit", "inherit"] });
    const [code] = (await once(npm, "exit")) as [number | null];
    if (code !== 0) throw new Error(`npm ci --prefix test/peers ended with ${code}. The peers are needed by these tests.`);
  } finally {
    await rm(LOCK, { recursive: true, force: true });
  }
}

/** Takes the lock; one that a killed process left is taken over. */
async function locked(): Promise<boolean> {
  try {
    await mkdir(LOCK);
    return true;
  } catch {
    const since = await stat(LOCK).then(
      (found) => found.mtimeMs,
      () => undefined,
    );
    if (since !== undefined && Date.now() - since > STALE_MS) await rm(LOCK, { recursive: true, force: true });
    return false;
  }
}
