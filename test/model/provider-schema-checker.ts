/**
 * What each provider takes as the definition of a tool: the subset of JSON Schema that it documents, and what public
 * reports show that it refuses. Written apart from `server/model/wires/schema-rules.ts`, to check it.
 */
import { KEYWORD_FAULTS, subschemas, type Schema } from "./json-schema-words.ts";

export type SchemaProvider = "openai-strict" | "openai" | "anthropic" | "google" | "compatible";

export interface CheckedTool {
  readonly name: string;
  readonly description: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** One schema of a tool's, and where it stands: `/properties/tags/items`. */
interface Place {
  readonly at: string;
  readonly schema: Schema;
  readonly root: Schema;
}

type Rule = (place: Place) => readonly string[];

/**
 * What `provider` would refuse of `tool`, each with its place; empty: nothing. The schema is the one that is sent, after
 * our mapping.
 */
export function schemaFaults(provider: SchemaProvider, { name, description, schema }: CheckedTool): string[] {
  const { toolName, top, everywhere, argumentName } = PROVIDERS[provider];
  const faults = toolName.test(name) ? [] : [`name: "${name}" is not like ${String(toolName)}`];
  if (!description.isWellFormed()) faults.push("description: half a character");
  const root = { at: "", schema, root: schema };
  for (const rule of top) faults.push(...rule(root).map((fault) => `top: ${fault}`));
  if (argumentName !== undefined)
    for (const property of Object.keys(asSchema(schema["properties"])))
      if (!argumentName.test(property)) faults.push(`top: the argument "${property}" is not like ${String(argumentName)}`);
  for (const place of placesIn(root))
    for (const rule of everywhere) faults.push(...rule(place).map((fault) => `${place.at || "/"}: ${fault}`));
  return faults;
}

function* placesIn(place: Place): Generator<Place> {
  yield place;
  for (const { at, value } of subschemas(place.schema))
    if (isSchema(value)) yield* placesIn({ at: `${place.at}${at}`, schema: value, root: place.root });
}

const isSchema = (value: unknown): value is Schema => typeof value === "object" && value !== null && !Array.isArray(value);
const asSchema = (value: unknown): Schema => (isSchema(value) ? value : {});
const typesOf = ({ type }: Schema): readonly unknown[] => (Array.isArray(type) ? type : type === undefined ? [] : [type]);
const when = (wrong: boolean, fault: string): readonly string[] => (wrong ? [fault] : []);

/**
 * OpenAI: "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level"
 * (langchain-ai/langchainjs#9804); Anthropic: "input_schema does not support oneOf, allOf, or anyOf at the top level"
 * (anthropics/claude-code#27337).
 */
const anObjectAtTheTop: Rule = ({ schema }) => [
  ...when(schema["type"] !== "object", "its type is not object"),
  ...when(!isSchema(schema["properties"]), "it has no properties"),
  ...["oneOf", "anyOf", "allOf", "enum", "not", "const", "if"].filter((word) => word in schema).map((word) => `${word} is refused there`),
];

/**
 * Every word has a value that JSON Schema 2020-12 knows. Anthropic: "JSON schema is invalid. It must match JSON Schema
 * draft 2020-12" (anthropics/claude-code#586; kintone/mcp-server#553: a list in `items`). OpenAI checks alike: "[] is not
 * of type 'object'" (cbdb-project/cbdb-online-main-server#879).
 */
const validWords: Rule = ({ schema }) =>
  Object.entries(schema).flatMap(([word, value]) => {
    const fault = KEYWORD_FAULTS[word]?.(value);
    return fault === undefined ? [] : [`${word} ${fault}`];
  });

/** "array schema missing items" (apify/apify-mcp-server#36, PrefectHQ/fastmcp#2464: `prefixItems` alone do not count). */
const itemsOfLists: Rule = ({ schema }) => when(typesOf(schema).includes("array") && !isSchema(schema["items"]), "an array without items");

/** `true` and `false` are schemas in JSON Schema, and in few readers of it; `additionalProperties` has them everywhere. */
const noBooleanSchemas: Rule = ({ schema }) =>
  subschemas(schema).flatMap(({ at, value }) =>
    when(typeof value === "boolean" && at !== "/additionalProperties", `${at} is ${String(value)}`),
  );

/** Gemini: "reference to undefined schema at properties.…" (google-gemini/gemini-cli#13326); llama.cpp: "Error resolving ref". */
const referencesLead: Rule = ({ schema: { $ref }, root }) =>
  when(typeof $ref === "string" && target($ref, root) === undefined, `$ref leads nowhere: ${String($ref)}`);

function target(reference: string, root: Schema): unknown {
  if (reference === "#") return root;
  if (!reference.startsWith("#/")) return undefined;
  let value: unknown = root;
  for (const step of reference.slice(2).split("/")) {
    const key = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Schema)[key];
  }
  return value;
}

const only =
  (words: ReadonlySet<string>): Rule =>
  ({ schema }) =>
    Object.keys(schema).flatMap((word) => when(!words.has(word), `${word} is not among the words that are documented`));

/**
 * Structured outputs (platform.openai.com/docs/guides/structured-outputs, "Supported schemas"): every object closed, all
 * of its properties required, these words alone.
 */
const STRICT_WORDS = new Set(
  `type description title enum const anyOf properties required additionalProperties items $ref $defs definitions pattern format
   multipleOf maximum exclusiveMaximum minimum exclusiveMinimum minItems maxItems`.split(/\s+/),
);
const STRICT_FORMATS = new Set(["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"]);
const strict: Rule = ({ schema }) => {
  const names = Object.keys(asSchema(schema["properties"]));
  const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : []);
  const says = ["type", "anyOf", "$ref", "enum", "const"].some((word) => word in schema);
  return [
    ...when(typesOf(schema).includes("object") && schema["additionalProperties"] !== false, "additionalProperties is not false"),
    ...names.filter((name) => !required.has(name)).map((name) => `"${name}" is not required`),
    ...when(!says, "it says no type"),
    ...when(typeof schema["format"] === "string" && !STRICT_FORMATS.has(schema["format"]), `the format ${String(schema["format"])}`),
  ];
};

/** ai.google.dev/api/generate-content, `responseJsonSchema`: "Specifically, only the following properties are supported". */
const GOOGLE_WORDS = new Set(
  `$id $defs $ref $anchor type format title description enum items prefixItems minItems maxItems minimum maximum anyOf oneOf
   properties additionalProperties required propertyOrdering`.split(/\s+/),
);
/** The same page: enum "for strings and numbers"; "enum[3]: cannot be empty" (sbroenne/mcp-server-excel#607). */
const googleEnums: Rule = ({ schema: { enum: values } }) =>
  Array.isArray(values)
    ? values.flatMap((value) =>
        when((typeof value !== "string" && typeof value !== "number") || value === "", `enum has ${JSON.stringify(value) ?? "undefined"}`),
      )
    : [];
/** The same page: beside a `$ref` no others "except for than those starting as a $". */
const referencesAlone: Rule = ({ schema }) =>
  "$ref" in schema ? Object.keys(schema).flatMap((word) => when(!word.startsWith("$"), `${word} beside $ref`)) : [];
/** "required[0]: property is not defined" (iBUHub/AIStudioToAPI#154). */
const requiredIsThere: Rule = ({ schema }) =>
  (Array.isArray(schema["required"]) ? schema["required"] : []).flatMap((name: unknown) =>
    when(!Object.hasOwn(asSchema(schema["properties"]), String(name)), `requires "${String(name)}", which it does not have`),
  );
/** A list with "object" in it fails every request (github/copilot-cli#4623); one type or null is documented. */
const plainTypes: Rule = ({ schema }) => {
  const types = typesOf(schema).filter((type) => type !== "null");
  return when(
    Array.isArray(schema["type"]) && (types.length > 1 || types.includes("object") || types.includes("array")),
    `the types ${types.join(", ")} in one list`,
  );
};
/** The same page: "Cyclic references … may only be used within non-required properties." */
const cyclesAreOptional: Rule = ({ schema, root, at }) =>
  when(at === "" && needsItself(schema, root, new Set()), "a required property refers back to what it is in");

function needsItself(schema: Schema, root: Schema, inside: ReadonlySet<unknown>): boolean {
  if (inside.has(schema)) return true;
  const within = new Set([...inside, schema]);
  const found = typeof schema["$ref"] === "string" ? target(schema["$ref"], root) : undefined;
  if (isSchema(found) && needsItself(found, root, within)) return true;
  const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : []);
  return subschemas(schema).some(({ word, name, value }) => {
    if (!isSchema(value) || word === "$defs" || word === "definitions") return false;
    return (word !== "properties" || required.has(name)) && needsItself(value, root, within);
  });
}

/**
 * llama.cpp makes a grammar of the schema: "Pattern must start with '^' and end with '$'"
 * (containers/kubernetes-mcp-server#758), and of some that do it makes none either (aebrer/dreb#422).
 */
const noPatterns: Rule = ({ schema }) => when("pattern" in schema, "a pattern, of which some servers make no grammar");
const noConst: Rule = ({ schema }) => when("const" in schema, "const, which not every server reads");

const OPENAI_NAME = /^[a-zA-Z0-9_-]{1,64}$/;
/** "Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'" (ComposioHQ/composio#3500, anthropics/claude-code#79418). */
const ANTHROPIC_ARGUMENT = /^[a-zA-Z0-9_.-]{1,64}$/;
const COMMON: readonly Rule[] = [validWords, itemsOfLists, noBooleanSchemas, referencesLead];

interface ProviderRules {
  readonly toolName: RegExp;
  /** Of the arguments at the top; no report speaks of names below. */
  readonly argumentName?: RegExp;
  readonly top: readonly Rule[];
  readonly everywhere: readonly Rule[];
}

const PROVIDERS: Readonly<Record<SchemaProvider, ProviderRules>> = {
  openai: { toolName: OPENAI_NAME, top: [anObjectAtTheTop], everywhere: COMMON },
  "openai-strict": { toolName: OPENAI_NAME, top: [anObjectAtTheTop], everywhere: [...COMMON, only(STRICT_WORDS), strict] },
  anthropic: { toolName: OPENAI_NAME, argumentName: ANTHROPIC_ARGUMENT, top: [anObjectAtTheTop], everywhere: COMMON },
  google: {
    /** ai.google.dev/api/caching#FunctionDeclaration */
    toolName: /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/,
    top: [anObjectAtTheTop],
    everywhere: [...COMMON, only(GOOGLE_WORDS), googleEnums, referencesAlone, requiredIsThere, plainTypes, cyclesAreOptional],
  },
  compatible: {
    toolName: OPENAI_NAME,
    argumentName: ANTHROPIC_ARGUMENT,
    top: [anObjectAtTheTop],
    everywhere: [...COMMON, referencesAlone, requiredIsThere, plainTypes, noPatterns, noConst],
  },
};
