#!/usr/bin/env bash
# node 24.21.0 (the npm package `node`): a static `import` of node:http loads undici, Node's whole fetch, though the program
# fetches nothing. `require` and `process.getBuiltinModule` of the same module do not.
# Reason: an ES module's namespace of a built-in module reads every export once, and node:http has exports (WebSocket,
# CloseEvent, MessageEvent) whose getters load undici. It cost about 14 MB of resident memory on linux x64.
# Seen: "import: undici loaded", "getBuiltinModule: undici not loaded", "require: undici not loaded".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "allowScripts": { "node": true } }' >package.json
npm install --no-audit --no-fund node@24.21.0 >/dev/null 2>&1
node=./node_modules/.bin/node
said='console.log(process.moduleLoadList.some((name) => name.endsWith("internal/deps/undici/undici")) ? "undici loaded" : "undici not loaded")'

"$node" --version
imported=$("$node" --input-type=module -e "import { createServer } from 'node:http'; void createServer; $said")
got=$("$node" --input-type=module -e "const { createServer } = process.getBuiltinModule('node:http'); void createServer; $said")
required=$("$node" --input-type=commonjs -e "const { createServer } = require('node:http'); void createServer; $said")
echo "import: $imported"
echo "getBuiltinModule: $got"
echo "require: $required"
[ "$imported" = "undici loaded" ] && [ "$got" = "undici not loaded" ] && [ "$required" = "undici not loaded" ]
