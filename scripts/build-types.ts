/** Builds the declarations that belong to `import "frontdesk"` into `dist/types`: the widget's and the protocol's. */
import { spawnSync } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const ROOMS = ["protocol", "widget"];
/** Sources name each other with `.ts`; whoever reads declarations from a package looks for `.js`. */
const SOURCE_IMPORT = /((?:from|import\()\s*"\.{1,2}\/[^"]+)\.ts"/g;

/** Throws when the types do not hold, with the compiler's words. */
export async function buildTypes(directory: string): Promise<void> {
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, "-b", "widget"], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`The types of the widget do not hold:\n${stdout}${stderr}`);
  await rm(directory, { recursive: true, force: true });
  await Promise.all(ROOMS.map((room) => copyDeclarations(room, directory)));
}

/** Of the sources that there are now: the compiler's folder keeps those of deleted ones too. */
async function copyDeclarations(room: string, directory: string): Promise<void> {
  const sources = (await readdir(join(root, room), { recursive: true })).filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"));
  for (const source of sources) {
    const name = join(room, source.replace(/\.ts$/, ".d.ts"));
    const text = await readFile(join(root, ".types", name), "utf8");
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text.replace(SOURCE_IMPORT, '$1.js"').replace(/\n\/\/# sourceMappingURL=.*\n?$/, "\n"));
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await buildTypes(join(root, "dist/types"));
