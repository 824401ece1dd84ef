/** The code of the error that names pages to visit first. */
export const PAGES_FIRST = -32042;

/** The pages that such an error names, as the server said them. */
export function askedPages(data: unknown): readonly unknown[] {
  const list: unknown = typeof data === "object" && data !== null && "elicitations" in data ? data.elicitations : undefined;
  return Array.isArray(list) ? list : [];
}
