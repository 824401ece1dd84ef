import type { ParsedRequest } from "../../../protocol/frames.ts";
import { cutAtBytes } from "../prompt/tool-text.ts";

/** What the model reads of one view at most, in UTF-8. */
const CONTEXT_BYTES = 8 * 1024;
const CUT = "\n[The rest was left out.]";

/** What a view tells the model, as one text; empty where it takes back what it said. */
export function contextText({ content = [], structuredContent }: ParsedRequest<"view-context">): string {
  const parts = content.map(blockText).filter((text) => text !== "");
  if (structuredContent !== undefined && Object.keys(structuredContent).length > 0) parts.push(JSON.stringify(structuredContent));
  const text = parts.join("\n\n").toWellFormed();
  const kept = cutAtBytes(text, CONTEXT_BYTES);
  return kept.length === text.length ? text : kept + CUT;
}

/** Texts as they are, and anything else by its name: a view's pictures are not for the model. */
function blockText(block: unknown): string {
  if (typeof block !== "object" || block === null || !("type" in block)) return "";
  if (block.type === "text") return "text" in block && typeof block.text === "string" ? block.text : "";
  return typeof block.type === "string" ? `[${block.type.slice(0, 40)}]` : "";
}
