import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** Somebody's page, as its web server gives it. */
export interface GivenPage {
  readonly head?: string;
  readonly body?: string;
  /** Of the page itself, lower case. Default: HTML in UTF-8. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Other files of the same server by path, `/lit.js`: a script's text, or where it lies. */
  readonly files?: Readonly<Record<string, string | { readonly file: string }>>;
}

/**
 * Serves the page at every path that is no file, until the test ends, from an origin of its own.
 *
 * @returns the page's address
 */
export async function pageWith({ head = "", body = "", headers = {}, files = {} }: GivenPage): Promise<string> {
  const page = `<!doctype html><html lang="en"><head><title>Somebody's page</title>${head}</head><body><h1>Somebody's page</h1>${body}</body></html>`;
  const server = createServer((request, response) => {
    const file = files[request.url ?? ""];
    if (file === undefined) return void response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...headers }).end(page);
    const text = typeof file === "string" ? Promise.resolve(file) : readFile(file.file);
    text.then(
      (found) => response.writeHead(200, { "content-type": "text/javascript" }).end(found),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** The tag that site owners paste, for the assistant of the demo. */
export function pastedTag(deskUrl: string, attributes = ""): string {
  return `<script async src="${deskUrl}/frontdesk.js" data-assistant="shop" ${attributes}></script>`;
}
