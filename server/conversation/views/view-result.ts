import type { ViewToolResult } from "../../../protocol/views.ts";
import type { StoredResult } from "../ports/store.ts";
import type { ToolResult } from "../ports/tools.ts";
import { contentBlock } from "../prompt/content-block.ts";

/** A result in MCP's own shape. What is structured is there as a text, too, where the server gave none. */
export function viewResult(outcome: ToolResult["outcome"], { content, structured, meta }: StoredResult): ViewToolResult {
  const blocks: Record<string, unknown>[] = content.map((piece) => ({ ...contentBlock(piece) }));
  if (blocks.length === 0 && structured !== undefined) blocks.push({ type: "text", text: JSON.stringify(structured) });
  const isObject = typeof structured === "object" && structured !== null && !Array.isArray(structured);
  return {
    content: blocks,
    ...(isObject ? { structuredContent: structured as Readonly<Record<string, unknown>> } : {}),
    ...(outcome === "ok" ? {} : { isError: true }),
    ...(meta === undefined ? {} : { _meta: meta }),
  };
}

/** Roughly, without writing it. */
export function bytesOf({ content, structured }: StoredResult): number {
  const pieces = content.reduce((sum, piece) => {
    if (piece.kind === "text") return sum + piece.text.length;
    if (piece.kind === "image" || piece.kind === "audio") return sum + piece.data.length;
    return piece.kind === "resource" ? sum + (piece.text?.length ?? 0) + (piece.blob?.length ?? 0) : sum;
  }, 0);
  return pieces + (structured === undefined ? 0 : JSON.stringify(structured).length);
}
