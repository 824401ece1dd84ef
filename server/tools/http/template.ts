/** A text with places for arguments: `{name}` is a place, `{{` and `}}` are braces. */
export interface Template {
  /** Texts as they are, and names of arguments. */
  readonly parts: readonly (string | { readonly argument: string })[];
}

/** A template that cannot be read. The message is for the owner. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}

/** An argument that its place does not take. Nothing was sent; the message is for the model. */
export class ArgumentError extends Error {
  override readonly name = "ArgumentError";
}

export type Arguments = Readonly<Record<string, unknown>>;

/** Throws `TemplateError`. */
export function parseTemplate(text: string): Template {
  const parts: (string | { readonly argument: string })[] = [];
  let plain = "";
  for (const [found] of text.matchAll(/\{\{|\}\}|\{[^{}]*\}|[{}]|[^{}]+/g)) {
    if (found === "{{" || found === "}}") plain += found[0];
    else if (found === "{" || found === "}")
      throw new TemplateError(`The brace in "${text.slice(0, 60)}" is not closed. Write {{ and }} for braces.`);
    else if (found.startsWith("{")) {
      if (plain !== "") parts.push(plain);
      plain = "";
      parts.push({ argument: argumentName(found.slice(1, -1)) });
    } else plain += found;
  }
  if (plain !== "") parts.push(plain);
  return { parts };
}

/** The arguments that a template names. */
export function argumentsOf({ parts }: Template): readonly string[] {
  return parts.flatMap((part) => (typeof part === "string" ? [] : [part.argument]));
}

/** The one argument that is all of the template; undefined where there is anything else. */
export function soleArgument({ parts }: Template): string | undefined {
  const [only] = parts;
  return parts.length === 1 && typeof only === "object" ? only.argument : undefined;
}

/**
 * The text with its arguments in place, each as `place` writes it. Undefined when an argument is missing: what the text
 * is for is left out then. Throws `ArgumentError` for an argument that is no text, number or yes-or-no.
 */
export function fillTemplate(
  { parts }: Template,
  given: Arguments,
  place: (text: string, argument: string) => string = (text) => text,
): string | undefined {
  let filled = "";
  for (const part of parts) {
    if (typeof part === "string") {
      filled += part;
      continue;
    }
    const value = argumentIn(given, part.argument);
    if (value === undefined || value === null) return undefined;
    filled += place(textOf(value, part.argument), part.argument);
  }
  return filled;
}

export function argumentIn(given: Arguments, name: string): unknown {
  return Object.hasOwn(given, name) ? given[name] : undefined;
}

/** Throws `ArgumentError`. */
export function textOf(value: unknown, argument: string): string {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean")
    throw new ArgumentError(`arguments/${argument}: expected a text, a number, true or false, as it goes into a text.`);
  const text = String(value);
  if (!text.isWellFormed()) throw new ArgumentError(`arguments/${argument}: expected well-formed text.`);
  return text;
}

function argumentName(name: string): string {
  if (!/^[A-Za-z0-9_.-]{1,100}$/.test(name))
    throw new TemplateError(`{${name.slice(0, 60)}} does not name a parameter. Write {{ and }} for braces that are meant as such.`);
  return name;
}
