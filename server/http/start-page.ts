import { Router } from "express";

/** `/`: what this address is, for the person who opens it in a browser. */
export function startPage(options: { readonly publicUrl: () => string; readonly version: string }): Router {
  const router = Router();
  router.get("/", (_request, response) => {
    const script = escape(`<script async src="${options.publicUrl()}/frontdesk.js" data-assistant="shop"></script>`);
    response.type("html").send(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>Frontdesk</title>
<h1>Frontdesk ${escape(options.version)} is running</h1>
<p>Put its chat on a website with this line, where <code>shop</code> is the key of an assistant in the configuration file:</p>
<pre>${script}</pre>
<p>The website's origin has to be among the assistant's <code>allowedOrigins</code>.</p>
<p><a href="/healthz">health</a> · <a href="/readyz">readiness</a> · <a href="/frontdesk.json">integrity values</a></p>
</html>
`);
  });
  return router;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
