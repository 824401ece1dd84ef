import { fileURLToPath } from "node:url";
import { build } from "vite";

/**
 * Bundles a browser module and all it imports into one minified script, as the product's own build would.
 *
 * @param entry where the module is
 * @param name the global that holds its exports once the script ran
 */
export async function bundleScript(entry: URL, name: string): Promise<string> {
  const path = fileURLToPath(entry);
  const built = await build({
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      minify: "oxc",
      target: "es2022",
      rolldownOptions: { treeshake: { manualPureFunctions: ["console.assert"] } },
      lib: { entry: path, name, formats: ["iife"] },
    },
  });
  const [result] = Array.isArray(built) ? built : [built];
  const [script] = result && "output" in result ? result.output : [];
  if (!script) throw new Error(`Bundling ${path} made no script.`);
  return script.code;
}
