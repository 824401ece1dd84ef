/** What a canned reply may name. Undefined: not known here, so its fallback text stands. */
export interface ReplyValues {
  readonly "customer.name"?: string | undefined;
  readonly "assistant.name"?: string | undefined;
  readonly "me.name"?: string | undefined;
  /** Today, as people write it. */
  readonly date?: string | undefined;
}

const NAMES = ["customer.name", "assistant.name", "me.name", "date"] as const satisfies readonly (keyof ReplyValues)[];

/** `{{customer.name|there}}`: the name, and after a `|` what stands where nobody knows it. */
const VARIABLE = /\{\{\s*([a-z.]+)\s*(?:\|([^{}]*))?\}\}/g;

/** With the values of this moment. What a value has in it is text: it is not filled again. */
export function fillReply(text: string, values: ReplyValues): string {
  return text.replace(VARIABLE, (_whole, name: string, fallback: string | undefined) => {
    const value = isVariable(name) ? values[name] : undefined;
    return value === undefined || value.trim() === "" ? (fallback ?? "").trim() : value;
  });
}

/** Names that are no variables, such as a misspelt one; each once. */
export function unknownVariables(text: string): readonly string[] {
  const named = [...text.matchAll(VARIABLE)].map(([, name = ""]) => name);
  return [...new Set(named.filter((name) => !isVariable(name)))];
}

function isVariable(name: string): name is keyof ReplyValues {
  return NAMES.some((one) => one === name);
}
