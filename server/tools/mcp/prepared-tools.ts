import type { Log } from "../../foundation/log.ts";
import type { Tool } from "../../conversation/ports/tools.ts";
import { SCHEMA_FAULTS, valueCheck, type ValueCheck } from "../definitions/argument-check.ts";
import type { Validation } from "./wire/mcp-sdk.ts";
import type { McpServerSettings } from "./servers/settings.ts";
import { toolReference, type ToolDefinition } from "../definitions/tool-definition.ts";
import { toolNames } from "../definitions/tool-name.ts";

/** A tool as every conversation sees it; what is left is who calls. */
export interface PreparedTool {
  readonly definition: ToolDefinition;
  readonly shared: Omit<Tool, "call">;
}

/** Prepares each list once, however many conversations use it. */
export class PreparedTools {
  readonly #log: Log;
  readonly #prepared = new WeakMap<readonly ToolDefinition[], { settings: McpServerSettings; tools: readonly PreparedTool[] }>();
  /** Made with the first call of a tool: most tools are never called. */
  readonly #checks = new WeakMap<ToolDefinition, ValueCheck>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** In the order of the list; names depend on all of it, whatever of it is offered. */
  of(validation: Validation, settings: McpServerSettings, list: readonly ToolDefinition[]): readonly PreparedTool[] {
    const known = this.#prepared.get(list);
    if (known?.settings === settings) return known.tools;
    const names = toolNames(
      settings.key,
      list.map(({ tool }) => tool),
    );
    const byName = new Map<string, ToolDefinition>();
    // A server that wants to can make two of its tools hash alike: the first one has the name.
    for (const [index, name] of names.entries()) {
      const definition = list[index];
      if (definition !== undefined && !byName.has(name)) byName.set(name, definition);
    }
    const tools = Array.from(byName, ([name, definition]) => ({
      definition,
      shared: {
        name,
        reference: toolReference(settings, definition),
        description: definition.description,
        inputSchema: definition.inputSchema,
        ...saidOf(definition),
        ...(definition.audience === undefined ? {} : { audience: definition.audience }),
        definitionHash: definition.definitionHash,
        check: (input: Readonly<Record<string, unknown>>) => this.#checkOf(validation, settings, definition)(input),
      },
    }));
    this.#prepared.set(list, { settings, tools });
    return tools;
  }

  #checkOf(validation: Validation, settings: McpServerSettings, definition: ToolDefinition): ValueCheck {
    const known = this.#checks.get(definition);
    if (known !== undefined) return known;
    const made = valueCheck(definition.inputSchema, validation.validators, (cause, effect) =>
      this.#log.warn({ server: settings.key, tool: definition.tool, cause }, SCHEMA_FAULTS[effect]),
    );
    this.#checks.set(definition, made);
    return made;
  }
}

function saidOf({ said: { outputSchema, annotations } }: ToolDefinition): Pick<Tool, "outputSchema" | "annotations"> {
  return { ...(outputSchema === undefined ? {} : { outputSchema }), ...(annotations === undefined ? {} : { annotations }) };
}
