/**
 * Builds the console into `dist/console/`:
 *
 *   assets/*           scripts and the style sheet, named by content
 *   service-worker.js  shows what is pushed while the console is closed
 *   assets.json        which of them the page begins with, and what each loads
 *   LICENSES.txt       the licences of what is bundled
 *
 * Each file has a `.br` and a `.gz` beside it.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import type { Rolldown } from "vite";
import { SCREENS } from "../console/shell/screens.ts";
import { describe, writeCompressed } from "./widget-assets.ts";
import { licencesOf } from "./widget-licences.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What nearly every screen needs comes in two files instead of thirty: each file costs a slow processor milliseconds. */
const GROUPS = [
  {
    name: "foundation",
    // The last three are what the build adds itself.
    test: /node_modules[\\/](lit|lit-html|lit-element|@lit)[\\/]|console[\\/](api|foundation)[\\/]|preload-helper|oxc-project|rolldown[\\/]runtime/,
    priority: 2,
  },
  {
    name: "parts",
    test: /[\\/]console[\\/](parts[\\/](?!chime|data-table|fixed-rows|json-|menu|push|sessions|text-difference)|shell[\\/](shell-words|pages)|screens[\\/]people[\\/](people-words|role-choices))/,
    priority: 1,
  },
];

/** Builds into `directory`, which is emptied before. */
export async function buildConsole(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  const parts = await bundle("console/main.ts", {});
  // Runs before the page is drawn, so it is no module.
  const [beforePaint] = chunksOf(await bundle("console/before-paint.ts", { format: "iife", codeSplitting: false }));
  // Stays where it is: browsers look at its address for a newer one.
  const [worker] = chunksOf(
    await bundle("console/service-worker.ts", { format: "iife", codeSplitting: false, entryFileNames: "[name].js" }),
  );
  const chunks = chunksOf(parts);
  const entry = chunks.find(({ isEntry }) => isEntry);
  const style = parts.find((part) => part.type === "asset" && part.fileName.endsWith(".css"));
  if (entry === undefined || beforePaint === undefined || worker === undefined || style === undefined)
    throw new Error("The console's build made no entry, or no style sheet.");
  const files = [...parts, beforePaint, worker].map((part) => ({
    file: part.fileName,
    contents: part.type === "chunk" ? part.code : textOf(part),
  }));
  await mkdir(join(directory, "assets"), { recursive: true });
  const sizes = new Map<string, number>();
  await Promise.all(
    files.map(async ({ file, contents }) => {
      const asset = await describe(file, contents);
      sizes.set(file, asset.brotliBytes);
      await writeCompressed(join(directory, file), asset);
    }),
  );
  const loads = chunks.map(({ fileName: file, facadeModuleId, imports, dynamicImports }) => ({
    file,
    module: facadeModuleId === null ? null : relative(root, facadeModuleId),
    brotliBytes: sizes.get(file),
    imports,
    dynamicImports,
  }));
  const begun = new Set([entry.fileName, ...entry.imports]);
  const shell = neededBy("console/shell/console-shell.ts", chunks, begun);
  const first = {
    entry: entry.fileName,
    imports: entry.imports,
    style: style.fileName,
    styleBrotliBytes: sizes.get(style.fileName),
    beforePaint: beforePaint.fileName,
    inside: shell,
    screens: screens(chunks, new Set([...begun, ...shell])),
    loads,
  };
  await writeFile(join(directory, "assets.json"), `${JSON.stringify(first, undefined, 2)}\n`);
  await writeFile(join(directory, "LICENSES.txt"), await licencesOf(chunks));
}

/** What each screen needs besides what is `known`, in the order of the screens; the first pattern that an address fits counts. */
function screens(
  chunks: readonly Rolldown.OutputChunk[],
  known: ReadonlySet<string>,
): readonly { readonly pattern: string; readonly files: readonly string[] }[] {
  return SCREENS.map(({ path, load }) => {
    const module = /import\("\.\.\/(screens\/[^"]+)"\)/.exec(String(load))?.[1];
    if (module === undefined) throw new Error(`The screen at ${path} imports no file of console/screens/.`);
    return { pattern: `^${path.replaceAll(/:\w+/g, "[^/]+")}/*$`, files: neededBy(`console/${module}`, chunks, known) };
  });
}

/** The file that a module became and all that comes with it, without what is known. */
function neededBy(module: string, chunks: readonly Rolldown.OutputChunk[], known: ReadonlySet<string>): readonly string[] {
  const own = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(`/${module}`) ?? false);
  if (own === undefined) throw new Error(`The console's build made no file of ${module}.`);
  const needed = new Set([own.fileName]);
  // Grows while it is gone through.
  for (const file of needed)
    for (const next of chunks.find(({ fileName }) => fileName === file)?.imports ?? []) if (!known.has(next)) needed.add(next);
  return [...needed];
}

function chunksOf(parts: readonly (Rolldown.OutputChunk | Rolldown.OutputAsset)[]): readonly Rolldown.OutputChunk[] {
  return parts.filter((part) => part.type === "chunk");
}

function textOf({ source }: Rolldown.OutputAsset): string {
  return typeof source === "string" ? source : Buffer.from(source).toString();
}

async function bundle(input: string, output: Rolldown.OutputOptions): Promise<readonly (Rolldown.OutputChunk | Rolldown.OutputAsset)[]> {
  const built = await build({
    define: { "process.env.NODE_ENV": '"production"' },
    root,
    // Relative, so that it works below any path.
    base: "./",
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    mode: "production",
    resolve: { conditions: ["module", "browser", "production"] },
    build: {
      write: false,
      target: "es2022",
      minify: "oxc",
      cssMinify: true,
      cssCodeSplit: false,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: join(root, input),
        output: {
          entryFileNames: "assets/[name]-[hash].js",
          chunkFileNames: "assets/[name]-[hash].js",
          assetFileNames: "assets/[name]-[hash][extname]",
          comments: { legal: false },
          codeSplitting: { groups: GROUPS },
          ...output,
        },
      },
    },
  });
  const [result] = Array.isArray(built) ? built : [built];
  if (result === undefined || !("output" in result)) throw new Error("Vite gave no output: is it watching?");
  return result.output;
}
