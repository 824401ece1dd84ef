/** Arguments that fit a tool's schema, as far as the suite's tools have one. */
export function sampleArguments(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const properties = (schema["properties"] ?? {}) as Record<string, { readonly type?: string }>;
  const required = (schema["required"] ?? []) as readonly string[];
  return Object.fromEntries(required.map((name) => [name, sample(properties[name]?.type)]));
}

function sample(type: string | undefined): unknown {
  switch (type) {
    case "number":
    case "integer":
      return 5;
    case "boolean":
      return true;
    case "array":
      return [];
    case "object":
      return {};
    default:
      return "sample";
  }
}
