import { type Request, type Response, Router } from "express";
import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import * as z from "zod";
import { lazily } from "../../foundation/lazily.ts";
import { type BuiltFile, FOR_EVER, hasKnownType, readBuiltFile, sendBuiltFile } from "../built-file.ts";
import { HttpError } from "../http-error.ts";

/** Our own scripts and styles, our own API, and nothing else; what becomes HTML goes through Lit. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  // Recordings of calls.
  "media-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  // The second names the address of the service worker, and no other.
  "trusted-types lit-html frontdesk-worker",
].join("; ");

/** What the preview may do: what docs/pages.md tells site owners to allow for the widget, and to be framed by the console. */
function previewPolicy(sandbox: string | undefined): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data: https:",
    ...(sandbox === undefined ? [] : [`frame-src ${sandbox}`]),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join("; ");
}

/** What the page begins with (`scripts/build-console.ts`). */
const firstSchema = z.object({
  entry: z.string(),
  imports: z.array(z.string()),
  style: z.string(),
  beforePaint: z.string(),
  /** What whoever is signed in needs besides. */
  inside: z.array(z.string()),
  /** What a screen needs besides the shell: the first whose pattern fits the address below `/console`. */
  screens: z.array(z.object({ pattern: z.string().transform((source) => new RegExp(source)), files: z.array(z.string()) })),
});
type First = z.output<typeof firstSchema>;
/** Shows what is pushed while the console is closed. */
const WORKER = "service-worker.js";
const KEY = /^[a-z0-9][a-z0-9_-]{0,200}$/;
/** What the tag of the preview may carry besides: the assistant's look (decision 0035). */
const LOOK = ["accent", "position", "theme", "lang", "label"] as const;
const LONGEST_VALUE = 100;

export interface ConsoleRoutesPorts {
  /** `dist/console`. */
  readonly folder: string;
  /** What paths begin with outside, such as `/desk`. */
  readonly basePath: string;
  /** The name of the session's cookie. */
  readonly sessionCookie: string;
  /** The origin of the sandbox of views; undefined: there is none. */
  readonly sandbox: () => string | undefined;
}

/**
 * The console, to be mounted at `/console`: its files, the page that a site owner tries a draft on, and one page for
 * every other address below, since the screens' addresses are the browser's business.
 */
export function consoleRoutes({ folder, basePath, sessionCookie, sandbox }: ConsoleRoutesPorts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const present = lazily(async () => {
    const names = await readdir(folder, { recursive: true }).catch(() => []);
    return new Set(names.map((name) => name.split(sep).join("/")));
  });
  const first = lazily(async () => firstSchema.parse(JSON.parse(await readFile(join(folder, "assets.json"), "utf8"))));
  const files = new Map<string, Promise<BuiltFile>>();

  router.get("/assets/:name", async (request, response) => {
    const path = `assets/${request.params.name}`;
    const names = await present();
    if (!names.has(path) || !hasKnownType(path)) throw new HttpError(404, "not-found", "There is no such file.");
    const file = files.get(path) ?? readBuiltFile(folder, path, names);
    files.set(path, file);
    sendBuiltFile(request, response, await file, FOR_EVER);
  });
  // Its address stays the same: browsers look there for a newer one.
  router.get(`/${WORKER}`, async (request, response) => {
    const names = await present();
    if (!names.has(WORKER)) throw new HttpError(404, "not-found", "There is no such file.");
    response.set("Content-Security-Policy", "default-src 'none'");
    const file = files.get(WORKER) ?? readBuiltFile(folder, WORKER, names);
    files.set(WORKER, file);
    sendBuiltFile(request, response, await file, "no-cache");
  });
  router.get("/preview", (request, response) => {
    const { searchParams } = new URL(request.url, "http://localhost");
    const assistant = searchParams.get("assistant") ?? "";
    if (!KEY.test(assistant)) throw new HttpError(404, "not-found", "There is no such preview.");
    response.set("X-Frame-Options", "SAMEORIGIN");
    sendPage(response, previewOf({ assistant, ...lookOf(searchParams) }, basePath), previewPolicy(sandbox()));
  });
  router.get(/.*/, async (request: Request, response: Response) => {
    if (!(await present()).has("assets.json"))
      throw new HttpError(503, "not-built", "The console is not built. Run `npm run build` and restart the server.");
    const hasSession = request.headers.cookie?.includes(`${sessionCookie}=`) ?? false;
    sendPage(response, htmlOf(await first(), { basePath, path: request.path, hasSession }), POLICY);
  });
  return router;
}

function sendPage(response: Response, html: string, policy: string): void {
  response.set({ "Content-Security-Policy": policy, "Cache-Control": "no-store" }).type("html").send(html);
}

interface Visit {
  readonly basePath: string;
  /** Below `/console`. */
  readonly path: string;
  /** A session's cookie came, which may be over: who it is, and the shell, are asked for at once and side by side. */
  readonly hasSession: boolean;
}

function htmlOf(first: First, { basePath, path, hasSession }: Visit): string {
  const { entry, imports, style, beforePaint } = first;
  const root = `${basePath}/console/`;
  const modules = [...imports, ...(hasSession ? filesInside(first, path) : [])];
  return `<!doctype html>
<html lang="en" data-base="${basePath}"${hasSession ? " data-session" : ""}>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Frontdesk</title>
<link rel="icon" href="data:,">
<script src="${root}${beforePaint}"></script>
<link rel="stylesheet" href="${root}${style}">
${modules.map((file) => `<link rel="modulepreload" href="${root}${file}">`).join("\n")}
${hasSession ? `<link rel="preload" as="fetch" crossorigin href="${basePath}/api/v1/me">` : ""}
<script type="module" src="${root}${entry}"></script>
<desk-console></desk-console>
<noscript><p>This page needs JavaScript.</p></noscript>
</html>
`;
}

/** The shell's files and those of the screen at `path`: each comes at once, and not when the one before it has run. */
function filesInside({ inside, screens }: First, path: string): readonly string[] {
  const screen = screens.find(({ pattern }) => pattern.test(path));
  return [...inside, ...(screen?.files ?? [])];
}

function lookOf(query: URLSearchParams): Readonly<Record<string, string>> {
  const given = LOOK.map((name) => [name, query.get(name)?.slice(0, LONGEST_VALUE) ?? ""] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== ""));
}

/** A page as a site has it, with the one line that a site owner pastes. It is as dark as the chat on it. */
function previewOf(attributes: Readonly<Record<string, string>>, basePath: string): string {
  const { theme = "system" } = attributes;
  const scheme = theme === "light" || theme === "dark" ? theme : "light dark";
  const data = Object.entries(attributes).map(([name, value]) => ` data-${name}="${escaped(value)}"`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="${scheme}">
<title>Preview</title>
<link rel="icon" href="data:,">
<script async src="${basePath}/frontdesk.js"${data.join("")}></script>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
