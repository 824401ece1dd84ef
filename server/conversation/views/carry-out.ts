import type { CallContext, InputAnswer, SamplingAnswer, Tool, ToolResult } from "../ports/tools.ts";

const ROUNDS = 5;
/** Its customer reads the card of a call, and no forms of a view's calls. */
const CANCELLED: InputAnswer = { kind: "input", action: "cancel" };
const NO_SAMPLING: SamplingAnswer = { kind: "refused", cause: "The call of a view asks no model." };

/** Makes the call to its end. What its server asks meanwhile is cancelled. Never throws. */
export async function carryOut(
  tool: Tool,
  input: Readonly<Record<string, unknown>>,
  { callId, signal }: Pick<CallContext, "callId" | "signal">,
): Promise<ToolResult> {
  const context: CallContext = {
    callId,
    signal,
    onProgress: () => undefined,
    ask: async () => CANCELLED,
    sample: async () => NO_SAMPLING,
    onTask: async () => undefined,
  };
  try {
    let continuation: CallContext["continuation"];
    for (let round = 0; round < ROUNDS; round += 1) {
      const end = await tool.call(input, continuation === undefined ? context : { ...context, continuation });
      if (end.outcome === "needs-connection")
        return failed(`${end.need.serverName} wants the customer to sign in again. Nothing was done.`);
      if (end.outcome !== "paused") return end;
      const answers = Object.fromEntries(
        Object.entries(end.inputs).map(([key, { kind }]) => [key, kind === "sampling" ? NO_SAMPLING : CANCELLED] as const),
      );
      continuation = { kind: "answers", answers, ...(end.requestState === undefined ? {} : { requestState: end.requestState }) };
    }
    return failed("The tool asked again and again, and never answered.");
  } catch (error) {
    return { outcome: "unknown", content: [], cause: `The tool's adapter failed: ${String(error)}` };
  }
}

function failed(text: string): ToolResult {
  return { outcome: "failed", content: [{ kind: "text", text }], cause: text };
}
