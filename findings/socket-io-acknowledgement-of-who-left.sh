#!/usr/bin/env bash
# socket.io 4.8.4 and socket.io-client 4.8.4: whoever waits for an acknowledgement with a time limit learns on the client at once that
# the line is gone, but on the server only when the time is up, even for a socket that was gone when it was asked. A broadcast waits
# for who left in the meantime, too, and then rejects: what the others answered is only in the error's `responses`. One would guess
# that both sides tell alike, and that a broadcast that lost one of two resolves with the other's answer once all have answered.
# Seen: "client: socket has been disconnected, early; server: operation has timed out, at the limit; broadcast: operation has timed
# out, at the limit, responses yes".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --no-audit --no-fund socket.io@4.8.4 socket.io-client@4.8.4 >/dev/null 2>&1
cat >ask.mjs <<'JS'
import { once } from "node:events";
import { createServer } from "node:http";
import { Server } from "socket.io";
import { io } from "socket.io-client";
const LIMIT_MS = 2_000;
const http = createServer();
const server = new Server(http);
await once(http.listen(0, "127.0.0.1"), "listening");
async function connect() {
  const connected = once(server, "connection");
  const client = io(`http://127.0.0.1:${http.address().port}`, { transports: ["websocket"], forceNew: true, reconnection: false });
  const [socket] = await connected;
  return { client, socket };
}
async function outcome(asked) {
  const begun = performance.now();
  const error = await asked.then(() => undefined, (reason) => reason);
  const when = performance.now() - begun < LIMIT_MS / 2 ? "early" : "at the limit";
  const responses = error?.responses === undefined ? "" : `, responses ${error.responses.join(" ")}`;
  return `${error?.message ?? "answered"}, ${when}${responses}`;
}
const one = await connect();
const onClient = outcome(one.client.timeout(LIMIT_MS).emitWithAck("question"));
one.socket.disconnect(true);
const client = await onClient;
const gone = await outcome(one.socket.timeout(LIMIT_MS).emitWithAck("question"));
const stays = await connect();
stays.client.on("question", (answer) => answer("yes"));
const leaves = await connect();
leaves.client.on("question", () => leaves.client.disconnect());
const broadcast = await outcome(server.timeout(LIMIT_MS).emitWithAck("question"));
console.log(`client: ${client}; server: ${gone}; broadcast: ${broadcast}`);
process.exit();
JS
seen=$(timeout 60 node ask.mjs)
echo "$seen"
[ "$seen" = "client: socket has been disconnected, early; server: operation has timed out, at the limit; broadcast: operation has timed out, at the limit, responses yes" ]
