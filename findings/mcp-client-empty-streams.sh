#!/usr/bin/env bash
# @modelcontextprotocol/client 2.4.0, StreamableHTTPClientTransport: `reconnectionOptions.maxRetries` and the growing delay do not
# count for a standalone GET stream that opens and ends again. Each such end begins at attempt 0, so a server that closes its streams
# at once (a proxy with a short time limit does) is asked for a new one without end, always after the shortest delay.
# Seen, with maxRetries 2, initial delay 10 ms, growth factor 10: far more than 3 GETs in a second: "more than 10 streams".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --no-audit --no-fund @modelcontextprotocol/client@2.4.0 >/dev/null 2>&1
cat >ask.mjs <<'JS'
import { createServer } from "node:http";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
let streams = 0;
const server = createServer((request, response) => {
  if (request.method === "GET") {
    streams += 1;
    response.writeHead(200, { "content-type": "text/event-stream" }).end(": a stream without a word\n\n");
    return;
  }
  if (request.method !== "POST") return void response.writeHead(200).end();
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    const { id, method, params } = JSON.parse(body);
    if (id === undefined) return void response.writeHead(202).end();
    const answer =
      method === "initialize"
        ? { result: { protocolVersion: params.protocolVersion, capabilities: {}, serverInfo: { name: "s", version: "1" } } }
        : { error: { code: -32601, message: "Method not found" } };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ jsonrpc: "2.0", id, ...answer }));
  });
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = new URL(`http://127.0.0.1:${server.address().port}/mcp`);
const reconnectionOptions = { initialReconnectionDelay: 10, maxReconnectionDelay: 10_000, reconnectionDelayGrowFactor: 10, maxRetries: 2 };
await new Client({ name: "finding", version: "1" }).connect(new StreamableHTTPClientTransport(url, { reconnectionOptions }));
await new Promise((resolve) => setTimeout(resolve, 1_000));
console.log(streams > 10 ? "more than 10 streams" : `${streams} streams`);
process.exit();
JS
seen=$(timeout 120 node ask.mjs)
echo "$seen"
[ "$seen" = "more than 10 streams" ]
