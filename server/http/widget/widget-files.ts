import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, sep } from "node:path";

/** How a file is sent: as it is, or as the build compressed it. */
export type Encoding = "br" | "gzip" | "identity";

/** One file of the built widget, in memory: all of them together are some hundred kilobytes. */
export interface WidgetFile {
  /** Below the widget's folder, with `/`: `frontdesk.js`, `assets/thread-3f2a.js`. */
  readonly path: string;
  readonly type: string;
  /** For the `integrity` attribute: `sha384-…`. */
  readonly integrity: string;
  readonly bodies: Readonly<Partial<Record<Encoding, Buffer>>> & { readonly identity: Buffer };
}

export interface WidgetFiles {
  readonly script: WidgetFile;
  readonly files: ReadonlyMap<string, WidgetFile>;
  /** Changes when any file does; the folder under `/v/` that always has exactly these files. */
  readonly revision: string;
}

const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".map": "application/json",
};
const COMPRESSED = { br: ".br", gzip: ".gz" } as const;

/** Reads the built widget. Undefined: there is none in `folder`. */
export async function readWidgetFiles(folder: string): Promise<WidgetFiles | undefined> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const present = new Set(names.map((name) => name.split(sep).join("/")));
  const served = [...present].filter((path) => (path === "frontdesk.js" || path.startsWith("assets/")) && extname(path) in TYPES).sort();
  const files = new Map(await Promise.all(served.map(async (path) => [path, await readWidgetFile(folder, path, present)] as const)));
  const script = files.get("frontdesk.js");
  if (script === undefined) return undefined;
  const revision = createHash("sha256").update([...files.values()].map((file) => `${file.path} ${file.integrity}`).join("\n"));
  return { script, files, revision: revision.digest("hex").slice(0, 16) };
}

/** One file and what the build compressed of it; `present` are the names in the folder. */
export async function readWidgetFile(folder: string, path: string, present: ReadonlySet<string>): Promise<WidgetFile> {
  const identity = await readFile(join(folder, path));
  const bodies: Partial<Record<Encoding, Buffer>> & { identity: Buffer } = { identity };
  for (const [encoding, ending] of Object.entries(COMPRESSED)) {
    if (present.has(path + ending)) bodies[encoding as keyof typeof COMPRESSED] = await readFile(join(folder, path + ending));
  }
  return {
    path,
    type: TYPES[extname(path)] ?? "application/octet-stream",
    integrity: `sha384-${createHash("sha384").update(identity).digest("base64")}`,
    bodies,
  };
}
