#!/usr/bin/env bash
# kubernetes-mcp-server-linux-amd64 0.0.67: which revisions of MCP it speaks depends on the transport. Over standard input and
# output, server/discover names 2026-07-28 among the supported ones and tools/list of that revision is answered. Over
# Streamable HTTP, the same server/discover is answered with 200 as well, but without 2026-07-28, and tools/list of that revision
# is refused with -32022. So an answer to server/discover is no sign of the newer era: only the list in it is.
# Seen: "stdio: 2026-07-28 supported, 20 tools", "HTTP: 2026-07-28 not supported, error -32022".
set -euo pipefail
folder=$(mktemp -d)
cleanup() { [ -z "${server:-}" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"; }
trap cleanup EXIT
cd "$folder"
echo '{ "private": true }' >package.json
npm install --no-audit --no-fund kubernetes-mcp-server-linux-amd64@0.0.67 >/dev/null 2>&1
program=./node_modules/kubernetes-mcp-server-linux-amd64/bin/kubernetes-mcp-server-linux-amd64
# A cluster at which nobody listens.
cat >config <<'YAML'
apiVersion: v1
kind: Config
clusters: [{ name: none, cluster: { server: "https://127.0.0.1:9" } }]
users: [{ name: none, user: { token: none } }]
contexts: [{ name: none, context: { cluster: none, user: none } }]
current-context: none
YAML
request() {
  printf '{"jsonrpc":"2.0","id":%s,"method":"%s","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"finding","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}\n' "$1" "$2"
}
supported() { grep -q '"supportedVersions":\[[^]]*"2026-07-28"' "$1" && echo supported || echo "not supported"; }

{ request 1 server/discover; request 2 tools/list; sleep 3; } | "$program" --kubeconfig config >stdio.out 2>/dev/null || true
tools=$(grep '"id":2' stdio.out | grep -o '"inputSchema"' | wc -l)
stdio="stdio: 2026-07-28 $(supported stdio.out), $tools tools"

port=$((20000 + RANDOM % 20000))
"$program" --kubeconfig config --bind-address 127.0.0.1 --port "$port" >/dev/null 2>&1 &
server=$!
post() {
  request 1 "$1" | curl -s --retry 20 --retry-connrefused --retry-delay 1 -m 5 "http://127.0.0.1:$port/mcp" -d @- -H 'Content-Type: application/json' \
    -H 'Accept: application/json, text/event-stream' -H 'Mcp-Protocol-Version: 2026-07-28' -H "Mcp-Method: $1"
}
post server/discover >discover.out
post tools/list >list.out
http="HTTP: 2026-07-28 $(supported discover.out), error $(grep -o '"code":-[0-9]*' list.out | cut -d: -f2)"
echo "$stdio"
echo "$http"
[ "$stdio" = "stdio: 2026-07-28 supported, 20 tools" ] && [ "$http" = "HTTP: 2026-07-28 not supported, error -32022" ]
