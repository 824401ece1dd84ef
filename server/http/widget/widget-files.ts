import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { sep } from "node:path";
import { type BuiltFile, hasKnownType, readBuiltFile } from "../built-file.ts";

export interface WidgetFiles {
  readonly script: BuiltFile;
  readonly files: ReadonlyMap<string, BuiltFile>;
  /** Changes when any file does; the folder under `/v/` that always has exactly these files. */
  readonly revision: string;
}

/** Reads the built widget. Undefined: there is none in `folder`. */
export async function readWidgetFiles(folder: string): Promise<WidgetFiles | undefined> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const present = new Set(names.map((name) => name.split(sep).join("/")));
  const served = [...present].filter((path) => (path === "frontdesk.js" || path.startsWith("assets/")) && hasKnownType(path)).sort();
  const files = new Map(await Promise.all(served.map(async (path) => [path, await readBuiltFile(folder, path, present)] as const)));
  const script = files.get("frontdesk.js");
  if (script === undefined) return undefined;
  const revision = createHash("sha256").update([...files.values()].map((file) => `${file.path} ${file.integrity}`).join("\n"));
  return { script, files, revision: revision.digest("hex").slice(0, 16) };
}
