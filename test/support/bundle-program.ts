import { basename, join } from "node:path";
import { build } from "vite";

const ROOT = join(import.meta.dirname, "../..");

/**
 * Bundles a program for Node, packages included, for tests that start it many times: from its sources it takes twice as
 * long to start.
 *
 * @param entry the path of its main module
 * @param name the folder for it in `test/.artifacts`
 * @returns the path of what can be started
 */
export async function bundleProgram(entry: string, name: string): Promise<string> {
  const outDir = join(ROOT, "test/.artifacts", name);
  const program = basename(entry, ".ts");
  await build({
    configFile: false,
    root: ROOT,
    logLevel: "warn",
    publicDir: false,
    ssr: { target: "node", noExternal: true },
    build: {
      ssr: true,
      target: "node22",
      outDir,
      minify: false,
      rolldownOptions: { input: { [program]: entry }, output: { format: "es", entryFileNames: "[name].js" } },
    },
  });
  return join(outDir, `${program}.js`);
}
