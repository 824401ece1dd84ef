#!/usr/bin/env bash
# @cloudflare/mcp-server-cloudflare 0.2.0: it agrees to revision 2024-11-05 of MCP and answers tools/call in the shape of the
# one before it, 2024-10-07: everything, isError included, is inside `toolResult`. A client that reads `content` and `isError` where
# 2024-11-05 has them finds neither, and takes every call of the 89 tools, failed writes as well, for one that went well and
# said nothing.
# Seen, whether there is a network or not (the token is none): "revision 2024-11-05", "result has toolResult",
# "toolResult has content, isError: true".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true }' >package.json
npm install --no-audit --no-fund @cloudflare/mcp-server-cloudflare@0.2.0 >/dev/null 2>&1
cat >ask.mjs <<'JS'
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
const program = "node_modules/@cloudflare/mcp-server-cloudflare/dist/index.js";
const server = spawn(process.execPath, [program, "run", "0".repeat(32)], {
  env: { PATH: process.env.PATH, HOME: process.cwd(), CLOUDFLARE_API_TOKEN: "none" },
  stdio: ["pipe", "pipe", "ignore"],
});
const send = (message) => server.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
send({ id: 1, method: "initialize", params: { protocolVersion: "2024-11-05", capabilities: {}, clientInfo: { name: "finding", version: "1" } } });
for await (const line of createInterface({ input: server.stdout })) {
  const { id, result } = JSON.parse(line);
  if (id === 1) {
    console.log(`revision ${result.protocolVersion}`);
    send({ method: "notifications/initialized" });
    send({ id: 2, method: "tools/call", params: { name: "kv_get", arguments: { namespaceId: "a", key: "b" } } });
  } else if (id === 2) {
    console.log(`result has ${Object.keys(result).join(", ")}`);
    console.log(`toolResult has ${Object.keys(result.toolResult).filter((key) => key !== "isError").join(", ")}, isError: ${result.toolResult.isError}`);
    break;
  }
}
server.kill();
JS
seen=$(timeout 120 node ask.mjs)
echo "$seen"
[ "$seen" = "revision 2024-11-05
result has toolResult
toolResult has content, isError: true" ]
