#!/usr/bin/env bash
# dependency-cruiser 18.7.2 beside typescript 7.0.2: it finds no module in a folder of .ts files, reports no violation and ends
# with exit code 0, so a rule that is broken passes. Beside typescript 5.9.3 the same command finds both modules, reports the
# broken rule and ends with exit code 1.
# Seen: "typescript 7.0.2: exit 0, 0 modules", "typescript 5.9.3: exit 1, 2 modules".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "allowScripts": { "node": true } }' >package.json
mkdir high low
echo 'import { b } from "../high/b.ts"; export const a = b;' > low/a.ts
echo 'export const b = 1;' > high/b.ts
cat > rules.cjs <<'RULES'
module.exports = {
  forbidden: [{ name: "one-way", severity: "error", from: { path: "^low" }, to: { path: "^high" } }],
  options: { tsPreCompilationDeps: true },
};
RULES

# Prints the exit code of a run beside this version of TypeScript, and how many modules it saw.
run() {
  npm install --no-audit --no-fund node@24.21.0 dependency-cruiser@18.7.2 "typescript@$1" >/dev/null 2>&1
  local code=0
  PATH="$PWD/node_modules/.bin:$PATH" depcruise --config rules.cjs high low >/dev/null || code=$?
  PATH="$PWD/node_modules/.bin:$PATH" depcruise --config rules.cjs --output-type json high low >out.json
  echo "typescript $1: exit $code, $(node -p 'JSON.parse(require("fs").readFileSync("out.json", "utf8")).summary.totalCruised') modules"
}
seven=$(run 7.0.2)
five=$(run 5.9.3)
echo "$seven"
echo "$five"
[ "$seven" = "typescript 7.0.2: exit 0, 0 modules" ] && [ "$five" = "typescript 5.9.3: exit 1, 2 modules" ]
