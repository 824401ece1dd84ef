/**
 * `npm run build`: everything that is published: `dist/`, and the generated files (`generate.ts`). With
 * `--if-needed` it does nothing while `dist/` is newer than everything it is made from.
 *
 *   dist/console   the staff's web application
 *   dist/widget    the pasted script, what it loads, and what `import "frontdesk"` gives
 *   dist/server    the server and the program `frontdesk`
 *   dist/types     the types of `import "frontdesk"`
 */
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildConsole } from "./build-console.ts";
import { buildServer } from "./build-server.ts";
import { buildTypes } from "./build-types.ts";
import { buildWidget } from "./build-widget.ts";
import { generate } from "./generate.ts";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");
/** Written last, so that a build that broke off counts as none. */
const stamp = join(dist, ".built");
const SOURCES = ["protocol", "voice", "widget", "console", "server", "scripts", "package.json", "package-lock.json", "tsconfig.json"];

if (!(process.argv.includes("--if-needed") && isFresh())) {
  const startedAt = Date.now();
  const [files] = await Promise.all([
    buildWidget(join(dist, "widget")),
    buildServer(join(dist, "server")),
    buildTypes(join(dist, "types")),
    buildConsole(join(dist, "console")),
    generate(),
  ]);
  writeFileSync(stamp, `${new Date(startedAt).toISOString()}\n`);
  // What was changed during the build may be missing in it.
  utimesSync(stamp, startedAt / 1000, startedAt / 1000);
  const chat = files.filter((file) => file.chat).reduce((sum, file) => sum + file.brotliBytes, 0);
  console.log(
    `Built dist/ in ${((Date.now() - startedAt) / 1000).toFixed(1)} s; a text chat loads ${(chat / 1000).toFixed(1)} kB (brotli).`,
  );
}

function isFresh(): boolean {
  if (!existsSync(stamp)) return false;
  const builtAt = statSync(stamp).mtimeMs;
  return SOURCES.every((source) => newest(join(root, source)) < builtAt);
}

/** When the newest file below a path was written, milliseconds since 1970. */
function newest(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((entry) => newest(join(path, entry))));
}
