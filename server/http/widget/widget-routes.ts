import { type Request, type Response, Router } from "express";
import { type BuiltFile, FOR_EVER, sendBuiltFile } from "../built-file.ts";
import type { WidgetFiles } from "./widget-files.ts";
import type { WidgetArchive } from "./widget-archive.ts";
import { HttpError } from "../http-error.ts";

/** A page gets a new version of the script within five minutes; meanwhile the old one continues to work. */
const SHORT = "public, max-age=300, stale-while-revalidate=86400";
const SCRIPT = "frontdesk.js";

interface WidgetRoutesOptions {
  readonly archive?: WidgetArchive | undefined;
  readonly basePath?: string;
  /** The origin on which views of tools are shown; undefined: there is none. */
  readonly sandbox?: () => string | undefined;
  /** Hears of each page that loads the script. */
  readonly scriptLoaded?: (request: Request) => void;
}

/**
 * The widget for other people's pages:
 *
 * - `/frontdesk.js`, the address that site owners paste, always the newest;
 * - `/assets/…`, named by their content;
 * - `/v/<revision>/…`, the same files under an address that never changes its content, for `integrity`;
 * - `/frontdesk.json`, which says the revision, the SRI values, and where views of tools are shown.
 *
 * Files of earlier versions of this server are found in `archive`. `basePath` is what paths begin with outside, such as
 * `/desk`.
 */
export function widgetRoutes(
  widget: WidgetFiles | undefined,
  { archive, basePath = "", sandbox, scriptLoaded }: WidgetRoutesOptions = {},
): Router {
  const router = Router({ caseSensitive: true, strict: true });
  // Asked by a page whose scripts add headers to every request.
  router.options(["/frontdesk.js", "/frontdesk.json", "/assets/*path", "/v/*path"], (request, response) => {
    const asked = request.headers["access-control-request-headers"];
    if (asked !== undefined) response.set("Access-Control-Allow-Headers", asked);
    forEveryone(response).set("Vary", "Access-Control-Request-Headers").status(204).end();
  });
  router.get("/frontdesk.js", (request, response) => {
    scriptLoaded?.(request);
    send(request, response, built(widget).script, SHORT);
  });
  router.get("/frontdesk.json", (_request, response) => {
    forEveryone(response)
      .set("Cache-Control", SHORT)
      .json({ ...manifest(built(widget), basePath), sandbox: sandbox?.() });
  });
  router.get("/assets/*path", async (request, response) => {
    const path = request.path.slice(1);
    const file = built(widget).files.get(path) ?? (await archive?.findAsset(path));
    if (file === undefined) throw new HttpError(404, "not-found", "There is no such file.");
    send(request, response, file, FOR_EVER);
  });
  router.get("/v/:revision/*path", async (request, response) => {
    const { revision, files } = built(widget);
    const asked = request.params.revision;
    const path = request.path.slice(`/v/${asked}/`.length);
    const file = asked === revision ? files.get(path) : await archive?.find(asked, path);
    if (file === undefined)
      throw new HttpError(
        404,
        "not-found",
        `There is no such file. This server has revision ${revision} of the widget now; see /frontdesk.json.`,
      );
    if (path === SCRIPT) scriptLoaded?.(request);
    send(request, response, file, FOR_EVER);
  });
  return router;
}

function built(widget: WidgetFiles | undefined): WidgetFiles {
  if (widget !== undefined) return widget;
  throw new HttpError(503, "not-built", "The widget is not built. Run `npm run build` and restart the server.");
}

function manifest({ script, files, revision }: WidgetFiles, basePath: string): object {
  return {
    revision,
    script: { path: `${basePath}/frontdesk.js`, pinned: `${basePath}/v/${revision}/${script.path}`, integrity: script.integrity },
    files: [...files.values()].map((file) => ({
      path: `${basePath}/v/${revision}/${file.path}`,
      integrity: file.integrity,
      bytes: file.bodies.identity.length,
      ...(file.bodies.br === undefined ? {} : { brotliBytes: file.bodies.br.length }),
    })),
  };
}

function send(request: Request, response: Response, file: BuiltFile, caching: string): void {
  sendBuiltFile(request, forEveryone(response), file, caching);
}

/** Pages of any origin load these: they are public, and hold nothing of a customer. */
function forEveryone(response: Response): Response {
  return response.set({ "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin", "Timing-Allow-Origin": "*" });
}
