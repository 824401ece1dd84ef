/** The pages that an error -32042 wants visited first, as the server said them. */
export function askedPages(data: unknown): readonly unknown[] {
  const list: unknown = typeof data === "object" && data !== null && "elicitations" in data ? data.elicitations : undefined;
  return Array.isArray(list) ? list : [];
}

/** The code of the error that names pages to visit first. */
export const PAGES_FIRST = -32042;
