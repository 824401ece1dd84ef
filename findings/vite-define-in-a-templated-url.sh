#!/usr/bin/env bash
# vite 8.3.8, a library's build: `new URL(`./${NAME}`, import.meta.url)` with a NAME from `define`. Vite takes a template beside
# `import.meta.url` for a search among the sources, before it puts in what `define` says. It finds no file, warns of nothing, and leaves
# `undefined` in the address. The same address made in two steps has the name. So a file that only the build makes is asked for as
# "undefined", and only where the page runs.
# Seen: "a template: undefined; in two steps: made-by-the-build.bin".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --no-audit --no-fund vite@8.3.8 >/dev/null 2>&1
cat >entry.js <<'JS'
export const templated = new URL(`./${MADE_FILE}`, import.meta.url).href;
const path = `./${MADE_FILE}`;
export const inSteps = new URL(path, import.meta.url).href;
JS
cat >build.mjs <<'JS'
import { build } from "vite";
await build({
  logLevel: "error",
  define: { MADE_FILE: JSON.stringify("made-by-the-build.bin") },
  build: { lib: { entry: "entry.js", formats: ["es"], fileName: "built" }, outDir: "out" },
});
const { templated, inSteps } = await import("./out/built.js");
const name = (address) => address.split("/").at(-1);
console.log(`a template: ${name(templated)}; in two steps: ${name(inSteps)}`);
JS
seen=$(node build.mjs)
echo "$seen"
[ "$seen" = "a template: undefined; in two steps: made-by-the-build.bin" ]
