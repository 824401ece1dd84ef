import type { Place } from "../../foundation/router.ts";

export const VIEWS = ["open", "approval", "person", "unknown", "mine", "snoozed", "closed", "all"] as const;
export type View = (typeof VIEWS)[number];

/** What a list is narrowed by, as the address and the API name it; `q` is words. */
export const FILTERS = [
  "assistant",
  "assignee",
  "priority",
  "tag",
  "outcome",
  "feedback",
  "tool",
  "language",
  "page",
  "customer",
  "from",
  "to",
] as const;
export type Filter = (typeof FILTERS)[number];

/** What the list shows: `view`, `q` and filters. Days are days of whoever looks. */
export type InboxQuery = Readonly<Record<string, string>>;

export const FIRST_QUERY: InboxQuery = { view: "open" };

/** What an address says of the list; nothing: the first view. */
export function queryAt({ query }: Place): InboxQuery {
  const names = ["view", "q", ...FILTERS];
  const given = names.flatMap((name): [string, string][] => {
    const value = query.get(name);
    return value === null || value === "" ? [] : [[name, value]];
  });
  const found = Object.fromEntries(given);
  return VIEWS.some((view) => view === found["view"]) ? found : { ...found, ...(found["q"] === undefined ? FIRST_QUERY : { view: "all" }) };
}

/** As the API takes it: days become moments. */
export function askedBy(query: InboxQuery): Readonly<Record<string, string | number>> {
  const { from, to, ...rest } = query;
  const moment = (text: string): number => new Date(text).getTime();
  const times = {
    ...(from === undefined || Number.isNaN(moment(`${from}T00:00:00`)) ? {} : { from: moment(`${from}T00:00:00`) }),
    ...(to === undefined || Number.isNaN(moment(`${to}T23:59:59.999`)) ? {} : { to: moment(`${to}T23:59:59.999`) }),
  };
  return { ...rest, ...times };
}

export function filtersIn(query: InboxQuery): readonly Filter[] {
  return FILTERS.filter((name) => query[name] !== undefined);
}

export function sameQuery(one: InboxQuery, other: InboxQuery): boolean {
  const text = (query: InboxQuery): string => JSON.stringify(Object.entries(query).toSorted(([left], [right]) => (left < right ? -1 : 1)));
  return text(one) === text(other);
}
