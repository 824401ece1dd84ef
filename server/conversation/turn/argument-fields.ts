import { argumentTitle } from "../../../protocol/argument-title.ts";
import type { ArgumentField } from "../../../protocol/content.ts";

/**
 * The arguments of a call as a person reads them: one row each, named by the schema's titles. A property may say
 * `"format": "money"` with `"currency": "EUR"` (the value then counts minor units), or `"format": "date"` or
 * `"date-time"`.
 */
export function argumentFields(
  schema: Readonly<Record<string, unknown>>,
  input: Readonly<Record<string, unknown>>,
  filled: readonly string[] = [],
): ArgumentField[] {
  const properties = asRecord(schema["properties"]);
  return Object.entries(input).map(([name, value]) => {
    const property = asRecord(Object.hasOwn(properties, name) ? properties[name] : undefined);
    const format = property["format"];
    const currency = property["currency"] ?? property["x-currency"];
    return {
      name,
      title: argumentTitle(property, name),
      value,
      ...(typeof format === "string" ? { format } : {}),
      ...(typeof currency === "string" ? { currency } : {}),
      ...(filled.includes(name) ? { filled: true } : {}),
    };
  });
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
