import { createServer, type Server } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
/** What reaches beyond the page, and what plays its part. */
const STAGED: Readonly<Record<string, string>> = {
  [path("../../widget/controllers/thread-controller.ts")]: path("staged-controller.ts"),
  [path("../../widget/call/voice-call.ts")]: path("staged-call.ts"),
};

/**
 * As strict a policy as a site may have: the widget's own script, and addresses that it makes itself for tools'
 * pictures and sounds.
 */
export const POLICY =
  "default-src 'none'; script-src 'self'; img-src blob:; media-src blob:; require-trusted-types-for 'script'; trusted-types lit-html";

/** Bundles the book, with the staged controller and the staged call in place of the real ones. */
async function bundleBook(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "error",
    plugins: [
      {
        name: "staged",
        enforce: "pre",
        async resolveId(source, importer) {
          if (!/\/(?:thread-controller|voice-call)\.ts$/.test(source)) return null;
          const resolved = await this.resolve(source, importer, { skipSelf: true });
          return STAGED[resolved?.id ?? ""] ?? null;
        },
      },
    ],
    build: {
      write: false,
      target: "es2022",
      minify: false,
      lib: { entry: fileURLToPath(new URL("book.ts", import.meta.url)), name: "book", formats: ["iife"] },
    },
  });
  const [result] = Array.isArray(built) ? built : [built];
  const [script] = result && "output" in result ? result.output : [];
  if (!script) throw new Error("Bundling the story book made no script.");
  return script.code;
}

/** Serves the book on a free port, under `POLICY`. The caller closes it. */
export async function openBook(): Promise<{ readonly address: string; readonly close: () => void }> {
  const script = await bundleBook();
  const server: Server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    if (pathname === "/book.js") return void response.setHeader("content-type", "text/javascript").end(script);
    const dir = searchParams.get("dir") === "rtl" ? "rtl" : "ltr";
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.setHeader("content-security-policy", POLICY);
    response.end(
      `<!doctype html><html lang="en" dir="${dir}"><meta name="viewport" content="width=device-width"><title>Story book</title><main><h1>Lamps</h1></main><script src="/book.js"></script></html>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const place = server.address();
  if (place === null || typeof place === "string") throw new Error("The story book's server has no port.");
  return { address: `http://127.0.0.1:${place.port}/`, close: () => void server.close() };
}
