/** A condition of the sign-in library's queries. */
export interface Condition {
  readonly field: string;
  /** Default: `eq`. */
  readonly operator?: "eq" | "ne" | "lt" | "lte" | "gt" | "gte" | "in" | "not_in" | "contains" | "starts_with" | "ends_with" | undefined;
  readonly value: unknown;
  readonly connector?: "AND" | "OR" | undefined;
}

/**
 * Whether a row fits: every `AND` condition, and one of the `OR` conditions if there are any, as the library's own
 * adapters read them.
 */
export function matches(row: Readonly<Record<string, unknown>>, where: readonly Condition[]): boolean {
  const either = where.filter(({ connector }) => connector === "OR");
  return (
    where.filter(({ connector }) => connector !== "OR").every((condition) => holds(row[condition.field], condition)) &&
    (either.length === 0 || either.some((condition) => holds(row[condition.field], condition)))
  );
}

function holds(found: unknown, { operator = "eq", value }: Condition): boolean {
  switch (operator) {
    case "eq":
      return (found ?? null) === (value ?? null);
    case "ne":
      return (found ?? null) !== (value ?? null);
    case "in":
      return Array.isArray(value) && value.includes(found);
    case "not_in":
      return Array.isArray(value) && !value.includes(found);
    case "lt":
      return comparison(found, value) < 0;
    case "lte":
      return comparison(found, value) <= 0;
    case "gt":
      return comparison(found, value) > 0;
    case "gte":
      return comparison(found, value) >= 0;
    case "contains":
      return typeof found === "string" && found.includes(String(value));
    case "starts_with":
      return typeof found === "string" && found.startsWith(String(value));
    case "ends_with":
      return typeof found === "string" && found.endsWith(String(value));
  }
}

/**
 * Times are kept as ISO 8601, which sorts as text. Two values of different kinds give NaN, which no comparison fits.
 */
function comparison(found: unknown, value: unknown): number {
  const other = value instanceof Date ? value.toISOString() : value;
  if (typeof found === "number" && typeof other === "number") return found - other;
  if (typeof found === "string" && typeof other === "string") return found < other ? -1 : found > other ? 1 : 0;
  return Number.NaN;
}
