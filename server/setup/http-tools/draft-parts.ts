import type { HttpToolInput } from "./http-tool-record.ts";

type Schema = Readonly<Record<string, unknown>>;

/** An input for a new tool that somebody looks at before it is saved. */
export type HttpToolDraft = Pick<HttpToolInput, "name" | "description" | "method" | "url" | "query" | "headers" | "parameters"> &
  Partial<Pick<HttpToolInput, "title" | "body" | "timeoutMs">>;

/** The arguments of a draft, each with a name of its own. */
export class DraftArguments {
  readonly #properties = new Map<string, Schema>();
  /** Where the counting goes on, for each name that was wanted more than once. */
  readonly #counts = new Map<string, number>();
  readonly #required: string[] = [];

  /** Adds an argument, and gives its place as a template. */
  add(wanted: string, schema: Schema, required: boolean): string {
    const base =
      wanted
        .replace(/[^A-Za-z0-9_]+/g, "_")
        .replace(/^_+|_+$/g, "")
        .slice(0, 50) || "value";
    let name = base;
    for (let count = this.#counts.get(base) ?? 2; this.#properties.has(name); count += 1) {
      name = `${base}_${count}`;
      this.#counts.set(base, count + 1);
    }
    this.#properties.set(name, schema);
    if (required) this.#required.push(name);
    return `{${name}}`;
  }

  get schema(): Record<string, unknown> {
    return {
      type: "object",
      properties: Object.fromEntries(this.#properties),
      ...(this.#required.length === 0 ? {} : { required: this.#required }),
    };
  }
}

/** The text as a template that means just this text. */
export function literal(text: string): string {
  return text.replace(/[{}]/g, "$&$&");
}

export function draftName(text: string): string {
  const words = text.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
  const name = words.replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+|_+$/g, "");
  return name.slice(0, 50).replace(/_+$/, "") || "call";
}

const SECRET_NAME = /api[-_]?key|auth|cookie|credential|pass(?:word|wd)?$|secret|signature|token|^key$|^sig$|session/i;

export function looksSecret(name: string): boolean {
  return SECRET_NAME.test(name);
}
