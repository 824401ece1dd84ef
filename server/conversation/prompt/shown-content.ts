import type { Media, ToolContent } from "../../../protocol/content.ts";
import { base64Bytes } from "./base64-bytes.ts";

/**
 * Which kinds of a result's pieces its customer sees beside the answer, whatever the assistant's `trace` is. A new kind
 * has to be judged here.
 */
const SHOWN: { readonly [Kind in ToolContent["kind"]]: Kind extends Media["kind"] ? true : false } = {
  text: false,
  image: true,
  audio: true,
  resource: false,
  "resource-link": false,
};

/** The shown pieces of a result as its event names them, by their place in its content. */
export function shownMedia(content: readonly ToolContent[]): Media[] {
  return content.flatMap((piece, index) =>
    isShown(piece) ? [{ index, kind: piece.kind, mimeType: piece.mimeType, bytes: base64Bytes(piece.data) }] : [],
  );
}

/**
 * The result with nothing but its shown pieces. Each keeps its place, so that its index in the event still points at
 * it; after the last one there is nothing.
 */
export function onlyShown(content: readonly ToolContent[]): ToolContent[] {
  const upToLast = content.slice(0, content.findLastIndex(isShown) + 1);
  return upToLast.map((piece) => (isShown(piece) ? piece : { kind: "text", text: "" }));
}

function isShown(piece: ToolContent): piece is Extract<ToolContent, { kind: Media["kind"] }> {
  return SHOWN[piece.kind];
}
