import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import type { Plugin } from "vite";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Bundles a browser module and all it imports into one minified script, as the product's own build would.
 *
 * @param entry where the module is
 * @param name the global that holds its exports once the script ran
 * @param checkout another checkout of this project, with its dependencies installed: what the module imports from
 *   `widget/` is taken from there
 */
export async function bundleScript(entry: URL, name: string, checkout?: string): Promise<string> {
  const path = fileURLToPath(entry);
  const built = await build({
    configFile: false,
    logLevel: "error",
    plugins: checkout === undefined ? [] : [widgetOf(checkout)],
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

function widgetOf(checkout: string): Plugin {
  const there = resolve(checkout);
  if (!existsSync(`${there}/widget`)) throw new Error(`${there} is no checkout of this project: it has no folder widget.`);
  return {
    name: "widget-of-another-checkout",
    enforce: "pre",
    async resolveId(source, importer) {
      const found = await this.resolve(source, importer, { skipSelf: true });
      return found?.id.startsWith(`${ROOT}widget/`) ? `${there}/${found.id.slice(ROOT.length)}` : null;
    },
  };
}
