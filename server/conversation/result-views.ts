import type { ToolContent } from "../../protocol/content.ts";
import type { ResultView, ResultViewName, Store, StoredResult } from "./ports/store.ts";
import { onlyShown } from "./prompt/shown-content.ts";
import { cutAtBytes } from "./prompt/tool-text.ts";

/** How much text of one piece of a result is sent for reading; pictures and sounds are sent whole. */
const TEXT_BYTES = 65_536;
/** A smaller result is read whole every time. In characters. */
const SMALL = 32_768;
/** What a piece costs beside its texts, in characters. */
const PIECE = 32;

const VIEWS: { readonly [Name in ResultViewName]: (result: StoredResult) => ResultView } = {
  details: cutTexts,
  media: ({ content }) => ({ content: onlyShown(content) }),
};

/**
 * A result as its reader is given it, undefined where none is kept. The work follows the size of the view: one that is
 * much smaller than its result is kept beside it by the first reader, so that the next ones never touch the whole.
 */
export async function readResultView(
  store: Pick<Store, "readResult" | "readResultView" | "keepResultView">,
  { conversationId, callId }: { readonly conversationId: string; readonly callId: string },
  name: ResultViewName,
): Promise<ResultView | undefined> {
  const kept = await store.readResultView(conversationId, callId, name);
  if (kept !== undefined) return kept;
  const result = await store.readResult(conversationId, callId);
  if (result === undefined) return undefined;
  const view = VIEWS[name](result);
  const whole = sizeOf(result);
  // It is only a saving: the result may be gone by now, or the disk full.
  if (whole > SMALL && sizeOf(view) * 2 < whole) await store.keepResultView(conversationId, callId, name, view).catch(() => undefined);
  return view;
}

function cutTexts(result: StoredResult): ResultView {
  const content = result.content.map(cut);
  const structured = result.structured === undefined ? undefined : cutStructured(result.structured);
  const shortened = content.some((piece, index) => piece !== result.content[index]) || structured?.cut === true;
  return {
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

/** Characters of a result, roughly. */
function sizeOf({ content, structured }: StoredResult): number {
  const pieces = content.reduce((sum, piece) => sum + PIECE + textsOf(piece), 0);
  if (structured === undefined) return pieces;
  return pieces + (typeof structured === "string" ? structured.length : JSON.stringify(structured).length);
}

function textsOf(piece: ToolContent): number {
  return Object.values(piece).reduce<number>((sum, text: string | undefined) => sum + (text?.length ?? 0), 0);
}
