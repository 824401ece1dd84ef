/** Which `null` stays where it is. */
export interface MeantNulls {
  /** Members of the outermost object. */
  readonly outermost?: ReadonlySet<string>;
  /** Members at any depth. */
  readonly anywhere?: ReadonlySet<string>;
  /** Members whose whole value stays as it is. */
  readonly within?: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Takes every member that is `null` out of a JSON value, in place: the serialisers of several languages write it for
 * what is absent. Items of lists stay. Does not recurse, so that no value can exhaust the stack.
 */
export function dropNulls(value: object, { outermost = NONE, anywhere = NONE, within = NONE }: MeantNulls = {}): void {
  const open: object[] = [value];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    for (const [name, inner] of Object.entries(item) as [string, unknown][]) {
      if (typeof inner === "object" && inner !== null) {
        if (!within.has(name)) open.push(inner);
      } else if (inner === null && !Array.isArray(item) && !anywhere.has(name) && !(item === value && outermost.has(name)))
        delete (item as Record<string, unknown>)[name];
    }
  }
}
