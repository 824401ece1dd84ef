/** The pieces that the page of an export is made of. Whatever was said or kept is escaped here, and nothing else is. */

const STYLE = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem;
  background: light-dark(#fff, #15181d); color: light-dark(#1d2128, #e6e8eb); }
h1 { font-size: 1.5rem; line-height: 1.25; } h2 { margin: 3rem 0 0; font-size: 1.15rem; } h3 { margin: 0; font-size: 1rem; }
h1, h2, h3, .text, td, th, pre { overflow-wrap: anywhere; } p { margin: 0; }
.by, th, summary, .none { color: light-dark(#59616e, #a3abb8); font-size: 13px; }
.said { margin: 1rem 0; } .text { white-space: pre-wrap; }
.call, .note { padding: 0.6rem 0.9rem; border: 1px solid light-dark(#d9dde3, #343b45); border-radius: 8px; }
.note { border-style: dashed; }
table { width: 100%; margin: 0.4rem 0; border-collapse: collapse; }
th, td { padding: 0.2rem 0.75rem 0.2rem 0; text-align: start; vertical-align: top; font-weight: normal; }
th { width: 30%; } td { white-space: pre-wrap; } td > table { margin: 0; }
pre { margin: 0.4rem 0; padding: 0.75rem; border-radius: 8px; background: light-dark(#f4f5f7, #1f242b); font-size: 12px; white-space: pre-wrap; }
summary { cursor: pointer; }
@media print {
  :root { color-scheme: light; }
  body { max-width: none; margin: 0; font-size: 11pt; }
  h2, h3 { break-after: avoid; } .said { break-inside: avoid; }
}
`;

/** Its beginning. No script runs in it and nothing is loaded, whatever somebody wrote. */
export function head(title: string): string {
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
`;
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function escaped(raw: string): string {
  return raw.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? "");
}

const TIME = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** Milliseconds since 1970 as "30 Nov 2026, 05:47 UTC". */
export function time(at: number): string {
  return `<time datetime="${new Date(at).toISOString()}">${TIME.format(at)} UTC</time>`;
}

export function words(raw: string): string {
  return raw === "" ? "" : `<div class="text" dir="auto">${escaped(raw)}</div>`;
}

export function folded(label: string, inner: string): string {
  return `<details><summary>${escaped(label)}</summary>${inner}</details>`;
}

export function json(value: unknown): string {
  return `<pre>${escaped(JSON.stringify(value, null, 1) ?? "")}</pre>`;
}

/** How deep tables stand in tables. Below that it is JSON. */
const DEEPEST = 2;

/** An object as a table of its members; anything else as text. */
export function table(value: unknown, depth = 0): string {
  if (value === null || value === undefined) return "–";
  if (Array.isArray(value)) {
    const isPlain = value.every((item) => typeof item !== "object");
    if (isPlain) return escaped(value.join(", "));
    return depth < DEEPEST ? value.map((item) => table(item, depth + 1)).join("") : json(value);
  }
  if (typeof value !== "object") return escaped(typeof value === "string" ? value : JSON.stringify(value));
  if (depth > DEEPEST) return json(value);
  const rows = Object.entries(value).map(
    ([name, member]) => `<tr><th scope="row">${escaped(name)}</th><td dir="auto">${cell(name, member, depth)}</td></tr>`,
  );
  return rows.length === 0 ? "–" : `<table>${rows.join("")}</table>`;
}

/** Before 2001 no time of ours lies, and hardly an amount is so large. */
const FIRST_TIME = 1_000_000_000_000;

function cell(name: string, value: unknown, depth: number): string {
  if (typeof value === "number" && name.endsWith("At") && value >= FIRST_TIME) return time(value);
  return table(value, depth + 1);
}
