/** The steps of a JSON pointer (RFC 6901); undefined for a text that is none. */
export function pointerSteps(pointer: string): readonly string[] | undefined {
  if (pointer === "") return [];
  if (!pointer.startsWith("/") || /~(?![01])/.test(pointer)) return undefined;
  return pointer
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/**
 * The value at a pointer; undefined where there is nothing, and for a text that is no pointer. Only what the value
 * itself has is found.
 */
export function pick(value: unknown, pointer: string): unknown {
  const steps = pointerSteps(pointer);
  if (steps === undefined) return undefined;
  let found = value;
  for (const step of steps) {
    if (typeof found !== "object" || found === null) return undefined;
    if (Array.isArray(found)) {
      if (!/^(?:0|[1-9]\d{0,15})$/.test(step)) return undefined;
      found = found[Number(step)];
    } else found = Object.hasOwn(found, step) ? (found as Record<string, unknown>)[step] : undefined;
  }
  return found;
}
