#!/usr/bin/env bash
# socket.io 4.8.4 and socket.io-client 4.8.4 with `connectionStateRecovery`: each event carries its offset as one more argument, and
# listeners get it: `(text, options = {})` is called with a text for `options`. The client takes the last text of any event for the
# offset, also of one that has none. A volatile event, which is never kept, has none: after one that ends with a text the next
# recovery fails, and what was sent in between is lost. One would guess that the offset is the library's own affair.
# Seen: "listener: one, an offset; after a volatile number: recovered; after a volatile text: not recovered".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --no-audit --no-fund socket.io@4.8.4 socket.io-client@4.8.4 >/dev/null 2>&1
cat >recover.mjs <<'JS'
import { once } from "node:events";
import { createServer } from "node:http";
import { Server } from "socket.io";
import { io } from "socket.io-client";
const heard = (emitter, name) => new Promise((resolve) => emitter.once(name, (...values) => resolve(values)));
async function recovery(passing) {
  const http = createServer();
  const server = new Server(http, { connectionStateRecovery: { maxDisconnectionDuration: 60_000 } });
  await once(http.listen(0, "127.0.0.1"), "listening");
  const options = { transports: ["websocket"], reconnectionDelay: 10 };
  const client = io(`http://127.0.0.1:${http.address().port}`, options);
  const [first] = await heard(server, "connection");
  const kept = heard(client, "kept");
  first.emit("kept", "one");
  const values = await kept;
  const passed = heard(client, "passing");
  first.volatile.emit("passing", passing);
  await passed;
  const again = heard(server, "connection");
  client.io.engine.close();
  const [second] = await again;
  client.disconnect();
  await server.close();
  return { values, recovered: second.recovered ? "recovered" : "not recovered" };
}
const number = await recovery(7);
const text = await recovery("text");
const [said, ...more] = number.values;
const extra = more.length === 1 && typeof more[0] === "string" ? "an offset" : `${more.length} more`;
console.log(`listener: ${said}, ${extra}; after a volatile number: ${number.recovered}; after a volatile text: ${text.recovered}`);
JS
seen=$(timeout 60 node recover.mjs)
echo "$seen"
[ "$seen" = "listener: one, an offset; after a volatile number: recovered; after a volatile text: not recovered" ]
