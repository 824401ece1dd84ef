import type * as z from "zod";
import { expectedWords, meantForm, typeWords } from "./expected-words.ts";

type Issue = z.core.$ZodIssue;

/** One thing that does not fit, and where. */
export interface WordedFault {
  readonly path: readonly PropertyKey[];
  /** What was found and what is expected, as a sentence. Never the value: it may be a secret. */
  readonly message: string;
}

/**
 * What a schema found, in words for whoever sent it. zod's own words speak of its insides ("Invalid key in record"), and say nothing about several
 * possible forms. A message that the schema itself gives stays as it is.
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
function faultsOfUnion(forms: readonly (readonly Issue[])[], path: readonly PropertyKey[]): WordedFault[] {
  const meant = meantForm(forms);
  if (meant !== undefined) return faultWords(meant, path);
  const expected = new Set(forms.flatMap(([first]) => (first === undefined ? [] : (expectedWords(first) ?? []))));
  return [{ path, message: expected.size === 0 ? "This does not fit." : `Expected ${[...expected].join(", or ")}.` }];
}

function wordsOf(issue: Issue): string {
  if (issue.code === "invalid_key") return issue.issues[0] === undefined ? "This key does not fit." : wordsOf(issue.issues[0]);
  const expected = isOwn(issue) ? expectedWords(issue) : undefined;
  if (expected === undefined) return issue.message;
  const found = issue.code === "invalid_type" ? foundIn(issue.message) : undefined;
  return `Expected ${expected}${found === undefined ? "" : `, found ${found}`}.`;
}

/** zod says only in its message what it found. */
function foundIn(message: string): string | undefined {
  const found = /received (\w+)$/.exec(message)?.[1];
  return found === undefined ? undefined : typeWords(found);
}

/** Whether the words are zod's, not the schema's. */
function isOwn({ message }: Issue): boolean {
  return /^(?:Invalid (?:input|option)\b|Too (?:small|big): )/.test(message);
}
