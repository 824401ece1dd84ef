import * as z from "zod";
import type { ToolContent } from "../../../protocol/content.ts";
import { isWithinDepth } from "../definitions/depth.ts";

/** What a server answered to a call, in our words. */
export interface ReadResult {
  readonly failed: boolean;
  readonly content: readonly ToolContent[];
  readonly structured?: unknown;
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** Of `_meta`, as JSON; more is left out. */
const META_CHARACTERS = 16_384;
const STRUCTURED_LEVELS = 64;
const PIECES = 1_000;
const NOTE_CHARACTERS = 2_000;

const pieceSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.literal("image"), data: z.string(), mimeType: z.string() }),
  z.object({ type: z.literal("audio"), data: z.string(), mimeType: z.string() }),
  z.object({
    type: z.literal("resource"),
    resource: z.object({ uri: z.string(), mimeType: z.string().optional(), text: z.string().optional(), blob: z.string().optional() }),
  }),
  z.object({
    type: z.literal("resource_link"),
    uri: z.string(),
    name: z.string(),
    title: z.string().optional(),
    description: z.string().optional(),
    mimeType: z.string().optional(),
  }),
]);

const resultSchema = z.object({
  /** In place of all else, in revision 2024-10-07. */
  toolResult: z.unknown().optional(),
  content: z.array(z.unknown()).optional(),
  isError: z.boolean().optional(),
  structuredContent: z.unknown().optional(),
  resultType: z.string().optional(),
  _meta: z.record(z.string(), z.unknown()).optional().catch(undefined),
});

const oldResultSchema = z.object({ content: z.array(z.unknown()), isError: z.boolean().nullish() });

/** The answer is not the result of a call. The call itself was answered, so it may have been carried out. */
export class UnreadableResultError extends Error {
  override readonly name = "UnreadableResultError";
}

/**
 * Reads the raw `result` of `tools/call` of either era, piece by piece: one piece that is unknown or broken becomes a
 * note and does not cost the rest. Throws `UnreadableResultError`.
 */
export function readResult(raw: unknown): ReadResult {
  const parsed = resultSchema.safeParse(raw);
  if (!parsed.success)
    throw new UnreadableResultError(`The answer is not a tool result: ${z.prettifyError(parsed.error).replace(/\s+/g, " ")}`);
  const { content, isError = false, structuredContent, resultType = "complete", toolResult, _meta: meta } = parsed.data;
  if (resultType !== "complete") throw new UnreadableResultError(`The answer is of the unknown kind "${resultType.slice(0, 50)}".`);
  if (content === undefined && structuredContent === undefined) {
    if (toolResult === undefined) throw new UnreadableResultError("The answer has neither content nor a structured result.");
    return oldResult(toolResult, isError);
  }
  return { ...readPieces(content ?? [], isError, structuredContent), ...keptMeta(meta) };
}

/** Only views read it, and what is larger than they may need is none of theirs. */
function keptMeta(meta: Readonly<Record<string, unknown>> | undefined): Pick<ReadResult, "meta"> {
  if (meta === undefined || Object.keys(meta).length === 0 || !isWithinDepth(meta, STRUCTURED_LEVELS)) return {};
  return JSON.stringify(meta).length > META_CHARACTERS ? {} : { meta };
}

/** Of revision 2024-10-07: a result of today inside of `toolResult`, or any value. */
function oldResult(toolResult: unknown, isError: boolean): ReadResult {
  const inner = oldResultSchema.safeParse(toolResult);
  if (inner.success) return readPieces(inner.data.content, isError || inner.data.isError === true, undefined);
  const text = typeof toolResult === "string" ? toolResult : excerpt(toolResult);
  return { failed: isError, content: [{ kind: "text", text }] };
}

function readPieces(content: readonly unknown[], isError: boolean, structuredContent: unknown): ReadResult {
  const pieces = content.slice(0, PIECES).map(readPiece);
  if (content.length > PIECES) pieces.push(note(`${content.length - PIECES} more pieces of this result were left out.`));
  if (structuredContent === undefined) return { failed: isError, content: pieces };
  if (!isWithinDepth(structuredContent, STRUCTURED_LEVELS)) {
    pieces.push(note(`The structured part of this result was left out: it is nested deeper than ${STRUCTURED_LEVELS} levels.`));
    return { failed: isError, content: pieces };
  }
  // Servers should say the same in a text; where one does not, the model would read nothing.
  if (pieces.length === 0) pieces.push({ kind: "text", text: JSON.stringify(structuredContent) });
  return { failed: isError, content: pieces, structured: structuredContent };
}

function readPiece(raw: unknown): ToolContent {
  const parsed = pieceSchema.safeParse(raw);
  if (!parsed.success) return note(`A piece of this result could not be read and was left out: ${excerpt(raw)}`);
  const piece = parsed.data;
  switch (piece.type) {
    case "text":
      return { kind: "text", text: piece.text };
    case "image":
    case "audio":
      return { kind: piece.type, mimeType: piece.mimeType, data: piece.data };
    case "resource":
      return { kind: "resource", ...piece.resource };
    case "resource_link": {
      const { type: _, ...link } = piece;
      return { kind: "resource-link", ...link };
    }
  }
}

function note(text: string): ToolContent {
  return { kind: "text", text: `[${text}]` };
}

function excerpt(raw: unknown): string {
  if (!isWithinDepth(raw, STRUCTURED_LEVELS)) return "it is nested too deep";
  return (JSON.stringify(raw) ?? "nothing").slice(0, NOTE_CHARACTERS);
}
