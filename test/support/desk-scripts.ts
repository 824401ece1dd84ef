/** What a test of the desk scripts: what its model says, and what its tools do. */
import type { ToolReference } from "../../protocol/events.ts";
import type { ModelPart, ModelRequest } from "../../server/conversation/ports/model.ts";
import type { CallContext, ConnectionNeed, Tool, ToolResult } from "../../server/conversation/ports/tools.ts";
import { canonicalJson, sha256Hex } from "../../server/foundation/canonical-json.ts";

/** What the model says at one step: parts, or a function of the request. */
export type Script = (request: ModelRequest, step: number, signal: AbortSignal) => AsyncIterable<ModelPart> | Iterable<ModelPart>;

export function say(text: string): ModelPart[] {
  return [
    { type: "text", text },
    { type: "finish", reason: "stop", usage: { inputTokens: 10, outputTokens: 5 } },
  ];
}

export function callTools(...calls: { name: string; arguments: unknown; id?: string }[]): ModelPart[] {
  return [
    ...calls.map((call, index): ModelPart => ({
      type: "tool-call",
      modelCallId: call.id ?? `call-${index}`,
      name: call.name,
      argumentsText: typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments),
    })),
    { type: "finish", reason: "tool-calls", usage: { inputTokens: 10, outputTokens: 5 } },
  ];
}

/** A model that makes the calls once and then says what it read. */
export function callsOnce(...calls: Parameters<typeof callTools>): Script {
  return (request) => {
    const said = request.messages.findLastIndex((message) => message.role === "user");
    const results = request.messages.slice(said).flatMap((message) => (message.role === "tool" ? [message.text] : []));
    return results.length === 0 ? callTools(...calls) : say(`Read: ${results.join(" | ")}`);
  };
}

export interface ToolScript {
  readonly tool: string;
  readonly schema?: Readonly<Record<string, unknown>>;
  readonly description?: string;
  /** Another server than `orders`. */
  readonly server?: string;
  readonly reference?: Partial<ToolReference>;
  readonly needsConnection?: () => ConnectionNeed | undefined;
  readonly alwaysAsks?: boolean;
  readonly audience?: NonNullable<Tool["audience"]>;
  readonly view?: Partial<NonNullable<Tool["view"]>>;
  readonly run: (input: Readonly<Record<string, unknown>>, context: CallContext) => Promise<CallOutcome> | CallOutcome;
}

export type CallOutcome = Awaited<ReturnType<Tool["call"]>>;

export function textResult(text: string): ToolResult {
  return { outcome: "ok", content: [{ kind: "text", text }] };
}

export function scriptedTool(script: ToolScript): Tool {
  const schema = script.schema ?? { type: "object" };
  const required = Array.isArray(schema["required"]) ? schema["required"].map(String) : [];
  const description = script.description ?? script.tool;
  const { server = "orders", needsConnection } = script;
  return {
    name: `${server}__${script.tool}`,
    reference: { source: "mcp", server, serverName: nameOf(server), tool: script.tool, title: script.tool, ...script.reference },
    description,
    inputSchema: schema,
    definitionHash: sha256Hex(canonicalJson({ schema, description })),
    check: (input) => {
      const missing = required.filter((name) => !Object.hasOwn(input, name));
      return missing.length === 0 ? undefined : `Missing: ${missing.join(", ")}.`;
    },
    ...(script.alwaysAsks === true ? { alwaysAsks: true } : {}),
    ...(script.audience === undefined ? {} : { audience: script.audience }),
    ...(script.view === undefined ? {} : { view: { uri: `ui://${script.tool}`, read: async () => [], ...script.view } }),
    ...(needsConnection === undefined ? {} : { needsConnection: async () => needsConnection() }),
    call: async (input, context) => script.run(input, context),
  };
}

/** `orders` → "Orders". */
export function nameOf(server: string): string {
  return `${server.slice(0, 1).toUpperCase()}${server.slice(1)}`;
}
