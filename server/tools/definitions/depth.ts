/**
 * Whether no part of a JSON value is nested deeper than `levels`. Does not recurse, so that no value can exhaust the
 * stack.
 */
export function isWithinDepth(value: unknown, levels: number): boolean {
  let layer: unknown[] = [value];
  for (let depth = 0; layer.length > 0; depth += 1) {
    const next: unknown[] = [];
    for (const item of layer) {
      if (typeof item !== "object" || item === null) continue;
      if (depth >= levels) return false;
      for (const child of Array.isArray(item) ? item : Object.values(item)) {
        if (typeof child === "object" && child !== null) next.push(child);
      }
    }
    layer = next;
  }
  return true;
}
