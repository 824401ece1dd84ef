#!/usr/bin/env bash
# @modelcontextprotocol/client 2.4.0, StdioClientTransport: how the program ended is not told. One that leaves with code 0 and one
# that crashes with code 3 while a request is open end it with the very same error, "Connection closed", without code or signal; and
# `onclose` is called without arguments. Whoever wants to say why a server ended has to keep its standard error, or start it otherwise.
# Seen: "code 0: CONNECTION_CLOSED Connection closed" and the same line for code 3, onclose with 0 arguments.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --no-audit --no-fund @modelcontextprotocol/client@2.4.0 >/dev/null 2>&1
cat >program.mjs <<'JS'
// Answers initialize as it should, and leaves with the given code at the next request.
import { createInterface } from "node:readline";
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (method === "initialize") {
    const result = { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "program", version: "1" } };
    process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result })}\n`);
  } else if (id !== undefined) process.exit(Number(process.argv[2]));
}
JS
cat >ask.mjs <<'JS'
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
for (const code of ["0", "3"]) {
  const transport = new StdioClientTransport({ command: process.execPath, args: ["program.mjs", code], stderr: "ignore" });
  const client = new Client({ name: "finding", version: "1" });
  let closed;
  client.onclose = (...values) => (closed = values.length);
  await client.connect(transport);
  const error = await client.listTools().catch((reason) => reason);
  console.log(`code ${code}: ${error.code} ${error.message}, onclose with ${closed} arguments`);
}
JS
seen=$(timeout 120 node ask.mjs)
echo "$seen"
[ "$seen" = "code 0: CONNECTION_CLOSED Connection closed, onclose with 0 arguments
code 3: CONNECTION_CLOSED Connection closed, onclose with 0 arguments" ]
