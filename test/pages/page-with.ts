import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import type { DemoConfiguration } from "../../demo/start/configuration.ts";
import { openStage, type Stage, type StageOptions, type VisitOptions } from "../story/stage.ts";
import type { Visit } from "../story/visit.ts";
import { peer } from "../support/peers.ts";

/** What stands on somebody else's page around the chat. */
export interface PageParts {
  readonly head?: string;
  readonly body?: string;
  /** Files of third-party packages (`lenis/dist/lenis.min.js`), in order, in the head: scripts and style sheets. */
  readonly peers?: readonly string[];
  /** Runs at the end of the body, before the pasted tag. */
  readonly script?: string;
  /** More attributes of the pasted tag; `false`: the page has none. */
  readonly tag?: string | false;
  readonly htmlAttributes?: string;
  readonly bodyAttributes?: string;
}

/** A website of its own, with a whole demo behind the chat on its pages. */
export interface Site {
  readonly stage: Stage;
  /** Where its pages lie, without a slash at the end. */
  readonly origin: string;
  /** Puts a page at a path. */
  readonly put: (path: string, parts: PageParts) => void;
  /** A new customer in a window of their own, on a page with these parts. */
  readonly visit: (parts: PageParts, options?: VisitOptions) => Promise<Visit>;
  readonly close: () => Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = { ".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript" };

/** Starts the demo, a browser, and a server of another origin that may show the chat. Needs the built widget. */
export async function openSite(options: StageOptions = {}): Promise<Site> {
  const pages = new Map<string, string>();
  const answer = async ({ url = "/" }: IncomingMessage, response: ServerResponse): Promise<void> => {
    const page = pages.get(url.replace(/\?.*/, ""));
    if (page !== undefined) return void response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
    try {
      const file = await readFile(await peer(url.replace("/peers/", "")));
      response.writeHead(200, { "content-type": TYPES[extname(url)] ?? "application/octet-stream" }).end(file);
    } catch {
      response.writeHead(404).end();
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const configure = (configuration: DemoConfiguration): DemoConfiguration => {
    const { shop } = configuration.assistants;
    const allowedOrigins = [...(shop["allowedOrigins"] as string[]), origin];
    return { ...configuration, assistants: { ...configuration.assistants, shop: { ...shop, allowedOrigins } } };
  };
  const stage = await openStage({ ...options, configure });
  const put = (path: string, parts: PageParts): void => void pages.set(path, pageWith(parts, stage.demo.deskUrl));
  return {
    stage,
    origin,
    put,
    visit(parts, visitOptions) {
      const path = `/${pages.size}`;
      put(path, parts);
      return stage.visit(origin + path, visitOptions);
    },
    async close() {
      await stage.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

function pageWith(
  { head = "", body = "<h1>A page</h1>", peers = [], script = "", tag = "", htmlAttributes = "", bodyAttributes = "" }: PageParts,
  desk: string,
): string {
  const load = (file: string): string =>
    file.endsWith(".css") ? `<link rel="stylesheet" href="/peers/${file}">` : `<script src="/peers/${file}"></script>`;
  const pasted = tag === false ? "" : `<script src="${desk}/frontdesk.js" data-assistant="shop" ${tag}></script>`;
  return `<!doctype html><html lang="en" ${htmlAttributes}><head><meta charset="utf-8"><title>A page</title>
    <meta name="viewport" content="width=device-width">${peers.map(load).join("")}${head}</head>
    <body ${bodyAttributes}>${body}<script>${script}</script>${pasted}</body></html>`;
}
