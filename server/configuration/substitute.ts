/** A place of the file: keys and indexes from the root. */
export type Path = readonly (string | number)[];

export interface Substituted {
  readonly value: unknown;
  /** Values that came from the environment, with where they went. */
  readonly taken: readonly { readonly path: Path; readonly name: string; readonly value: string }[];
  readonly missing: readonly { readonly path: Path; readonly name: string }[];
}

const REFERENCE = /\$\$\{|\$\{([^}]*)\}/g;

/**
 * Replaces `${NAME}` by the environment's value in every text of the file; `$${` is a plain `${`. Keys stay as they
 * are.
 */
export function substitute(file: unknown, environment: Readonly<Record<string, string | undefined>>): Substituted {
  const taken: { path: Path; name: string; value: string }[] = [];
  const missing: { path: Path; name: string }[] = [];

  const visit = (value: unknown, path: Path): unknown => {
    if (typeof value === "string") {
      return value.replace(REFERENCE, (whole, name: string | undefined) => {
        if (name === undefined) return "${";
        const found = Object.hasOwn(environment, name) ? environment[name] : undefined;
        if (found === undefined) {
          missing.push({ path, name });
          return whole;
        }
        taken.push({ path, name, value: found });
        return found;
      });
    }
    if (Array.isArray(value)) return value.map((entry, index) => visit(entry, [...path, index]));
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, visit(entry, [...path, key])]));
    return value;
  };

  return { value: visit(file, []), taken, missing };
}
