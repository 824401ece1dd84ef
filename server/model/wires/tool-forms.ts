import type { OfferedTool, PromptToolCall } from "../../conversation/ports/model.ts";
import { objectSchema } from "./input-schema.ts";
import { fittingSchema } from "./fitting-schema.ts";
import type { SchemaRules } from "./schema-rules.ts";
import type { Schema } from "./schema-words.ts";

/** A tool's arguments as one provider takes them. */
interface ToolForm {
  readonly schema: Schema;
  /** The server's names of arguments that are called otherwise here, by ours; and the other way round. */
  readonly meant: ReadonlyMap<string, string>;
  readonly told: ReadonlyMap<string, string>;
}

/**
 * The tools of one request in the form that a provider takes: schemas put right, and names of arguments that it refuses
 * replaced, there and back.
 */
export class ToolForms {
  readonly #rules: SchemaRules;
  readonly #byName: ReadonlyMap<string, OfferedTool>;

  constructor(tools: readonly OfferedTool[], rules: SchemaRules) {
    this.#rules = rules;
    this.#byName = new Map(tools.map((tool) => [tool.name, tool]));
  }

  get empty(): boolean {
    return this.#byName.size === 0;
  }

  get names(): Iterable<string> {
    return this.#byName.keys();
  }

  schemaOf({ inputSchema }: OfferedTool): Schema {
    return formOf(inputSchema, this.#rules).schema;
  }

  /** An earlier call as the model would make it now. */
  told(call: PromptToolCall): PromptToolCall {
    const form = this.#formOf(call.name);
    return form === undefined ? call : { ...call, argumentsText: renamed(call.argumentsText, form.told) };
  }

  /** What the model wrote as the arguments of a tool, in the server's names. */
  meant(name: string, argumentsText: string): string {
    const form = this.#formOf(name);
    return form === undefined ? argumentsText : renamed(argumentsText, form.meant);
  }

  #formOf(name: string): ToolForm | undefined {
    const tool = this.#byName.get(name);
    return tool === undefined ? undefined : formOf(tool.inputSchema, this.#rules);
  }
}

/** Kept with the schema: the same tools go with every step. */
const forms = new WeakMap<Schema, Map<SchemaRules, ToolForm>>();

function formOf(inputSchema: Schema, rules: SchemaRules): ToolForm {
  const known = forms.get(inputSchema) ?? new Map<SchemaRules, ToolForm>();
  forms.set(inputSchema, known);
  const form = known.get(rules) ?? makeForm(inputSchema, rules);
  known.set(rules, form);
  return form;
}

function makeForm(inputSchema: Schema, rules: SchemaRules): ToolForm {
  const schema = fittingSchema(objectSchema(inputSchema), inputSchema, rules);
  const properties = schema["properties"] as Schema;
  const told = newNames(Object.keys(properties), rules.argumentNames);
  const meant = new Map(Array.from(told, ([server, model]) => [model, server]));
  return { schema: told.size === 0 ? schema : withNames(schema, told), meant, told };
}

/** A name for each that the provider refuses. */
function newNames(names: readonly string[], taken: RegExp | undefined): Map<string, string> {
  const made = new Map<string, string>();
  if (taken === undefined) return made;
  const used = new Set(names.filter((name) => taken.test(name)));
  for (const name of names) {
    if (taken.test(name)) continue;
    const plain = name.replaceAll(/[^a-zA-Z0-9_.-]+/g, "_").slice(0, 56) || "argument";
    let model = plain;
    for (let number = 2; used.has(model); number += 1) model = `${plain}_${number}`;
    used.add(model);
    made.set(name, model);
  }
  return made;
}

function withNames(schema: Schema, told: ReadonlyMap<string, string>): Schema {
  const rename = (name: string): string => told.get(name) ?? name;
  const properties = Object.entries(schema["properties"] as Schema).map(([name, property]): [string, unknown] => [
    rename(name),
    told.has(name) ? named(name, property) : property,
  ]);
  const required = schema["required"];
  return referencesRenamed(
    {
      ...schema,
      properties: Object.fromEntries(properties),
      ...(Array.isArray(required) ? { required: (required as string[]).map(rename) } : {}),
    },
    told,
  ) as Schema;
}

/** The model is told what the server calls it: the name says more than what is left of it. */
function named(name: string, property: unknown): unknown {
  if (typeof property !== "object" || property === null || Array.isArray(property)) return property;
  const { description } = property as Schema;
  return { ...property, description: typeof description === "string" ? `${name}: ${description}` : name };
}

function referencesRenamed(value: unknown, told: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => referencesRenamed(item, told));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === "$ref" ? reference(inner, told) : referencesRenamed(inner, told)]),
  );
}

function reference(said: unknown, told: ReadonlyMap<string, string>): unknown {
  if (typeof said !== "string") return said;
  for (const [server, model] of told) {
    const path = `#/properties/${server.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (said === path || said.startsWith(`${path}/`)) return `#/properties/${model}${said.slice(path.length)}`;
  }
  return said;
}

function renamed(argumentsText: string, names: ReadonlyMap<string, string>): string {
  if (names.size === 0) return argumentsText;
  try {
    const value: unknown = JSON.parse(argumentsText);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return argumentsText;
    if (!Object.keys(value).some((name) => names.has(name))) return argumentsText;
    return JSON.stringify(Object.fromEntries(Object.entries(value).map(([name, inner]) => [names.get(name) ?? name, inner])));
  } catch {
    // What cannot be read is refused where arguments are checked.
    return argumentsText;
  }
}
