import * as z from "zod";
import { canonicalJson, sha256Hex } from "../../foundation/canonical-json.ts";
import type { CallContext, Tool, ToolResult } from "../ports/tools.ts";
import type { Store } from "../ports/store.ts";
import { READ_RESULT, resultText, shorten } from "./tool-text.ts";

const inputSchema = {
  type: "object",
  properties: { call_id: { type: "string" }, offset: { type: "integer", minimum: 0 } },
  required: ["call_id", "offset"],
} as const;

const argumentsSchema = z.object({ call_id: z.string(), offset: z.int().min(0) });

const definitionHash = sha256Hex(canonicalJson(inputSchema));

/**
 * `frontdesk__read_result`: the model's way through a result that was too long to be given whole. Reads this
 * conversation's results only. What it reads of a result that is not kept is not kept either; `keepOf` says so for a
 * call of the running turn.
 */
export function readResultTool(
  store: Store,
  conversationId: string,
  limitBytes: number,
  keepOf: (callId: string) => "redacted" | "none" | undefined,
): Tool {
  return {
    name: READ_RESULT,
    reference: {
      source: "host",
      server: "frontdesk",
      serverName: "Frontdesk",
      tool: "read_result",
      title: "Read on in a long result",
      readOnly: true,
    },
    description: "Reads on in a tool result that was shortened. Give the call_id and the offset that the shortened result names.",
    inputSchema,
    definitionHash,
    check(input) {
      const parsed = argumentsSchema.safeParse(input);
      return parsed.success ? undefined : z.prettifyError(parsed.error);
    },
    call: async (input, _context: CallContext): Promise<ToolResult> => {
      const { call_id: callId, offset } = argumentsSchema.parse(input);
      const result = await store.readResult(conversationId, callId);
      if (result === undefined)
        return { outcome: "failed", content: [], cause: `There is no result of a call "${callId}" in this conversation.` };
      const whole = resultText(result);
      if (offset >= whole.length)
        return { outcome: "ok", content: [{ kind: "text", text: `[The result ends at character ${whole.length}.]` }] };
      // Room for the note that says how to read on, so that this part is not shortened again.
      const part = shorten(whole, Math.max(256, limitBytes - 512), callId, offset);
      return { outcome: "ok", content: [{ kind: "text", text: part.text }], keep: keepOf(callId) ?? "full" };
    },
  };
}
