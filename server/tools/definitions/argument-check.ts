import type { CfWorkerJsonSchemaValidator } from "@modelcontextprotocol/client/validators/cf-worker";
import { boundedRun, RunTooLongError } from "./bounded-run.ts";
import { plainText } from "./plain-text.ts";
import { usableSchema } from "./usable-schema.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** `skipped`: one rule is not checked, the rest is. `unusable`: nothing can be checked, so nothing fits. */
export const SCHEMA_FAULTS = {
  skipped: "a rule of a tool's schema is not checked here, only where the tool runs",
  unusable: "a tool's schema cannot be used, so its calls are refused",
} as const;
export type SchemaFaultHeard = (cause: string, effect: keyof typeof SCHEMA_FAULTS) => void;

/** Undefined: the value fits. Otherwise what is wrong with it, for the model. */
export type ValueCheck = (value: unknown) => string | undefined;

const LIMIT_MS = 100;
const MESSAGE_CHARACTERS = 1_000;
/** Keywords by which a schema can make its reader work for long. */
const COSTLY = /"(?:pattern|patternProperties|format|\$ref|\$dynamicRef|\$recursiveRef|uniqueItems|anyOf|oneOf|allOf|not|if)":/;

/** Names that every object answers to: to the validator an argument of such a name would always be there. */
const INHERITED = /"(?:__\w+__|constructor|hasOwnProperty|isPrototypeOf|propertyIsEnumerable|toLocaleString|toString|valueOf)"/;

/** The same value, of objects that have nothing but what is theirs. */
function withoutInherited(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutInherited);
  if (typeof value !== "object" || value === null) return value;
  const bare = Object.create(null) as Record<string, unknown>;
  for (const [name, inner] of Object.entries(value)) bare[name] = withoutInherited(inner);
  return bare;
}

/**
 * Makes the check of a tool's arguments, or of its structured result, against the schema that its server gave.
 *
 * The schema is interpreted, never turned into code; a reference to another document is never fetched; and a check that
 * takes longer than 100 ms is given up. A schema that cannot be used fits nothing: the tool stays visible, and a call
 * of it is refused with that reason, so that nobody is asked to approve what could not be checked.
 */
export function valueCheck(schema: JsonObject, validators: CfWorkerJsonSchemaValidator, hear: SchemaFaultHeard): ValueCheck {
  const text = JSON.stringify(schema);
  const costly = COSTLY.test(text);
  const bare = INHERITED.test(text) ? withoutInherited : (given: unknown) => given;
  const run = <T>(job: () => T): T => (costly ? boundedRun(LIMIT_MS, job) : job());
  let usable: JsonObject | undefined;
  let validate: ReturnType<typeof validators.getValidator> | undefined;
  return (value) => {
    try {
      return run(() => {
        usable ??= usableSchema(schema, (rule) => hear(plainText(`${rule} cannot be checked`, 200), "skipped"));
        validate ??= validators.getValidator(usable);
        const result = validate(bare(value));
        return result.valid ? undefined : readable(result.errorMessage);
      });
    } catch (error) {
      const cause = plainText(reason(error), 200);
      hear(cause, "unusable");
      return `The schema of this tool cannot be used (${cause}), so the tool cannot be called.`;
    }
  };
}

/** Complaints of a parent about its child, which complains itself. */
const INDIRECT =
  /: (?:Property ".*" does not match (?:(?:additional|unevaluated) properties )?schema|Property ".*" matches pattern|Items did not match|A subschema had errors|Instance does not match (?:any subschemas|every subschema|exactly one subschema \(0|"(?:then|else)" schema))/;

/** `#/items/0: Instance type…` as the model reads it: the argument first, and only what is exactly wrong. */
function readable(message: string): string {
  const complaints = message.split("; ");
  const exact = complaints.filter((complaint) => !INDIRECT.test(complaint));
  const lines = (exact.length > 0 ? exact : complaints).map((complaint) =>
    complaint
      .replace(/^#\/?/, "arguments/")
      .replace(/^arguments\/: /, "arguments: ")
      .replace(/: False boolean schema\.$/, ": not an argument of this tool."),
  );
  return plainText([...new Set(lines)].join("\n"), MESSAGE_CHARACTERS);
}

function reason(error: unknown): string {
  if (error instanceof RunTooLongError) return "checking against it took too long";
  if (error instanceof RangeError) return "it refers to itself without end";
  const message = error instanceof Error ? error.message : String(error);
  return message.startsWith("Unresolved $ref") ? "it refers to another document, and those are not fetched" : message;
}
