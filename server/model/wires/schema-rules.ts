/** What a provider refuses in the schema of a tool, and so in the whole request. */
export interface SchemaRules {
  /** What the names of arguments must look like. */
  readonly argumentNames?: RegExp;
  /** The words that it documents; the meaning of any other is told in the description. Absent: all of JSON Schema. */
  readonly words?: ReadonlySet<string>;
  /** Words that it does not take, though others of its kind do. */
  readonly refused?: ReadonlySet<string>;
  /** `const` is not among the keywords it documents; an `enum` of one value says the same. */
  readonly constAsEnum?: true;
  /** `$ref` has to be alone in its schema. */
  readonly refsAlone?: true;
  /** References lead into `$defs` only, and none of them makes a required property contain itself. */
  readonly refsToDefs?: true;
  /** A list of types is one type and `null`; a list with objects or arrays in it is told as alternatives. */
  readonly plainTypes?: true;
  /** An `enum` has texts that are not empty, and numbers. */
  readonly plainEnums?: true;
  /** What is required is among the properties. */
  readonly requiredIsThere?: true;
}

const ANTHROPIC_NAMES = /^[a-zA-Z0-9_.-]{1,64}$/;
const GOOGLE_WORDS: ReadonlySet<string> = new Set(
  `$defs $ref type format title description enum items prefixItems minItems maxItems minimum maximum anyOf oneOf
   properties additionalProperties required`.split(/\s+/),
);

/**
 * By wire. Everywhere, words have values that JSON Schema 2020-12 knows (Anthropic: "It must match JSON Schema draft
 * 2020-12"), references lead somewhere, and arrays have `items`, which OpenAI wants. Sources:
 *
 * - OpenAI: "Invalid schema for function … array schema missing items", in many public reports; `strict` is off, so its
 *   stricter subset does not count (platform.openai.com/docs/guides/function-calling).
 * - Anthropic: "Property keys should match pattern", in public reports, at the top of `input_schema`.
 * - Gemini: the keywords of its JSON Schema (ai.google.dev/api/generate-content, `responseJsonSchema`); beside a `$ref`
 *   only names that begin with `$`; cycles "only within non-required properties". Public reports: a list of types with
 *   `object`, empty texts in an `enum`, and a required property that is not defined are refused.
 * - Servers that speak OpenAI's format: the careful middle, since anybody's model may be behind one. llama.cpp makes a
 *   grammar of every schema, and of a `pattern` without `^` and `$` it makes an error.
 */
export const SCHEMA_RULES = {
  openai: {},
  anthropic: { argumentNames: ANTHROPIC_NAMES },
  gemini: {
    words: GOOGLE_WORDS,
    constAsEnum: true,
    refsAlone: true,
    refsToDefs: true,
    plainTypes: true,
    plainEnums: true,
    requiredIsThere: true,
  },
  compatible: {
    argumentNames: ANTHROPIC_NAMES,
    refused: new Set(["pattern"]),
    constAsEnum: true,
    refsAlone: true,
    plainTypes: true,
    requiredIsThere: true,
  },
} as const satisfies Record<string, SchemaRules>;
