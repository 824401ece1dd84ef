/**
 * Builds the server into `dist/server/`: `cli.js`, what the package's `bin` starts, `search-worker.js`, the
 * program of a thread, and the parts that they load when they are needed. Node does not strip types below `node_modules`, so what is published has to be built.
 *
 * The package's `dependencies` are loaded from `node_modules`. Everything else is bundled, and so a `devDependency`:
 * packages made of hundreds of small modules (zod, kysely, the MCP client), which makes the start faster and the
 * process lighter. Nothing is minified: a stack trace names our functions.
 */
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";
import type { Rolldown } from "vite";
import * as z from "zod";
import { licencesOf } from "./widget-licences.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

const packageSchema = z.object({ dependencies: z.record(z.string(), z.string()) });

/** Builds into `directory`, which is emptied before. */
export async function buildServer(directory: string): Promise<void> {
  const { dependencies } = packageSchema.parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));
  const output = await build({
    configFile: false,
    root,
    logLevel: "warn",
    publicDir: false,
    ssr: { target: "node", noExternal: true, external: Object.keys(dependencies) },
    build: {
      ssr: true,
      target: "node22",
      outDir: directory,
      emptyOutDir: true,
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input: { cli: join(root, "server/cli.ts"), "search-worker": join(root, "server/search/search-worker.ts") },
        output: {
          format: "es",
          entryFileNames: "[name].js",
          chunkFileNames: "parts/[name]-[hash].js",
          sourcemapExcludeSources: true,
          // Their comments would be parsed with every start; the licences are in a file of their own.
          comments: { legal: false, annotation: false, jsdoc: false },
        },
      },
    },
  });
  const chunks = chunksOf(output);
  const program = join(directory, "cli.js");
  await chmod(program, 0o755);
  if (!(await readFile(program, "utf8")).startsWith("#!/usr/bin/env node\n"))
    throw new Error(`${program} does not begin with #!, so it cannot be a bin.`);
  await writeFile(
    join(directory, "LICENSES.txt"),
    (await licencesOf(chunks)).replace(/^.*\n/, "cli.js and parts/ contain code of these packages.\n"),
  );
}

function chunksOf(output: Awaited<ReturnType<typeof build>>): Rolldown.OutputChunk[] {
  const outputs = Array.isArray(output) ? output : [output];
  return outputs.flatMap((one) => ("output" in one ? one.output : [])).filter((part) => part.type === "chunk");
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await buildServer(join(root, "dist/server"));
