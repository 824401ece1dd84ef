#!/usr/bin/env bash
# socket.io-client 4.8.4, Manager: `randomizationFactor` (0.5 unless set) spreads the pauses between tries only while they grow. The
# chance is added before the pause is cut to `reconnectionDelayMax`, so from then on most pauses are exactly the longest one: clients
# that lost their server at once come back at once, again and again. One would guess that the longest pause has its chance, too.
# Seen, with delays of 500 ms to 10 s, after 12 tries: "100 of 100 pauses are 10000 ms"; after 2 tries no two need be alike.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --no-audit --no-fund socket.io-client@4.8.4 >/dev/null 2>&1
cat >pauses.mjs <<'JS'
import { Manager } from "socket.io-client";
const { backoff } = new Manager("http://localhost", { autoConnect: false, reconnectionDelay: 500, reconnectionDelayMax: 10_000 });
const pauses = (attempts) =>
  Array.from({ length: 100 }, () => {
    backoff.attempts = attempts;
    return backoff.duration();
  });
const longest = pauses(12).filter((pause) => pause === 10_000).length;
console.log(`${longest} of 100 pauses are 10000 ms; after 2 tries there are ${new Set(pauses(2)).size > 1 ? "several" : "equal"} ones`);
JS
output=$(node pauses.mjs)
echo "$output"
[ "$output" = "100 of 100 pauses are 10000 ms; after 2 tries there are several ones" ]
