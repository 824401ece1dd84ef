import { blotted, secretSpellings, withoutScheme } from "../../foundation/secret-spellings.ts";
import type { HttpToolDefinition } from "./definition.ts";
import { parseTemplate } from "./template.ts";

/** Shorter ones are words that a service may well say. */
const SHORTEST_SECRET = 6;
const REDACTED = "[secret]";

/**
 * Takes the values of a tool's headers out of what the service answers: a service that echoes a request would show them
 * to the model, the customer and the journal. Every header counts, because none is ever shown again.
 */
export class HeaderSecrets {
  readonly #values: readonly string[];

  constructor({ headers }: Pick<HttpToolDefinition, "headers">) {
    const texts = Object.values(headers).flatMap((text) => parseTemplate(text).parts.filter((part) => typeof part === "string"));
    const values = texts.flatMap(withoutScheme).map((value) => value.trim());
    this.#values = secretSpellings(values, SHORTEST_SECRET);
  }

  text(text: string): string {
    return blotted(text, this.#values, REDACTED);
  }

  /** The value with every text of it cleaned, names of members included. It has to be of a bounded depth. */
  value(value: unknown): unknown {
    if (this.#values.length === 0) return value;
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.value(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [this.text(name), this.value(inner)] as const));
  }
}
