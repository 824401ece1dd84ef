import { SANDBOX_SCRIPT } from "./sandbox-script.ts";

export interface SandboxContent {
  readonly html: string;
  readonly title: string;
  /** The origin of the page that shows it. */
  readonly host: string;
  readonly clipboardWrite: boolean;
}

const STYLE = "html,body,iframe{display:block;width:100%;height:100%;margin:0;border:0}body{overflow:hidden}";

/**
 * The outer of the two frames. The inner one is the view: without an origin, so it reaches neither this document nor the
 * views of others on the sandbox's origin.
 */
export function sandboxDocument({ html, title, host, clipboardWrite }: SandboxContent): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="robots" content="noindex">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
<script data-host="${escaped(host)}">${SANDBOX_SCRIPT}</script>
<iframe title="${escaped(title)}" sandbox="allow-scripts allow-forms"${clipboardWrite ? ' allow="clipboard-write"' : ""} srcdoc="${escaped(html)}"></iframe>
`;
}

/** For the value of an attribute in double quotes, and for text. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
