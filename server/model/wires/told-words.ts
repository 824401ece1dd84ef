import type { Schema } from "./schema-words.ts";

/** Words that limit what an argument may be. Those that a provider does not take are told in the description. */
const TOLD: ReadonlySet<string> = new Set(
  `const enum default examples pattern format minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum multipleOf
   minItems maxItems uniqueItems contains minContains maxContains minProperties maxProperties patternProperties propertyNames
   additionalProperties unevaluatedProperties dependentRequired dependentSchemas dependencies not if then else nullable
   contentEncoding contentMediaType`.split(/\s+/),
);
/** A longer rule says more than a model reads. */
const MOST_CHARACTERS = 300;

/** The schema with the meaning of the words that were taken out of it in its description. */
export function withTold(schema: Schema, takenOut: readonly (readonly [word: string, value: unknown])[]): Schema {
  const told = takenOut.flatMap(([word, value]) => {
    const text = TOLD.has(word) ? JSON.stringify(value) : undefined;
    return text === undefined || text.length > MOST_CHARACTERS ? [] : [`${word}: ${text}`];
  });
  if (told.length === 0) return schema;
  const { description } = schema;
  const before = typeof description === "string" && description !== "" ? `${description} ` : "";
  return { ...schema, description: `${before}(${told.join("; ")})` };
}
