/** The words of JSON Schema 2020-12 (json-schema.org/draft/2020-12), as its meta-schema has them: what value each takes. */

export type Schema = Readonly<Record<string, unknown>>;

type Fault = (value: unknown) => string | undefined;

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
const isSchema = (value: unknown): boolean => typeof value === "boolean" || isObject(value);
const isText = (value: unknown): boolean => typeof value === "string";
const isNumber = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value);
const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;
const isSwitch = (value: unknown): boolean => typeof value === "boolean";

const one =
  (what: string, fits: (value: unknown) => boolean): Fault =>
  (value) =>
    fits(value) ? undefined : `is not ${what}`;
const schema = one("a schema", isSchema);
const schemas = one("a list of schemas", (value) => Array.isArray(value) && value.length > 0 && value.every(isSchema));
const schemasByName = one("schemas by name", (value) => isObject(value) && Object.values(value as Schema).every(isSchema));
const text = one("a text", isText);
const number = one("a number", isNumber);
const count = one("a count", isCount);
const yesOrNo = one("true or false", isSwitch);
const names = one(
  "a list of different names",
  (value) => Array.isArray(value) && value.every(isText) && new Set(value).size === value.length,
);

const TYPES = new Set<unknown>(["array", "boolean", "integer", "null", "number", "object", "string"]);

/** What is wrong with the value of a word; a word that is not here is nobody's, and has any. */
export const KEYWORD_FAULTS: Readonly<Record<string, Fault | undefined>> = Object.assign(Object.create(null) as Record<string, Fault>, {
  $id: text,
  $schema: text,
  $ref: text,
  $anchor: text,
  $comment: text,
  $defs: schemasByName,
  definitions: schemasByName,
  properties: schemasByName,
  patternProperties: schemasByName,
  dependentSchemas: schemasByName,
  allOf: schemas,
  anyOf: schemas,
  oneOf: schemas,
  prefixItems: schemas,
  items: schema,
  contains: schema,
  additionalProperties: schema,
  propertyNames: schema,
  unevaluatedItems: schema,
  unevaluatedProperties: schema,
  not: schema,
  if: schema,
  // oxlint-disable-next-line unicorn/no-thenable -- a word of JSON Schema
  then: schema,
  else: schema,
  type: one("a type", (value) =>
    Array.isArray(value)
      ? value.length > 0 && value.every((type) => TYPES.has(type)) && new Set(value).size === value.length
      : TYPES.has(value),
  ),
  enum: one("a list of values", (value) => Array.isArray(value) && value.length > 0),
  required: names,
  title: text,
  description: text,
  format: text,
  pattern: text,
  multipleOf: one("a number above 0", (value) => isNumber(value) && (value as number) > 0),
  maximum: number,
  minimum: number,
  exclusiveMaximum: number,
  exclusiveMinimum: number,
  maxLength: count,
  minLength: count,
  maxItems: count,
  minItems: count,
  maxContains: count,
  minContains: count,
  maxProperties: count,
  minProperties: count,
  uniqueItems: yesOrNo,
  deprecated: yesOrNo,
  readOnly: yesOrNo,
  writeOnly: yesOrNo,
  examples: one("a list", Array.isArray),
});

const BY_NAME = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];
const LISTS = ["allOf", "anyOf", "oneOf", "prefixItems"];
const SINGLE = [
  "items",
  "contains",
  "additionalProperties",
  "propertyNames",
  "unevaluatedItems",
  "unevaluatedProperties",
  "not",
  "if",
  "then",
  "else",
];

export interface Subschema {
  /** Below the schema that it is in: `/properties/tags`. */
  readonly at: string;
  readonly word: string;
  /** Its key, where schemas stand by name. */
  readonly name?: string;
  readonly value: unknown;
}

/** The schemas directly in a schema. */
export function subschemas(parent: Schema): Subschema[] {
  const found: Subschema[] = [];
  for (const word of BY_NAME)
    if (isObject(parent[word]))
      for (const [name, value] of Object.entries(parent[word] as Schema)) found.push({ at: `/${word}/${name}`, word, name, value });
  for (const word of LISTS)
    if (Array.isArray(parent[word]))
      for (const [index, value] of parent[word].entries()) found.push({ at: `/${word}/${index}`, word, value });
  for (const word of SINGLE) if (word in parent) found.push({ at: `/${word}`, word, value: parent[word] });
  return found;
}
