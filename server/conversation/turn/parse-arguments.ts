/** Nobody could read more on a card, and a store, a socket and a page have to carry it. */
const MOST_CHARACTERS = 64 * 1024;
const MOST_LEVELS = 32;

/** What arguments have to be, for a model that wrote something else. */
export const ARGUMENTS_EXPECTED = `They are not a JSON object of at most ${MOST_CHARACTERS / 1024} kB and ${MOST_LEVELS} levels.`;

/**
 * The arguments that a model wrote; undefined when they are not a JSON object, or one that is too large or too deep. An
 * empty text is an empty object: some models write nothing when there are no arguments.
 */
export function parseArguments(text: string): Record<string, unknown> | undefined {
  if (text.length > MOST_CHARACTERS) return undefined;
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject && levels(value) <= MOST_LEVELS ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** How deep a JSON value is nested. Does not recurse, so that no value can exhaust the stack. */
function levels(value: object): number {
  let depth = 0;
  for (let layer: object[] = [value]; layer.length > 0; depth += 1) layer = layer.flatMap((item) => Object.values(item).filter(isNested));
  return depth;
}

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
