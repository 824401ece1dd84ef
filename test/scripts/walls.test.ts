import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { findBreaches, roomOf, type Walls } from "../../scripts/walls/find-breaches.ts";
import { importsOf, readImports } from "../../scripts/walls/read-imports.ts";

const root = join(import.meta.dirname, "../..");
const { rooms: walls } = JSON.parse(readFileSync(join(root, "walls.json"), "utf8")) as { rooms: Walls };
const imports = readImports(root);

/** A folder of a room, a new one where the room is everything below; and a file in it that really is there. */
const folderOf = (room: string): string => room.replace(/\*\*$/, "planted");
const fileIn = (room: string): string => [...imports.keys()].find((path) => roomOf(walls, path) === room) ?? "";

describe("the walls between the rooms", () => {
  it("hold", () => {
    expect(findBreaches(walls, imports)).toEqual([]);
  });

  it.each(Object.keys(walls))("of %s refuse every room that it may not import, and say which file to edit", (room) => {
    const forbidden = Object.keys(walls).filter((other) => other !== room && !allows(room, other));
    const planted = forbidden.map((other, index) => [`${folderOf(room)}/planted-${index}.ts`, other] as const);
    const breaches = findBreaches(walls, new Map([...imports, ...planted.map(([path, other]) => [path, [fileIn(other)]] as const)]));
    for (const [path, other] of planted) {
      expect(breaches).toContainEqual(
        expect.stringMatching(new RegExp(`^${escaped(path)} imports .*: ${escaped(`${room} → ${other}`)} is not allowed.*walls\\.json`)),
      );
    }
  });

  it.each(Object.keys(walls))("of %s refuse a package that it may not import", (room) => {
    const path = `${folderOf(room)}/planted.ts`;
    const breaches = findBreaches(walls, new Map([...imports, [path, ["left-pad"]]]));
    expect(breaches).toEqual([expect.stringContaining(`${room} → left-pad is not allowed`)]);
  });
});

function allows(room: string, other: string): boolean {
  return (walls[room] ?? []).some((one) => one === other || (one.endsWith("/**") && other.startsWith(one.slice(0, -2))));
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

describe("every way to import counts", () => {
  it.each([
    ["a value", 'import { a } from "../b/a.ts";'],
    ["a type", 'import type { A } from "../b/a.ts";'],
    ["for its effects", 'import "../b/a.ts";'],
    ["handed on", 'export { a } from "../b/a.ts";'],
    ["a type handed on", 'export type { A } from "../b/a.ts";'],
    ["all handed on", 'export * from "../b/a.ts";'],
    ["late", 'const a = await import("../b/a.ts");'],
    ["the type of a late one", 'let a: import("../b/a.ts").A;'],
  ])("%s", (_how, source) => {
    expect(importsOf("a/c.ts", source)).toEqual(["b/a.ts"]);
  });

  it("and a package is meant by whatever is in it", () => {
    const source = 'import { repeat } from "lit/directives/repeat.js"; import { x } from "@a/b/c"; import "node:fs";';
    expect(importsOf("a/c.ts", source)).toEqual(["lit", "@a/b", "node:fs"]);
  });
});

describe("the check", () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  const MAP = "## The map of rooms\n\n| room | is |\n|---|---|\n| `server/high/` | above |\n| `server/low/` | below |\n";
  const FILES = {
    "walls.json": JSON.stringify({ rooms: { "server/high": ["server/low"], "server/low": [] } }),
    "README.md": MAP,
    "server/high/a.ts": 'import { b } from "../low/b.ts";\nexport const a = b;\n',
    "server/low/b.ts": "export const b = 1;\n",
  };

  function check(files: Readonly<Record<string, string>>): { readonly code: number | null; readonly said: readonly string[] } {
    const folder = mkdtempSync(join(tmpdir(), "walls-"));
    folders.push(folder);
    for (const [path, text] of Object.entries({ ...FILES, ...files })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "scripts/walls.ts"), folder], { encoding: "utf8" });
    return { code: status, said: `${stdout}${stderr}`.split("\n").filter((line) => line !== "") };
  }

  it("passes where every arrow is allowed", () => {
    expect(check({})).toEqual({ code: 0, said: [] });
  });

  it.each([
    [
      "an arrow that is not allowed, even if only a type goes along it",
      { "server/low/c.ts": 'import type { a } from "../high/a.ts";\nexport type C = typeof a;\n' },
      "server/low/c.ts imports server/high/a.ts: server/low → server/high is not allowed. Change server/low/c.ts, or allow the arrow in walls.json and say why in the commit.",
    ],
    [
      "a room that nobody knows",
      { "server/new/c.ts": "export const c = 1;\n" },
      "server/new/ is no known room. Add it to walls.json with what it may import, or move its files.",
    ],
    [
      "files that import each other's types in a circle",
      {
        "server/low/c.ts": 'import type { D } from "./d.ts";\nexport type C = D | 1;\n',
        "server/low/d.ts": 'import type { C } from "./c.ts";\nexport type D = C | 2;\n',
      },
      "These files import each other in a circle: server/low/c.ts → server/low/d.ts. Move what they share below both.",
    ],
    [
      "a permission that nobody uses",
      { "server/high/a.ts": "export const a = 1;\n" },
      "walls.json lets server/high import server/low, which it does not. Remove the permission.",
    ],
    [
      "a room on the map that is none",
      { "README.md": `${MAP}| \`server/old/\` | gone |\n` },
      "README.md's map of rooms shows server/old/, which walls.json does not name.",
    ],
    [
      "a room that the map does not show",
      { "README.md": MAP.replace("| `server/low/` | below |\n", "") },
      "README.md's map of rooms does not show server/low/, which walls.json names.",
    ],
    [
      "a room that the map shows by its top folder only",
      {
        "README.md": MAP.replace("`server/low/`", "`server/`"),
        "server/x.ts": "export const x = 1;\n",
        "walls.json": JSON.stringify({ rooms: { server: [], "server/high": ["server/low"], "server/low": [] } }),
      },
      "README.md's map of rooms does not show server/low/, which walls.json names.",
    ],
  ])("fails on %s", (_what, files, fault) => {
    expect(check(files)).toEqual({ code: 1, said: [fault] });
  });
});
