import { findCircles } from "./find-circles.ts";
import type { Imports } from "./read-imports.ts";

/**
 * By room, what it may import: other rooms, packages, and Node's own modules as `node:*`. A room is one folder, without
 * those below it; a name that ends with `/**` is everything below that folder. A room may always import itself.
 */
export type Walls = Readonly<Record<string, readonly string[]>>;

/** The file in which the walls are written. */
export const WALLS_FILE = "walls.json";

/** Every fault in one sentence that says which arrow, and which file to edit. Empty: the walls hold. */
export function findBreaches(walls: Walls, imports: Imports): readonly string[] {
  return [...unknownRooms(walls, imports), ...wrongArrows(walls, imports), ...staleWalls(walls, imports), ...circles(walls, imports)];
}

/** The room that a file is in. Undefined: a folder that the walls do not name. */
export function roomOf(walls: Walls, path: string): string | undefined {
  let folder = path.slice(0, path.lastIndexOf("/"));
  if (Object.hasOwn(walls, folder)) return folder;
  for (; folder !== ""; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/")))) {
    if (Object.hasOwn(walls, `${folder}/**`)) return `${folder}/**`;
  }
  return undefined;
}

function unknownRooms(walls: Walls, imports: Imports): string[] {
  const folders = [...imports.keys()]
    .filter((path) => roomOf(walls, path) === undefined)
    .map((path) => path.slice(0, path.lastIndexOf("/")));
  return [...new Set(folders)].map(
    (folder) => `${folder}/ is no known room. Add it to ${WALLS_FILE} with what it may import, or move its files.`,
  );
}

function wrongArrows(walls: Walls, imports: Imports): string[] {
  return [...imports].flatMap(([path, names]) => {
    const room = roomOf(walls, path);
    if (room === undefined) return [];
    return names.flatMap((name) => {
      const target = targetOf(walls, imports, name);
      if (target === undefined || target === room || mayImport(walls, room, target)) return [];
      return [
        `${path} imports ${name}: ${room} → ${target} is not allowed. Change ${path}, or allow the arrow in ${WALLS_FILE} and say why in the commit.`,
      ];
    });
  });
}

/** The room or package behind an import. Undefined: no source file, such as JSON, or a module of Node's own. */
function targetOf(walls: Walls, imports: Imports, name: string): string | undefined {
  if (name.startsWith("node:")) return name;
  if (imports.has(name)) return roomOf(walls, name);
  return /^(?:@[\w.-]+\/)?[\w.-]+$/.test(name) ? name : undefined;
}

function mayImport(walls: Walls, room: string, target: string): boolean {
  return (walls[room] ?? []).some((allowed) => covers(allowed, target));
}

function covers(allowed: string, target: string): boolean {
  if (allowed === target) return true;
  if (allowed === "node:*") return target.startsWith("node:");
  return allowed.endsWith("/**") && target.startsWith(allowed.slice(0, -2));
}

/** What is allowed and never done lets a wrong import in unseen. */
function staleWalls(walls: Walls, imports: Imports): string[] {
  const used = new Map<string, Set<string>>();
  for (const [path, names] of imports) {
    const room = roomOf(walls, path);
    if (room === undefined) continue;
    const targets = used.get(room) ?? new Set<string>();
    used.set(room, targets);
    for (const name of names) targets.add(targetOf(walls, imports, name) ?? "");
  }
  return Object.entries(walls).flatMap(([room, allowed]) => {
    const targets = used.get(room);
    if (targets === undefined) return [`${WALLS_FILE} names ${room}, where there is no file. Remove it.`];
    return allowed
      .filter((one) => ![...targets].some((target) => covers(one, target)))
      .map((one) => `${WALLS_FILE} lets ${room} import ${one}, which it does not. Remove the permission.`);
  });
}

function circles(walls: Walls, imports: Imports): string[] {
  const rooms = new Map(
    Object.entries(walls).map(([room, allowed]) => [
      room,
      Object.keys(walls).filter((to) => to !== room && allowed.some((one) => covers(one, to))),
    ]),
  );
  return [
    ...findCircles(imports).map(
      (files) => `These files import each other in a circle: ${files.join(" → ")}. Move what they share below both.`,
    ),
    ...findCircles(rooms).map(
      (names) => `${WALLS_FILE} lets rooms import each other in a circle: ${names.join(" → ")}. Imports point one way.`,
    ),
  ];
}
