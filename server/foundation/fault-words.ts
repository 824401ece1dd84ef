import type * as z from "zod";
import { type CodedFault, codeOfIssue } from "./fault-codes.ts";
import { expectedWords, meantForm, typeWords } from "./expected-words.ts";

type Issue = z.core.$ZodIssue;

/** One fault and its place. */
export interface WordedFault extends CodedFault {
  readonly path: readonly PropertyKey[];
  /** What was found and what is expected, as a sentence. Never contains the value, which may be a secret. */
  readonly message: string;
}

/**
 * A schema's findings in words for whoever sent the value. zod's own words speak of its internals ("Invalid key in
 * record"), and say nothing about several possible forms. A message that the schema itself gives stays as it is.
 */
export function faultWords(issues: readonly Issue[], base: readonly PropertyKey[] = []): WordedFault[] {
  return issues.flatMap((issue): WordedFault[] => {
    const path = [...base, ...issue.path];
    // An unknown key is a fault of that key, not of the object around it.
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: `The field ${JSON.stringify(key)} is unknown here.`,
        code: "unknown-field",
      }));
    if (issue.code === "invalid_union" && isOwn(issue)) return faultsOfUnion(issue.errors, path);
    return [{ path, message: wordsOf(issue), ...(isOwn(issue) || issue.code === "custom" ? codeOfIssue(issue) : {}) }];
  });
}

/** Several forms are possible: describe the most likely one. */
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

/** zod names what it found only in its message. */
function foundIn(message: string): string | undefined {
  const found = /received (\w+)$/.exec(message)?.[1];
  return found === undefined ? undefined : typeWords(found);
}

/** Whether the message is zod's rather than the schema's. */
function isOwn({ message }: Issue): boolean {
  return /^(?:Invalid (?:input|option)\b|Too (?:small|big): )/.test(message);
}
