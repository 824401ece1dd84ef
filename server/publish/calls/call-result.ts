import type { CallToolResult } from "@modelcontextprotocol/server";
import type { ToolContent } from "../../../protocol/content.ts";
import type { ToolResult } from "../../conversation/ports/tools.ts";
import { contentBlock } from "../../conversation/prompt/content-block.ts";

/** How a published call ended, for the client and for the log. */
export interface CallEnd {
  readonly outcome: ToolResult["outcome"] | "refused";
  readonly content: readonly ToolContent[];
  readonly structured?: unknown;
  /** For staff, where it is not `ok`. */
  readonly cause?: string;
  readonly keep?: ToolResult["keep"];
  /** The conversation in which a person was asked, or an assistant answered. */
  readonly conversation?: string;
}

/** The largest result that goes to a client, in characters of its JSON. */
const MOST_CHARACTERS = 8 * 1024 * 1024;

export function said(outcome: CallEnd["outcome"], text: string, cause: string = text): CallEnd {
  return { outcome, content: [{ kind: "text", text }], cause };
}

/**
 * The result as a client reads it. What is structured is there as a text as well, since no model of most clients is given
 * anything else. `promised`: the tool says how its results are structured, so a result without that is an error.
 */
export function clientResult(end: CallEnd, { promised, legacy }: { readonly promised: boolean; readonly legacy: boolean }): CallToolResult {
  const content = end.content.map(contentBlock);
  const isStructured = end.structured !== undefined && (!legacy || isObject(end.structured));
  if (end.structured !== undefined && !end.content.some(({ kind }) => kind === "text"))
    content.push({ type: "text", text: JSON.stringify(end.structured) });
  const isError = end.outcome !== "ok" || (promised && !isStructured);
  const result = {
    content,
    ...(isStructured ? { structuredContent: end.structured as Record<string, unknown> } : {}),
    ...(isError ? { isError: true } : {}),
    ...(end.conversation === undefined ? {} : { _meta: { "frontdesk/conversation": end.conversation } }),
  };
  return sizeOf(end) > MOST_CHARACTERS ? tooLarge() : result;
}

function tooLarge(): CallToolResult {
  const text = `The tool's result is larger than ${MOST_CHARACTERS / 1024 / 1024} MB, so it was left out. The call was carried out.`;
  return { content: [{ type: "text", text }], isError: true };
}

/** Roughly, without writing it. */
function sizeOf({ content, structured }: CallEnd): number {
  const pieces = content.reduce((sum, piece) => sum + charactersOf(piece), 0);
  return pieces + (structured === undefined || pieces > MOST_CHARACTERS ? 0 : JSON.stringify(structured).length);
}

function charactersOf(piece: ToolContent): number {
  switch (piece.kind) {
    case "text":
      return piece.text.length;
    case "image":
    case "audio":
      return piece.data.length;
    case "resource":
      return (piece.text?.length ?? 0) + (piece.blob?.length ?? 0);
    case "resource-link":
      return 0;
  }
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
