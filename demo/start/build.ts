import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** What the built widget is made from, below the repository. */
const sources = ["widget", "protocol", "scripts", "package-lock.json"];

/** Runs `npm run build` if `dist/` is absent or older than what it is built from. Throws with the build's output if that fails. */
export async function buildIfNeeded(repository: string, say: (line: string) => void): Promise<void> {
  const built = join(repository, "dist");
  const builtAt = existsSync(built) ? newest(built) : 0;
  if (builtAt > Math.max(...sources.map((source) => newest(join(repository, source))))) return;
  say("Building the widget …");
  const output: string[] = [];
  const child = spawn("npm", ["run", "build"], { cwd: repository, stdio: ["ignore", "pipe", "pipe"], shell: process.platform === "win32" });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  const [code]: unknown[] = await once(child, "close");
  if (code !== 0) throw new Error(`The widget could not be built: npm run build ended with exit code ${String(code)}.\n${output.join("")}`);
}

/** When the newest file below a path was written, milliseconds since 1970; 0 if there is none. */
function newest(path: string): number {
  if (!existsSync(path)) return 0;
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((entry) => newest(join(path, entry))));
}
