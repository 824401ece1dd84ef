import type { IncomingMessage, ServerResponse } from "node:http";
import type { ViewCsp } from "../../../protocol/views.ts";
import type { Log } from "../../foundation/log.ts";
import { send } from "../send.ts";
import { splitUrl } from "../split-url.ts";
import { sandboxDocument } from "./sandbox-document.ts";
import { permissionsPolicy, viewPolicy } from "./view-policy.ts";

/** A view as it is shown. */
export interface ShownView {
  readonly html: string;
  readonly title: string;
  readonly host: string;
  readonly meta: { readonly csp: ViewCsp; readonly clipboardWrite: boolean };
}

export interface SandboxHandlerPorts {
  /** Undefined: the token is none, or is over. */
  readonly find: (token: string) => Promise<ShownView | undefined>;
  /** Throws where the address asks too much. */
  readonly checkLoad: (request: IncomingMessage) => Promise<void>;
  readonly isHttps: boolean;
  readonly log: Log;
}

const PATH = "/view";
const MOST_TOKEN = 4_096;

/** All that the sandbox's origin has: the document of one view, for whoever has its token, and nothing at any other address. */
export function sandboxHandler({ find, checkLoad, isHttps, log }: SandboxHandlerPorts) {
  const always = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    ...(isHttps ? { "Strict-Transport-Security": "max-age=31536000" } : {}),
  };
  const refuse = (response: ServerResponse, status: number, text: string, more: Readonly<Record<string, string>> = {}): void =>
    send(
      response,
      status,
      {
        ...always,
        ...more,
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Content-Type": "text/plain; charset=utf-8",
      },
      `${text}\n`,
    );
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { path, search } = splitUrl(request.url);
    if (path !== PATH) return refuse(response, 404, "There is nothing here.");
    if (request.method !== "GET") return refuse(response, 405, "Only GET can be used here.", { Allow: "GET" });
    try {
      await checkLoad(request);
    } catch {
      return refuse(response, 429, "There are too many requests from this network.");
    }
    try {
      const token = new URLSearchParams(search).get("t") ?? "";
      const view = token === "" || token.length > MOST_TOKEN ? undefined : await find(token);
      if (view === undefined) return refuse(response, 404, "This view is not there any more. Open the conversation again.");
      const { html, title, host, meta } = view;
      send(
        response,
        200,
        {
          ...always,
          "Content-Type": "text/html; charset=utf-8",
          "Content-Security-Policy": viewPolicy(meta.csp, host),
          "Permissions-Policy": permissionsPolicy(meta),
          "Cross-Origin-Resource-Policy": "cross-origin",
          "Origin-Agent-Cluster": "?1",
        },
        sandboxDocument({ html, title, host, clipboardWrite: meta.clipboardWrite }),
      );
    } catch (error) {
      log.error({ error }, "A view could not be shown.");
      refuse(response, 500, "Something went wrong on the server.");
    }
  };
}
