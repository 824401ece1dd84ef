import { type Walls, WALLS_FILE } from "./find-breaches.ts";

/**
 * Holds README's map of rooms against the walls. The map is the table below the heading "The map of rooms"; the first
 * cell of each row has its rooms in backticks, each with a slash at the end. A room that has no row of its own belongs
 * to the one above it, but not to a top folder: each room of the server and of the widget is on the map.
 */
export function compareMap(walls: Walls, readme: string): readonly string[] {
  const drawn = readMap(readme);
  if (drawn.length === 0) return ['README.md has no table below the heading "The map of rooms".'];
  const known = Object.keys(walls).map((room) => room.replace(/\/\*\*$/, ""));
  const doubled = drawn.filter((room, index) => drawn.indexOf(room) !== index);
  return [
    ...doubled.map((room) => `README.md's map of rooms has ${room}/ twice.`),
    ...drawn
      .filter((room) => !known.some((one) => one === room || one.startsWith(`${room}/`)))
      .map((room) => `README.md's map of rooms shows ${room}/, which ${WALLS_FILE} does not name.`),
    ...known
      .filter((room) => !drawn.some((one) => one === room || (one.includes("/") && room.startsWith(`${one}/`))))
      .map((room) => `README.md's map of rooms does not show ${room}/, which ${WALLS_FILE} names.`),
  ];
}

function readMap(readme: string): readonly string[] {
  const [, after = ""] = readme.split(/^#+ The map of rooms$/m);
  const [section = ""] = after.split(/^#/m);
  return section
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .flatMap((line) => [...(line.split("|")[1] ?? "").matchAll(/`([\w./-]+)\/`/g)].map(([, room = ""]) => room));
}
