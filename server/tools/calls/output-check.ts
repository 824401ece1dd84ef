import type { CfWorkerJsonSchemaValidator } from "@modelcontextprotocol/client/validators/cf-worker";
import type { Log } from "../../foundation/log.ts";
import type { ToolResult } from "../../conversation/ports/tools.ts";
import { valueCheck, type ValueCheck } from "../definitions/argument-check.ts";
import type { ToolDefinition } from "../definitions/tool-definition.ts";

/**
 * Compares the structured part of results with what their tools promised. What a tool did, it did: a result that breaks
 * the promise stays `ok`, without the part that cannot be relied on, and says so to the model and to staff.
 */
export class OutputChecks {
  readonly #validators: CfWorkerJsonSchemaValidator;
  readonly #log: Log;
  readonly #checks = new WeakMap<ToolDefinition, ValueCheck>();

  constructor(validators: CfWorkerJsonSchemaValidator, log: Log) {
    this.#validators = validators;
    this.#log = log;
  }

  checked(server: string, definition: ToolDefinition, result: ToolResult, isKept: boolean): ToolResult {
    const schema = definition.said.outputSchema;
    if (schema === undefined || result.outcome !== "ok") return result;
    const fault = result.structured === undefined ? "it is missing" : this.#check(definition, schema)(result.structured);
    if (fault === undefined) return result;
    // The fault may name a value of the result.
    const cause = isKept ? fault : "how is not said, since its results are not kept";
    this.#log.warn({ server, tool: definition.tool, cause }, "a result does not match what its tool promised");
    const { structured: _, ...rest } = result;
    const note = `[The structured part of this result was left out, because it is not what the tool promises: ${fault}]`;
    return { ...rest, content: [...result.content, { kind: "text", text: note }] };
  }

  #check(definition: ToolDefinition, schema: Readonly<Record<string, unknown>>): ValueCheck {
    const known = this.#checks.get(definition);
    if (known !== undefined) return known;
    const made = valueCheck(schema, this.#validators, () => undefined);
    this.#checks.set(definition, made);
    return made;
  }
}
