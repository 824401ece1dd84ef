import type { EventDraft } from "../../../protocol/events.ts";
import type { CallState } from "./call-state.ts";
import type { StoredResult } from "../ports/store.ts";
import type { ToolResult } from "../ports/tools.ts";
import { outcomeText, resultText, shorten } from "../prompt/tool-text.ts";
import { redactedShape } from "../prompt/redacted-shape.ts";
import { shownMedia } from "../prompt/shown-content.ts";

/**
 * How a call's result is written down: what the model reads in the event, the whole beside it. For a result that is not
 * kept, the event has only that fact, or its shape; the whole is beside it until the turn ends.
 */
export function endCall(
  call: CallState,
  result: ToolResult,
  durationMs: number,
  limitBytes: number,
): { event: EventDraft; stored: StoredResult | undefined } {
  const { turnId, callId, tool } = call.proposed;
  const { content, structured } = result;
  const meta = call.proposed.view === undefined ? undefined : result.meta;
  const stored: StoredResult = { content, ...(structured === undefined ? {} : { structured }), ...(meta === undefined ? {} : { meta }) };
  const empty = result.content.length === 0 && result.structured === undefined;
  const base = {
    type: "tool-call-ended",
    turnId,
    callId,
    outcome: result.outcome,
    bytes: Buffer.byteLength(resultText(stored)),
    durationMs,
  } as const;
  if (!empty && result.keep !== undefined && result.keep !== "full") {
    const told = result.keep === "none" ? NOT_KEPT : `${NOT_KEPT} ${SHAPE}\n${redactedShape(stored)}`;
    // The cause may quote the result.
    const text = [outcomeText({ ...result, cause: "its reason was not kept" }, tool.title), told].filter((part) => part !== "").join("\n");
    return { event: { ...base, text, keep: result.keep }, stored };
  }
  const { text, shortened } = wholeText(result, stored, { title: tool.title, callId, limitBytes });
  const media = shownMedia(result.content);
  return {
    event: {
      ...base,
      text,
      ...(shortened ? { shortened } : {}),
      ...(media.length > 0 ? { media } : {}),
      ...(result.cause === undefined ? {} : { cause: result.cause }),
    },
    stored: empty ? undefined : stored,
  };
}

const NOT_KEPT = "[The result was not kept.]";
const SHAPE = "It looked like this:";

/** What the model reads of a result, shortened when it is long. */
export function wholeText(
  result: Pick<ToolResult, "outcome" | "cause">,
  stored: StoredResult,
  { title, callId, limitBytes }: { title: string; callId: string; limitBytes: number },
): { text: string; shortened: boolean } {
  const said = [outcomeText(result, title), resultText(stored)].filter((part) => part !== "").join("\n");
  return shorten(said === "" ? "The call gave no result." : said, limitBytes, callId);
}
