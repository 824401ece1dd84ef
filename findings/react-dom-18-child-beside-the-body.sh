#!/usr/bin/env bash
# react-dom 18.3.1 beside 19.2.0: `hydrateRoot(document, …)` with one more element in <html>, behind the body, as scripts and
# extensions put there. In the body strangers are left alone by both. Beside it, 18 calls the whole page different from what the
# server wrote, throws all of it away and draws it anew, without the stranger; 19 leaves page and stranger as they are.
# Seen: "18.3.1: page drawn anew, stranger gone; 19.2.0: page kept, stranger kept".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
for version in 18.3.1 19.2.0; do
  mkdir "$version"
  (cd "$version" && echo '{ "private": true, "type": "module" }' >package.json && npm install --no-audit --no-fund jsdom@26.1.0 "react@$version" "react-dom@$version" >/dev/null 2>&1)
done
cat >hydrate.mjs <<'JS'
import { JSDOM } from "jsdom";
const { window } = new JSDOM("<!doctype html><html><head><title>Shop</title></head><body><h1>Shop</h1></body></html>");
const { document } = window;
document.documentElement.append(document.createElement("x-stranger"));
Object.assign(globalThis, { window, document });
const { createElement: make, version } = await import("react");
const { hydrateRoot } = await import("react-dom/client");
const heading = document.querySelector("h1");
const page = make("html", null, make("head", null, make("title", null, "Shop")), make("body", null, make("h1", null, "Shop")));
console.error = () => {};
hydrateRoot(document, page, { onRecoverableError() {} });
for (let wait = 0; wait < 20; wait += 1) await new Promise((resolve) => setTimeout(resolve, 20));
const kept = document.querySelector("h1") === heading ? "kept" : "drawn anew";
console.log(`${version}: page ${kept}, stranger ${document.querySelector("x-stranger") ? "kept" : "gone"}`);
JS
output=
for version in 18.3.1 19.2.0; do
  cp hydrate.mjs "$version"
  output="$output${output:+; }$(cd "$version" && node hydrate.mjs)"
done
echo "$output"
[ "$output" = "18.3.1: page drawn anew, stranger gone; 19.2.0: page kept, stranger kept" ]
