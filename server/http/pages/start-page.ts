import { Router } from "express";
import { basePathOf } from "../../foundation/base-path.ts";
import { escapeHtml } from "./escape-html.ts";

export interface StartPagePorts {
  readonly publicUrl: () => string;
  readonly version: string;
  /** Absent: there is one. */
  readonly hasAssistant?: () => boolean;
}

/** `/`: what this address is, for the person who opens it in a browser, and how to go on. */
export function startPage({ publicUrl, version, hasAssistant = () => true }: StartPagePorts): Router {
  const router = Router();
  router.get("/", (_request, response) => {
    const base = basePathOf(publicUrl());
    const script = escapeHtml(`<script async src="${publicUrl()}/frontdesk.js" data-assistant="shop"></script>`);
    const next = hasAssistant()
      ? `<p>Put its chat on a website with this line, where <code>shop</code> is the key of an assistant:</p>
<pre>${script}</pre>
<p>The website's origin must be among the assistant's <code>allowedOrigins</code>.</p>`
      : `<p>It has no assistant yet. There are three ways to make one:</p>
<ul>
<li>the <a href="${base}/console">console</a>: the first start printed a link that makes the first admin,</li>
<li>a configuration file, named by <code>FRONTDESK_CONFIG</code>, or</li>
<li>the REST API: <code>FRONTDESK_ADMIN_KEY</code> is a key for machines.
<a href="${base}/api/v1/openapi.json">Its description</a> lists what it can do.</li>
</ul>`;
    response.type("html").send(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>Frontdesk</title>
<h1>Frontdesk ${escapeHtml(version)} is running</h1>
${next}
<p><a href="${base}/console">console</a> · <a href="${base}/healthz">health</a> · <a href="${base}/readyz">readiness</a> · <a href="${base}/frontdesk.json">integrity values</a></p>
</html>
`);
  });
  return router;
}
