import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Rolldown } from "vite";

/**
 * The licence texts of every package that has code in these chunks. Throws for a package without one: it may not be
 * shipped.
 */
export async function licencesOf(chunks: readonly Rolldown.OutputChunk[]): Promise<string> {
  const folders = new Set<string>();
  for (const id of chunks.flatMap((chunk) => chunk.moduleIds)) {
    const folder = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
    if (folder !== undefined) folders.add(folder);
  }
  const texts = await Promise.all([...folders].toSorted().map(licenceOf));
  return `frontdesk.js, index.js and assets/ contain code of these packages.\n\n${texts.join("\n\n")}\n`;
}

/** The licence text of the package in this folder. Throws where there is none. */
export async function licenceOf(folder: string): Promise<string> {
  const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as { name: string; version: string; license?: string };
  const file = (await readdir(folder)).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined && about.license === undefined)
    throw new Error(`${about.name} has no licence, so it cannot be part of the widget.`);
  const text = file === undefined ? `(${about.license}; the package brings no text)` : (await readFile(join(folder, file), "utf8")).trim();
  return `${"-".repeat(80)}\n${about.name} ${about.version}, ${about.license ?? "see below"}\n\n${text}`;
}
