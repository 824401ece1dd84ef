#!/usr/bin/env bash
# rolldown 1.2.19 (as vite 8.3.8 brings it), output.codeSplitting.groups: a group takes what its modules import with it,
# also what the entry itself needs. Then the entry imports the group's file statically, so the first page loads and runs all of a
# group that only later pages use. `includeDependenciesRecursively: false` is meant against it. A group of higher priority that
# names the shared module keeps the entry free of the other one.
# Seen: "one group: entry -> parts; with a group for what is shared: entry -> base".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --no-audit --no-fund rolldown@1.2.19 >/dev/null 2>&1
mkdir source
echo 'export const shared = () => "shared";' >source/shared.js
echo 'import { shared } from "./shared.js"; export const part = () => `part ${shared()}`;' >source/part.js
echo 'import { part } from "./part.js"; console.log(part());' >source/page.js
echo 'import { shared } from "./shared.js"; console.log(shared()); globalThis.open = () => import("./page.js");' >source/entry.js
cat >build.mjs <<'JS'
import { rolldown } from "rolldown";
const parts = { name: "parts", test: /part\.js$/, priority: 1 };
const base = { name: "base", test: /shared\.js$/, priority: 2 };
const importsOf = async (groups) => {
  const build = await rolldown({ input: "source/entry.js" });
  const { output } = await build.generate({ codeSplitting: { groups }, chunkFileNames: "[name].js" });
  return output.find(({ isEntry }) => isEntry).imports.map((file) => file.replace(".js", "")).join(", ");
};
console.log(`one group: entry -> ${await importsOf([parts])}; with a group for what is shared: entry -> ${await importsOf([parts, base])}`);
JS
output=$(node build.mjs)
echo "$output"
[ "$output" = "one group: entry -> parts; with a group for what is shared: entry -> base" ]
