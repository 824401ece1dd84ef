/** What a provider refuses in the schema of a tool, and so in the whole request. */
export interface SchemaRules {
  /** What the names of arguments must look like. */
  readonly argumentNames?: RegExp;
  /** `const` is not among the keywords it documents; an `enum` of one value says the same. */
  readonly constAsEnum?: true;
  /** `$ref` has to be alone in its schema. */
  readonly refsAlone?: true;
}

const ANTHROPIC_NAMES = /^[a-zA-Z0-9_.-]{1,64}$/;

/**
 * By wire; arrays without `items`, which OpenAI refuses, get them everywhere. Sources:
 *
 * - OpenAI: "Invalid schema for function … array schema missing items", in many public reports; `strict` is off, so its
 *   stricter subset does not count (platform.openai.com/docs/guides/function-calling).
 * - Anthropic: "Property keys should match pattern", in public reports, at the top of `input_schema`.
 * - Gemini: the keywords of `parametersJsonSchema` (ai.google.dev/api/caching#FunctionDeclaration); beside a `$ref`
 *   only names that begin with `$`.
 * - Servers that speak OpenAI's format: the careful middle, since anybody's model may be behind one.
 */
export const SCHEMA_RULES = {
  openai: {},
  anthropic: { argumentNames: ANTHROPIC_NAMES },
  gemini: { constAsEnum: true, refsAlone: true },
  compatible: { argumentNames: ANTHROPIC_NAMES, constAsEnum: true, refsAlone: true },
} as const satisfies Record<string, SchemaRules>;
