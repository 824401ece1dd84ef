#!/usr/bin/env bash
# lit 3.3.3, directive styleMap: the first time that it draws, it writes a `style` attribute as text; only later does it go through
# the element's style object. Under `style-src 'self'` browsers refuse the attribute (Chromium 156 reports style-src-attr), so an
# element has no styles until a second drawing with other values. `.style=${"…"}`, a property, never writes the attribute as text.
# Seen: "first: setAttribute style; second: no setAttribute; property: no setAttribute".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --no-audit --no-fund lit@3.3.3 jsdom@26.1.0 >/dev/null 2>&1
cat >draw.mjs <<'JS'
import { JSDOM } from "jsdom";
const { window } = new JSDOM("<!doctype html><main></main>");
Object.assign(globalThis, { window, document: window.document, Node: window.Node });
const { html, render } = await import("lit-html");
const { styleMap } = await import("lit-html/directives/style-map.js");
let written = 0;
const { setAttribute } = window.Element.prototype;
window.Element.prototype.setAttribute = function (name, value) {
  if (name === "style") written += 1;
  return setAttribute.call(this, name, value);
};
const place = window.document.querySelector("main");
const drawn = (template) => {
  written = 0;
  render(template, place);
  return written === 0 ? "no setAttribute" : "setAttribute style";
};
const mapped = (height) => html`<p style=${styleMap({ height })}></p>`;
const first = drawn(mapped("1px"));
const second = drawn(mapped("2px"));
const property = drawn(html`<p .style=${"height: 3px"}></p>`);
console.log(`first: ${first}; second: ${second}; property: ${property}`);
JS
output=$(node --conditions=browser draw.mjs)
echo "$output"
[ "$output" = "first: setAttribute style; second: no setAttribute; property: no setAttribute" ]
