/**
 * `node scripts/walls.ts`, part of `npm run check`: fails on every import that `walls.json` does not allow, on circles,
 * and where README's map of rooms is untrue.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { findBreaches, WALLS_FILE } from "./walls/find-breaches.ts";
import { compareMap } from "./walls/compare-map.ts";
import { readImports } from "./walls/read-imports.ts";

const root = process.argv[2] ?? join(import.meta.dirname, "..");
const { rooms } = z
  .object({ rooms: z.record(z.string(), z.array(z.string())) })
  .parse(JSON.parse(readFileSync(join(root, WALLS_FILE), "utf8")));
const faults = [...findBreaches(rooms, readImports(root)), ...compareMap(rooms, readFileSync(join(root, "README.md"), "utf8"))];
for (const fault of faults) console.log(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
