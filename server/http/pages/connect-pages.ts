import type { SignInPageWords } from "./sign-in-page-words.ts";
import { escapeHtml } from "./escape-html.ts";

/** Where the pages' script and style are. */
const SCRIPT_PATH = "/connect/assets/connect.js";
const STYLE_PATH = "/connect/assets/connect.css";

/** How a page is to be drawn. */
export interface PageSetting {
  readonly words: SignInPageWords;
  /** What paths begin with outside, such as `/desk`; empty if with nothing. */
  readonly basePath: string;
}

/** The only things these pages may do: their own script and style, one request to ourselves. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * The page that a chat's Connect button opens. Its script asks the page that opened it for the proof, and goes on to
 * the sign-in.
 */
export function openingPage(setting: PageSetting, service: string, ticket: string): string {
  const { words } = setting;
  return page(setting, words.connecting(service), {
    attributes: ` data-step="open" data-ticket="${escapeHtml(ticket)}"`,
    body: `<div id="waiting"><h1>${escapeHtml(words.connecting(service))}</h1><p>${escapeHtml(words.oneMoment)}</p></div>
<noscript><p>${escapeHtml(words.noScript)}</p></noscript>
<div id="no-opener" hidden><h1>${escapeHtml(words.noOpener)}</h1><p>${escapeHtml(words.noOpenerWhy)}</p></div>
<div id="not-opened" hidden><h1>${escapeHtml(words.failed(service))}</h1><p>${escapeHtml(words.notOpened)}</p></div>`,
  });
}

/** How it ended. `close`: the window closes itself after a moment. */
export function endPage(
  setting: PageSetting,
  text: { readonly title: string; readonly lines: readonly string[]; readonly close: boolean },
): string {
  const lines = text.lines.map((line) => `<p>${escapeHtml(line)}</p>`).join("\n");
  return page(setting, text.title, {
    attributes: text.close ? ' data-step="close"' : ' data-step="end"',
    body: `<h1>${escapeHtml(text.title)}</h1>\n${lines}`,
  });
}

function page({ words, basePath }: PageSetting, title: string, content: { readonly attributes: string; readonly body: string }): string {
  return `<!doctype html>
<html lang="${words.language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${basePath}${STYLE_PATH}">
<script src="${basePath}${SCRIPT_PATH}" defer></script>
<main id="page"${content.attributes}>
<div role="status">
${content.body}
</div>
</main>
</html>
`;
}

export const STYLE = `:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body {
  margin: 0;
  min-height: 100dvh;
  display: grid;
  place-items: center;
  padding: 24px;
  background: light-dark(#f6f6f4, #17181a);
  color: light-dark(#1b1c1e, #ececea);
  font: 15px/1.5 system-ui, sans-serif;
}
main { width: 100%; max-width: 400px; }
h1 { margin: 0 0 8px; font-size: 20px; line-height: 1.3; font-weight: 600; overflow-wrap: anywhere; text-wrap: balance; }
p { margin: 0 0 8px; overflow-wrap: anywhere; color: light-dark(#55575c, #a9abaf); }
[hidden] { display: none; }
`;

/**
 * The pages' script, for every browser that the widget runs in. Whoever opened the page knows its address, so any
 * opener may have the ticket. What counts is the proof, and the origin that it came from, which the server compares
 * with the assistant's.
 */
export const SCRIPT = `"use strict";
(() => {
  const page = document.getElementById("page");
  const { step, ticket } = page.dataset;
  // Neither code nor state stays in the address, where it would be copied with it.
  if (step !== "open") history.replaceState(null, "", location.pathname);
  if (step === "close") setTimeout(() => window.close(), 1500);
  if (step !== "open") return;

  const opener = window.opener;
  const show = (id) => {
    for (const part of ["waiting", "no-opener", "not-opened"]) document.getElementById(part).hidden = part !== id;
  };
  if (!opener) return show("no-opener");

  let answered = false;
  const ask = () => opener.postMessage({ type: "frontdesk:connect", ticket }, "*");
  const asking = setInterval(ask, 300);
  const waiting = setTimeout(() => {
    clearInterval(asking);
    show("no-opener");
  }, 10000);

  addEventListener("message", async (event) => {
    const data = event.data;
    if (answered || event.source !== opener || !data || data.type !== "frontdesk:proof" || data.ticket !== ticket) return;
    if (typeof data.proof !== "string") return;
    answered = true;
    clearInterval(asking);
    clearTimeout(waiting);
    try {
      const response = await fetch(location.pathname, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ proof: data.proof, origin: event.origin }),
      });
      if (!response.ok) return show("not-opened");
      const { authorizationUrl } = await response.json();
      // The sign-in's page has no business with the chat's.
      window.opener = null;
      location.replace(authorizationUrl);
    } catch {
      show("not-opened");
    }
  });
  ask();
})();
`;
