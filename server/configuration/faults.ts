import * as z from "zod";
import type { CodedFault } from "../foundation/fault-codes.ts";
import { expectedWords, meantForm } from "../foundation/expected-words.ts";
import { showValue } from "./describe-value.ts";
import { nearest } from "./did-you-mean.ts";
import { knownKeysAt, schemasAt } from "./known-keys.ts";
import type { Path } from "./substitute.ts";

/** Something wrong in the file. `message`: `found …, expected …`. */
export interface Fault extends CodedFault {
  readonly path: Path;
  readonly message: string;
}

/** Where the values of the file came from, and the schema that they should fit. */
export interface FaultContext {
  readonly file: unknown;
  readonly schema: z.core.$ZodType;
  readonly fromEnvironment: (path: Path) => boolean;
}

type Issue = z.core.$ZodIssue;

export function fault(path: Path, found: string, expected: string): Fault {
  return { path, message: `found ${found}, expected ${expected}` };
}

/** Something that has to be there is not. */
export function missing(path: Path, expected: string): Fault {
  return { ...fault(path, "nothing", expected), code: "missing" };
}

/** One fault for everything that does not fit the schema. */
export function faultsOf(issues: readonly Issue[], context: FaultContext, base: Path = []): Fault[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path.map((step) => (typeof step === "symbol" ? String(step) : step))];
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => unknownKey([...path, key], key, knownKeysAt(context.schema, path)));
    if (issue.code === "invalid_union") return faultsOfUnion(issue.errors, path, context);
    const value = valueAt(context.file, path);
    if (issue.code === "invalid_key") {
      const ofKey = fault(path, `the key ${JSON.stringify(String(path.at(-1)))}`, expectedOf(issue.issues[0]));
      return [ofKey, ...faultsBehindKey(value, path, context)];
    }
    return [fault(path, showValue(value, path, context.fromEnvironment(path)), withSuggestion(expectedOf(issue), issue, value))];
  });
}

/** The schema does not look behind a bad key; this reports the faults there as well. */
function faultsBehindKey(value: unknown, path: Path, context: FaultContext): Fault[] {
  return schemasAt(context.schema, path).flatMap((schema) => {
    const parsed = z.safeParse(schema, value);
    return parsed.success ? [] : faultsOf(parsed.error.issues, context, path);
  });
}

function unknownKey(path: Path, key: string, known: readonly string[]): Fault {
  if (known.includes(key)) return fault(path, `"${key}" beside keys that it does not go with`, "only one of the two forms");
  const near = nearest(key, known);
  return fault(path, "an unknown key", near === undefined ? `one of ${known.join(", ")}` : `another one (did you mean "${near}"?)`);
}

/** Several forms are possible: report on the one that was probably meant. */
function faultsOfUnion(branches: readonly (readonly Issue[])[], path: Path, context: FaultContext): Fault[] {
  const meant = meantForm(branches);
  if (meant !== undefined) return faultsOf(meant, context, path);
  const value = valueAt(context.file, path);
  const expected = branches.map((issues) => expectedOf(issues[0])).join(", or ");
  const options = branches.flatMap((issues) => issues.find((issue) => issue.code === "invalid_value") ?? []);
  return [fault(path, showValue(value, path, context.fromEnvironment(path)), withSuggestion(expected, options[0], value))];
}

function expectedOf(issue: Issue | undefined): string {
  if (issue === undefined) return "something else";
  return expectedWords(issue) ?? issue.message.replace(/^expected /i, "").replace(/\.$/, "");
}

function withSuggestion(expected: string, issue: Issue | undefined, value: unknown): string {
  if (issue?.code !== "invalid_value" || typeof value !== "string") return expected;
  const near = nearest(value, issue.values.map(String));
  return near === undefined ? expected : `${expected} (did you mean "${near}"?)`;
}

export function valueAt(file: unknown, path: Path): unknown {
  let value = file;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
