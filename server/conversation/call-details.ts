import type { ToolContent } from "../../protocol/content.ts";
import { RequestError } from "../../protocol/errors.ts";
import type { CallDetails, ParsedRequest, Trace } from "../../protocol/frames.ts";
import type { Store } from "./ports/store.ts";
import { onlyShown } from "./prompt/shown-content.ts";
import { cutAtBytes } from "./prompt/tool-text.ts";

/** How much text of one piece of a result is sent for reading; pictures and sounds are sent whole. */
const TEXT_BYTES = 65_536;

/**
 * The raw call as its reader may see it: all of it with trace `full`; only the pictures and sounds that the answer
 * shows with `summary` and `hidden`.
 */
export async function readCallDetails(store: Store, request: ParsedRequest<"call-read">, trace: Trace): Promise<CallDetails> {
  const { conversationId, callId } = request;
  const proposed = await store.findCall(conversationId, callId);
  if (proposed?.type !== "tool-call-proposed") throw new RequestError("unknown-call");
  const result = (await store.readResult(conversationId, callId)) ?? { content: [] };
  if (trace !== "full") return { callId, content: onlyShown(result.content) };
  const content = result.content.map(cut);
  const structured = result.structured === undefined ? undefined : cutStructured(result.structured);
  const shortened = content.some((piece, index) => piece !== result.content[index]) || structured?.cut === true;
  return {
    callId,
    ...(proposed.arguments === undefined ? {} : { arguments: proposed.arguments }),
    content,
    ...(structured === undefined ? {} : { structured: structured.value }),
    ...(shortened ? { cutToBytes: TEXT_BYTES } : {}),
  };
}

function cut(content: ToolContent): ToolContent {
  if (content.kind === "text") {
    const text = cutAtBytes(content.text, TEXT_BYTES);
    return text === content.text ? content : { ...content, text };
  }
  if (content.kind !== "resource") return content;
  const text = content.text === undefined ? undefined : cutAtBytes(content.text, TEXT_BYTES);
  const { blob, ...rest } = content;
  if (blob === undefined && text === content.text) return content;
  return text === undefined ? rest : { ...rest, text };
}

function cutStructured(value: unknown): { value: unknown; cut: boolean } {
  const text = JSON.stringify(value);
  return text.length <= TEXT_BYTES ? { value, cut: false } : { value: cutAtBytes(text, TEXT_BYTES), cut: true };
}
