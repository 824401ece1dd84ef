/**
 * Writes the generated files that lie in the repository. `node scripts/generate.ts --check` writes nothing
 * and fails if one is not as it should be.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { apiTypesText } from "./generate-api-types.ts";
import { manifestText } from "./generate-manifest.ts";
import { schemaText } from "./generate-schema.ts";

const root = join(import.meta.dirname, "..");

const GENERATED: Readonly<Record<string, () => string | Promise<string>>> = {
  "frontdesk.schema.json": schemaText,
  "custom-elements.json": manifestText,
  "console/api/types.ts": apiTypesText,
};

export async function generate(): Promise<void> {
  // One that is as it should be is left alone: a build looks at when its sources were written.
  const stale = await staleFiles();
  await Promise.all(stale.map(async (name) => writeFile(join(root, name), await GENERATED[name]!())));
}

/** The names of those that differ from their source, or are missing. */
export async function staleFiles(): Promise<readonly string[]> {
  const stale: string[] = [];
  for (const [name, text] of Object.entries(GENERATED)) {
    const found = await readFile(join(root, name), "utf8").catch(() => undefined);
    if (found !== (await text())) stale.push(name);
  }
  return stale;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!process.argv.includes("--check")) await generate();
  for (const name of await staleFiles()) {
    console.error(`${name} is not what its source says. Run npm run build and commit it.`);
    process.exitCode = 1;
  }
}
