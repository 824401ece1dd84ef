import type * as z from "zod";

type Issue = z.core.$ZodIssue;

/**
 * Describes what would have fitted, such as `a text of at most 5 characters`. Undefined: only the issue's own message
 * describes it.
 */
export function expectedWords(issue: Issue): string | undefined {
  if (issue.code === "invalid_type") return typeWords(issue.expected);
  if (issue.code === "invalid_value") {
    const values = issue.values.map((value) => JSON.stringify(value)).join(", ");
    return issue.values.length === 1 ? values : `one of ${values}`;
  }
  if (issue.code === "too_small") return limitWords(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum);
  if (issue.code === "too_big") return limitWords(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum);
  return undefined;
}

/** A type of zod's, such as `int`, in everyday words. */
export function typeWords(type: string): string {
  return TYPE_WORDS[type] ?? type;
}

/**
 * Of several possible forms, the issues of the most likely one: the form with the fewest. An unknown key says more
 * about a form than a missing one. Undefined: the value has the shape of none.
 */
export function meantForm(forms: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const possible = forms.filter((issues) => issues.some((issue) => issue.path.length > 0 || issue.code === "unrecognized_keys"));
  return possible.toSorted((left, right) => strangeness(left) - strangeness(right))[0];
}

function strangeness(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === "unrecognized_keys" ? issue.keys.length * 100 : 1), 0);
}

function limitWords(origin: string, comparison: string, limit: number | bigint): string {
  const notEmpty = comparison === "at least" && Number(limit) === 1;
  if (origin === "string") return notEmpty ? "a text that is not empty" : `a text of ${comparison} ${limit} characters`;
  if (origin === "array") return notEmpty ? "a list that is not empty" : `a list of ${comparison} ${limit} entries`;
  return `a number of ${comparison} ${limit}`;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  undefined: "nothing",
  string: "a text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
};
