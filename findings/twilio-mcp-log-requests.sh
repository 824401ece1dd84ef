#!/usr/bin/env bash
# @twilio-alpha/mcp 0.7.0: its log lines on standard output are JSON-RPC requests. Each is a message with the method "log", which
# MCP does not have, and with an `id`, so that a client has to answer it; the first comes before the answer to initialize,
# when a server may ask nothing but ping. A client that ends the connection at the first unexpected request never connects.
# Seen: "1: request log", "2: answer to 1".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true }' >package.json
npm install --no-audit --no-fund @twilio-alpha/mcp@0.7.0 >/dev/null 2>&1
cat >ask.mjs <<'JS'
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
const account = `AC${"0".repeat(32)}/SK${"0".repeat(32)}:none`;
const server = spawn(process.execPath, ["node_modules/@twilio-alpha/mcp/build/index.js", account, "--services", "twilio_messaging_v1"], {
  env: { PATH: process.env.PATH, HOME: process.cwd() },
  stdio: ["pipe", "pipe", "ignore"],
});
const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "finding", version: "1" } };
server.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params })}\n`);
let number = 0;
for await (const line of createInterface({ input: server.stdout })) {
  const { id, method, result } = JSON.parse(line);
  const what = method === undefined ? `answer to ${id}` : `${id === undefined ? "notification" : "request"} ${method}`;
  console.log(`${(number += 1)}: ${what}`);
  if (result !== undefined) break;
}
server.kill();
JS
seen=$(timeout 120 node ask.mjs)
echo "$seen"
[ "$seen" = "1: request log
2: answer to 1" ]
