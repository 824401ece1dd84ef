import type { Request, Response } from "express";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";

/** How a file is sent: as it is, or as the build compressed it. */
type Encoding = "br" | "gzip" | "identity";

/** One built file, in memory: all of them together are some hundred kilobytes. */
export interface BuiltFile {
  /** Below its folder, with `/`: `frontdesk.js`, `assets/thread-3f2a.js`. */
  readonly path: string;
  readonly type: string;
  /** For the `integrity` attribute: `sha384-…`. */
  readonly integrity: string;
  readonly bodies: Readonly<Partial<Record<Encoding, Buffer>>> & { readonly identity: Buffer };
}

/** For a file whose name changes with its content. */
export const FOR_EVER = "public, max-age=31536000, immutable";

const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".map": "application/json",
  ".bin": "application/octet-stream",
};
const COMPRESSED = { br: ".br", gzip: ".gz" } as const;
const PREFERENCE: readonly Encoding[] = ["br", "gzip", "identity"];

export function hasKnownType(path: string): boolean {
  return extname(path) in TYPES;
}

/** One file and what the build compressed of it; `present` are the names in the folder. */
export async function readBuiltFile(folder: string, path: string, present: ReadonlySet<string>): Promise<BuiltFile> {
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

/** Sends a file as the browser can take it, or says that it has it already. */
export function sendBuiltFile(request: Request, response: Response, file: BuiltFile, caching: string): void {
  const encoding = choose(request, file);
  const tag = `"${file.integrity.slice("sha384-".length, "sha384-".length + 22)}-${encoding}"`;
  response.set({ "Cache-Control": caching, "Content-Type": file.type, ETag: tag, Vary: "Accept-Encoding" });
  if (isKnown(request.headers["if-none-match"], tag)) {
    response.status(304).end();
    return;
  }
  const body = file.bodies[encoding] ?? file.bodies.identity;
  if (encoding !== "identity") response.set("Content-Encoding", encoding);
  response.set("Content-Length", String(body.length)).end(request.method === "HEAD" ? undefined : body);
}

/** Whether the browser has exactly this. */
function isKnown(noneMatch: string | undefined, tag: string): boolean {
  return (noneMatch ?? "").split(",").some((known) => known.trim().replace(/^W\//, "") === tag);
}

function choose(request: Request, file: BuiltFile): Encoding {
  const there = PREFERENCE.filter((encoding) => file.bodies[encoding] !== undefined);
  const accepted = request.acceptsEncodings(...there);
  return there.find((encoding) => encoding === accepted) ?? "identity";
}
