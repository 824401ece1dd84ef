#!/usr/bin/env bash
# opus-decoder 0.7.12 (WebAssembly) in Node: each decoder adds 27.7 MB to process.memoryUsage().external, although the
# process grows by about 0.2 MB only. free() takes nothing of it back by itself: the figure falls when the decoder is
# garbage. Seen with Node 20.20.2 and 24.21.0 on Linux: 20 decoders, external 27.70 MB and rss 0.14 to 0.20 MB each.
# So an alarm on external memory (prom-client's nodejs_external_memory_bytes) counts 50 calls as 1.4 GB that nobody uses.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund opus-decoder@0.7.12
cat >decoders.mjs <<'EOF'
import { OpusDecoder } from "opus-decoder";

const COUNT = 20;
/** 20 ms of silence. */
const packet = new Uint8Array([0xf8, 0xff, 0xfe]);
async function open() {
  const decoder = new OpusDecoder({ channels: 1 });
  await decoder.ready;
  if (decoder.decodeFrame(packet).samplesDecoded !== 960) throw new Error("The packet was not decoded.");
  return decoder;
}
// The code is compiled once.
await open();
const before = process.memoryUsage();
const decoders = [];
while (decoders.length < COUNT) decoders.push(await open());
const after = process.memoryUsage();
for (const decoder of decoders) decoder.free();
const freed = process.memoryUsage();
const each = (bytes) => bytes / COUNT / 2 ** 20;
const external = each(after.external - before.external);
const rss = each(after.rss - before.rss);
const left = each(freed.external - before.external);
console.log(`each: external ${external.toFixed(2)} MB, rss ${rss.toFixed(2)} MB; external after free() ${left.toFixed(2)} MB`);
process.exitCode = external > 20 && rss < 2 && left > 20 ? 0 : 1;
EOF
node decoders.mjs
