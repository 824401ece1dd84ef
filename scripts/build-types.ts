/**
 * Builds the declarations that belong to `import "frontdesk"` into `dist/types`: those of `widget/index.ts` and what
 * they name. They stand alone: the element is an `HTMLElement` with its public members, because who imports it has no
 * Lit.
 */
import { spawnSync } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { publicDeclarations } from "./public-declarations.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const ENTRY = "widget/index.ts";

/** Throws when the types do not hold, with the compiler's words, and when a declaration would need a package. */
export async function buildTypes(directory: string): Promise<void> {
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, "-b", "widget"], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`The types of the widget do not hold:\n${stdout}${stderr}`);
  await rm(directory, { recursive: true, force: true });
  const found = new Set([ENTRY]);
  for (const source of found) {
    const name = source.replace(/\.ts$/, ".d.ts");
    const { text, imports } = publicDeclarations(name, await readFile(join(root, ".types", name), "utf8"));
    for (const specifier of imports) {
      if (!specifier.startsWith(".")) throw new Error(`The published types would need "${specifier}" because of ${source}.`);
      found.add(join(dirname(source), specifier));
    }
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await buildTypes(join(root, "dist/types"));
