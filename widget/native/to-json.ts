/**
 * What JSON says of plain data, whatever a `toJSON` that the page put on a prototype would make of it. `space`: how many
 * columns each level is indented.
 */
export function toJson(data: unknown, space?: number): string {
  return JSON.stringify(
    data,
    function (this: Readonly<Record<string, unknown>>, key) {
      // The second argument has already been through `toJSON`.
      return this[key];
    },
    space,
  );
}
