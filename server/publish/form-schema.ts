import type { InputField } from "../../protocol/input-fields.ts";

type Property = Readonly<Record<string, unknown>>;

/** The restricted JSON Schema of a form (elicitation), from its fields. */
export function formSchema(fields: readonly InputField[]) {
  const required = fields.filter((field) => field.required).map(({ name }) => name);
  return {
    type: "object" as const,
    properties: Object.fromEntries(fields.map((field) => [field.name, propertyOf(field)])),
    ...(required.length === 0 ? {} : { required }),
  };
}

function propertyOf(field: InputField): Property {
  const { title, description } = field;
  const words = { title, ...(description === undefined ? {} : { description }) };
  switch (field.kind) {
    case "text": {
      const { format, minLength, maxLength, pattern } = field;
      return { type: "string", ...words, ...defined({ format, minLength, maxLength, pattern, default: field.default }) };
    }
    case "number": {
      const { integer, minimum, maximum } = field;
      return { type: integer ? "integer" : "number", ...words, ...defined({ minimum, maximum, default: field.default }) };
    }
    case "boolean":
      return { type: "boolean", ...words, ...defined({ default: field.default }) };
    case "choice":
      return { type: "string", ...words, ...choicesOf(field.options, "oneOf"), ...defined({ default: field.default }) };
    case "choices": {
      const { minItems, maxItems } = field;
      return {
        type: "array",
        ...words,
        items: choicesOf(field.options, "anyOf"),
        ...defined({ minItems, maxItems, default: field.default }),
      };
    }
  }
}

/** Choices without titles are written as every revision knows them. */
function choicesOf(options: readonly { readonly value: string; readonly title: string }[], titled: "oneOf" | "anyOf"): Property {
  const isPlain = options.every(({ value, title }) => value === title);
  if (isPlain) return { ...(titled === "anyOf" ? { type: "string" } : {}), enum: options.map(({ value }) => value) };
  return { [titled]: options.map(({ value, title }) => ({ const: value, title })) };
}

function defined(members: Property): Property {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
