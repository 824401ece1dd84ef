#!/usr/bin/env bash
# @mcp-b/webmcp-polyfill 5.1.0: a tool of a page never learns that its call was called off. `execute` gets the input alone, no signal,
# whatever the caller gave to `executeTool`: the caller hears AbortError at once, and the tool runs to its end. Whoever takes the tool
# off the list while it runs ends the caller's call, with UnknownError, and the tool runs to its end as well. Chromium 156's own WebMCP
# has both the other way: `execute(input, { signal })` with a signal that ends with the call, and a call goes on, with its answer, when
# its tool is taken off the list. One would guess that code which minds the signal stops with the polyfill, too.
# Seen: "called off: 1 argument, caller AbortError, tool ran to its end; taken off the list: 1 argument, caller UnknownError, tool ran
# to its end; left alone: 1 argument, caller done, tool ran to its end".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --no-audit --no-fund @mcp-b/webmcp-polyfill@5.1.0 jsdom@26.1.0 >/dev/null 2>&1
cat >call.mjs <<'JS'
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";
const { window } = new JSDOM("<!doctype html>", { url: "https://shop.example/", runScripts: "outside-only" });
window.eval(readFileSync("node_modules/@mcp-b/webmcp-polyfill/dist/index.iife.js", "utf8"));
const context = window.document.modelContext;
/** Calls a tool that stops early if its signal says so. `meddle` ends something while it runs; then the tool is let go on. */
async function called(name, meddle) {
  let given, end;
  const begun = Promise.withResolvers();
  const goOn = Promise.withResolvers();
  const listing = new window.AbortController();
  async function execute(...args) {
    given = args;
    begun.resolve();
    await goOn.promise;
    end = args[1]?.signal?.aborted ? "stopped" : "ran to its end";
    return "done";
  }
  const tool = { name, description: "Writes a report.", inputSchema: { type: "object", properties: {} }, execute };
  await context.registerTool(tool, { signal: listing.signal });
  const listed = (await context.getTools()).find((one) => one.name === name);
  const call = new window.AbortController();
  const answer = context.executeTool(listed, "{}", { signal: call.signal }).catch((error) => error.name);
  await begun.promise;
  meddle({ call, listing });
  await new Promise(setImmediate);
  goOn.resolve();
  const caller = await answer;
  await new Promise(setImmediate);
  return `${given.length} argument${given.length === 1 ? "" : "s"}, caller ${caller}, tool ${end}`;
}
const calledOff = await called("one", ({ call }) => call.abort());
const takenOff = await called("two", ({ listing }) => listing.abort());
const leftAlone = await called("three", () => {});
console.log(`called off: ${calledOff}; taken off the list: ${takenOff}; left alone: ${leftAlone}`);
JS
output=$(timeout 60 node call.mjs)
echo "$output"
[ "$output" = 'called off: 1 argument, caller AbortError, tool ran to its end; taken off the list: 1 argument, caller UnknownError, tool ran to its end; left alone: 1 argument, caller done, tool ran to its end' ]
