import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Figure } from "./figure.ts";
import { builtPackage } from "./server/built-package.ts";

const assetsSchema = z.object({ files: z.array(z.object({ file: z.string(), brotliBytes: z.number(), chat: z.boolean() })) });

/** What customers download, compressed with brotli. */
export async function benchSizes(): Promise<readonly Figure[]> {
  const { widget } = await builtPackage();
  const { files } = assetsSchema.parse(JSON.parse(await readFile(join(widget, "assets.json"), "utf8")));
  const kilobytes = (wanted: (file: (typeof files)[number]) => boolean): number =>
    files.filter(wanted).reduce((sum, { brotliBytes }) => sum + brotliBytes, 0) / 1000;
  return [
    { name: "frontdesk.js", unit: "kB brotli", value: kilobytes(({ file }) => file === "frontdesk.js"), budget: 2.5 },
    { name: "everything that a text chat loads", unit: "kB brotli", value: kilobytes(({ chat }) => chat), budget: 41 },
  ];
}
