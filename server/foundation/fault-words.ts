import type * as z from "zod";

type Issue = z.core.$ZodIssue;

/** One thing that does not fit, and where. */
export interface WordedFault {
  readonly path: readonly PropertyKey[];
  /** What was found and what is expected, as a sentence. Never the value: it may be a secret. */
  readonly message: string;
}

/**
 * What a schema found, in words for whoever sent it: zod's own tell of its insides ("Invalid key in record"), and of several possible forms nothing at
 * all. A message that the schema gives itself stays as it is.
 */
export function faultWords(issues: readonly Issue[], base: readonly PropertyKey[] = []): WordedFault[] {
  return issues.flatMap((issue): WordedFault[] => {
    const path = [...base, ...issue.path];
    // A key that nobody knows is a fault of that key, not of the object around it.
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => ({ path: [...path, key], message: `Nothing here is called ${JSON.stringify(key)}.` }));
    if (issue.code === "invalid_union" && isOwn(issue)) return faultsOfUnion(issue.errors, path);
    return [{ path, message: wordsOf(issue) }];
  });
}

/** Several forms are possible: speak of the one that was probably meant. */
function faultsOfUnion(branches: readonly (readonly Issue[])[], path: readonly PropertyKey[]): WordedFault[] {
  const possible = branches.filter((issues) => issues.some((issue) => issue.path.length > 0 || issue.code === "unrecognized_keys"));
  const [meant] = possible.toSorted((left, right) => left.length - right.length);
  if (meant !== undefined) return faultWords(meant, path);
  const expected = [...new Set(branches.flatMap(([first]) => (first === undefined ? [] : expectedOf(first))))];
  return [{ path, message: expected.length === 0 ? "This does not fit." : `Expected ${expected.join(", or ")}.` }];
}

function wordsOf(issue: Issue): string {
  if (issue.code === "invalid_key") return issue.issues[0] === undefined ? "This key does not fit." : wordsOf(issue.issues[0]);
  if (!isOwn(issue)) return issue.message;
  const [expected] = expectedOf(issue);
  if (expected === undefined) return issue.message;
  const found = issue.code === "invalid_type" ? foundIn(issue.message) : undefined;
  return `Expected ${expected}${found === undefined ? "" : `, found ${found}`}.`;
}

/** What would have fitted; empty where the issue does not know. */
function expectedOf(issue: Issue): readonly string[] {
  if (issue.code === "invalid_type") return [WORDS[issue.expected] ?? issue.expected];
  if (issue.code === "invalid_value") {
    const values = issue.values.map((value) => JSON.stringify(value)).join(", ");
    return [issue.values.length === 1 ? values : `one of ${values}`];
  }
  if (issue.code === "too_small" && issue.minimum === 1 && issue.origin in NOT_EMPTY)
    return [`${NOT_EMPTY[issue.origin]} that is not empty`];
  if (issue.code === "too_small")
    return [`${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}${unitOf(issue.origin)}`];
  if (issue.code === "too_big") return [`${issue.inclusive === false ? "less than" : "at most"} ${issue.maximum}${unitOf(issue.origin)}`];
  return [];
}

function unitOf(origin: string): string {
  if (origin === "string") return " characters";
  return origin === "array" ? " entries" : "";
}

/** zod keeps what it found in its message alone. */
function foundIn(message: string): string | undefined {
  const found = /received (\w+)$/.exec(message)?.[1];
  return found === undefined ? undefined : (WORDS[found] ?? found);
}

/** Whether the words are zod's, not the schema's. */
function isOwn({ message }: Issue): boolean {
  return /^(?:Invalid (?:input|option)\b|Too (?:small|big): )/.test(message);
}

const NOT_EMPTY: Readonly<Record<string, string>> = { string: "a text", array: "a list" };

const WORDS: Readonly<Record<string, string>> = {
  undefined: "nothing",
  string: "a text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
};
