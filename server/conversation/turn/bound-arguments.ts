import { factOf, type CustomerFacts, type FactValue } from "../ports/customer-facts.ts";
import type { Connector } from "../ports/assistant.ts";
import type { Tool } from "../ports/tools.ts";
import type { ProposedCall } from "./admission-context.ts";
import { hiding, topArguments } from "./top-arguments.ts";

type Arguments = Readonly<Record<string, unknown>>;

/**
 * The tool as the model knows it where its connector binds arguments of it: without them. Their values are the site's,
 * of the customer behind the conversation, whatever the model, the page or anybody else says.
 */
export function boundTool(tool: Tool, bind: Connector["bind"], facts: CustomerFacts | undefined): Tool {
  const all = Object.keys(bind ?? {});
  if (bind === undefined || all.length === 0) return tool;
  const declared = topArguments(tool.inputSchema);
  const names = all.filter((name) => declared.has(name));
  const absent = all.filter((name) => !declared.has(name));
  const filled: Record<string, FactValue> = {};
  const missing: Record<string, string> = {};
  for (const name of names) {
    const fact = bind[name] ?? "";
    const value = factOf(facts, fact);
    if (value === undefined) missing[name] = fact;
    else filled[name] = value;
  }
  const inputSchema = names.length === 0 ? tool.inputSchema : schemaWithout(tool.inputSchema, names);
  return { ...tool, inputSchema, bound: { filled, missing, absent, inputSchema: tool.inputSchema } };
}

/** What a call is proposed with: what the model said, but for what is not the model's to say. */
export function filledIn({ bound }: Pick<Tool, "bound">, said: Arguments): { readonly arguments: Arguments; readonly filled?: string[] } {
  if (bound === undefined) return { arguments: said };
  const names = Object.keys(bound.filled);
  const hidden = new Set([...Object.keys(bound.missing), ...bound.absent]);
  const own = Object.fromEntries(Object.entries(said).filter(([name]) => !hidden.has(name)));
  return { arguments: { ...own, ...bound.filled }, ...(names.length === 0 ? {} : { filled: names }) };
}

/** Whether what the call has in bound arguments is what the site says at this moment. */
export function holdsBound({ bound }: Pick<Tool, "bound">, given: Arguments): boolean {
  if (bound === undefined) return true;
  if (bound.absent.some((name) => Object.hasOwn(given, name))) return false;
  return Object.entries(bound.filled).every(([name, value]) => Object.hasOwn(given, name) && given[name] === value);
}

/** Arguments that somebody edited, with those that the server filled in as they were: no edit reaches them. */
export function withFilled(
  edited: Arguments,
  { filled = [], arguments: proposed = {} }: Pick<ProposedCall, "filled" | "arguments">,
): Arguments {
  if (filled.length === 0) return edited;
  return { ...edited, ...Object.fromEntries(filled.map((name) => [name, proposed[name]])) };
}

/** Schemas do not change, and what is worked out about them (tokens, forms of providers) is kept by the object. */
const made = new WeakMap<object, Map<string, Arguments>>();

function schemaWithout(schema: Arguments, names: readonly string[]): Arguments {
  const key = JSON.stringify(names);
  const known = made.get(schema)?.get(key);
  if (known !== undefined) return known;
  const shown = hiding(schema, new Set(names));
  made.set(schema, (made.get(schema) ?? new Map<string, Arguments>()).set(key, shown));
  return shown;
}
