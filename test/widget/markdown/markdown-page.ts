import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import type * as Entry from "./entry.ts";
import { launchBrowser } from "../../support/browser.ts";
import { bundleScript } from "../../support/bundle.ts";

declare global {
  /** The exports of entry.ts, inside the page. */
  var markdown: typeof Entry;
}

/** The policy under which the widget promises to work. */
export const STRICT_POLICY = "default-src 'none'; script-src 'self'";

/** A browser with pages that have the renderer, served from a loopback origin. */
export interface MarkdownPages {
  /** Opens a page. Requests that leave its origin are refused and their addresses kept in `foreign`. */
  open(policy?: string): Promise<{ page: Page; foreign: string[]; dialogs: string[] }>;
  close(): Promise<void>;
}

export async function startMarkdownPages(): Promise<MarkdownPages> {
  const script = await bundleScript(new URL("entry.ts", import.meta.url), "markdown");
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://page");
    const policy = url.searchParams.get("policy");
    if (policy) response.setHeader("Content-Security-Policy", policy);
    if (url.pathname === "/") {
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      response.end('<!doctype html><html lang="en"><title>Markdown</title><script src="/script.js"></script>');
    } else if (url.pathname === "/script.js") {
      response.setHeader("Content-Type", "text/javascript; charset=utf-8");
      response.end(script);
    } else {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = await launchBrowser();
  return {
    async open(policy) {
      const page = await browser.newPage({ viewport: { width: 400, height: 680 } });
      const foreign: string[] = [];
      const dialogs: string[] = [];
      await page.route("**", (route) => {
        const url = route.request().url();
        if (url.startsWith(`${origin}/`)) return route.continue();
        foreign.push(url);
        return route.abort();
      });
      page.on("dialog", (dialog) => {
        dialogs.push(dialog.message());
        void dialog.dismiss();
      });
      await page.goto(`${origin}/?${new URLSearchParams(policy ? { policy } : {})}`);
      return { page, foreign, dialogs };
    },
    async close() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
