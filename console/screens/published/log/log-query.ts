import { router } from "../../../foundation/router.ts";

/** In the place of a key's id: tests by hand. */
export const TESTS = "tests";

export const FILTERS = ["q", "key", "tool", "outcome", "from", "to"] as const;

type Query = Readonly<Record<string, string | number | undefined>>;

/** What the address asks for, as the API names it. Days are days of whoever looks. */
export function logQuery(outcomes: object): Query {
  const { query } = router.place;
  const given = (name: string): string | undefined => query.get(name) ?? undefined;
  const key = given("key");
  const outcome = given("outcome");
  return {
    q: given("q"),
    tool: given("tool"),
    key: key === TESTS ? undefined : key,
    tests: key === TESTS ? "only" : undefined,
    // An address that somebody wrote by hand.
    outcome: outcome !== undefined && Object.hasOwn(outcomes, outcome) ? outcome : undefined,
    ...spanQuery(),
  };
}

export function spanQuery(): Query {
  const { query } = router.place;
  return { from: timeOf(query.get("from"), "00:00:00"), to: timeOf(query.get("to"), "23:59:59.999") };
}

function timeOf(day: string | null, time: string): number | undefined {
  if (day === null) return undefined;
  const at = new Date(`${day}T${time}`).getTime();
  return Number.isFinite(at) ? Math.max(0, at) : undefined;
}
