import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";

const packageSchema = z.object({ name: z.string(), version: z.string() });

/** The folder of this package and its version, whether the server runs from `server/` or built from `dist/server/`. */
export function findPackage(from: string = import.meta.dirname): { readonly folder: string; readonly version: string } {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, "package.json");
    if (existsSync(path)) {
      const found = packageSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
      if (found.success && found.data.name === "frontdesk") return { folder, version: found.data.version };
    }
    if (dirname(folder) === folder) throw new Error(`The package of frontdesk was not found above ${from}. Install it again.`);
  }
}
