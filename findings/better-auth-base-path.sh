#!/usr/bin/env bash
# better-auth 1.7.5: `basePath` counts only while `baseURL` has no path of its own. With one, as behind a proxy that serves an
# application under a path, all routes are at exactly that path, whatever `basePath` says, also if it is set. One would guess that
# the two are joined, or that what is set goes first.
# Seen: "https://shop.example + /auth = https://shop.example/auth; https://shop.example/desk + /auth = https://shop.example/desk".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --no-audit --no-fund better-auth@1.7.5 >/dev/null 2>&1
cat >base.mjs <<'JS'
import { betterAuth } from "better-auth";
const seen = [];
for (const baseURL of ["https://shop.example", "https://shop.example/desk"]) {
  const auth = betterAuth({ baseURL, basePath: "/auth", secret: "0123456789abcdef0123456789abcdef", logger: { disabled: true } });
  seen.push(`${baseURL} + /auth = ${(await auth.$context).baseURL}`);
}
console.log(seen.join("; "));
JS
output=$(node base.mjs)
echo "$output"
[ "$output" = "https://shop.example + /auth = https://shop.example/auth; https://shop.example/desk + /auth = https://shop.example/desk" ]
