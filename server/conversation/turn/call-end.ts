import type { EventDraft } from "../../../protocol/events.ts";
import type { StoredResult, ToolResult } from "../ports.ts";
import { outcomeText, resultMedia, resultText, shorten } from "../prompt/tool-text.ts";
import type { CallState } from "./turn-state.ts";

/** How a call's result is written down: what the model reads in the event, the whole beside it. */
export function endCall(
  call: CallState,
  result: ToolResult,
  durationMs: number,
  limitBytes: number,
): { event: EventDraft; stored: StoredResult | undefined } {
  const { turnId, callId, tool } = call.proposed;
  const stored: StoredResult = { content: result.content, ...(result.structured === undefined ? {} : { structured: result.structured }) };
  const whole = resultText(stored);
  const said = [outcomeText(result, tool.title), whole].filter((text) => text !== "").join("\n");
  const { text, shortened } = shorten(said === "" ? "The call gave no result." : said, limitBytes, callId);
  const media = resultMedia(result.content);
  const empty = result.content.length === 0 && result.structured === undefined;
  return {
    event: {
      type: "tool-call-ended",
      turnId,
      callId,
      outcome: result.outcome,
      text,
      bytes: Buffer.byteLength(whole),
      durationMs,
      ...(shortened ? { shortened } : {}),
      ...(media.length > 0 ? { media } : {}),
      ...(result.cause === undefined ? {} : { cause: result.cause }),
    },
    stored: empty ? undefined : stored,
  };
}
