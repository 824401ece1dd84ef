import type { ToolContent } from "../../../protocol/content.ts";

interface Place {
  readonly uri: string;
  readonly mimeType?: string | undefined;
}

export type ContentBlock =
  | { type: "text"; text: string }
  | { type: "image" | "audio"; data: string; mimeType: string }
  | { type: "resource"; resource: (Place & { text: string }) | (Place & { blob: string }) }
  | (Place & { type: "resource_link"; name: string; title?: string | undefined; description?: string | undefined });

/** A piece of a result in MCP's own shape. */
export function contentBlock(piece: ToolContent): ContentBlock {
  switch (piece.kind) {
    case "text":
      return { type: "text", text: piece.text };
    case "image":
    case "audio":
      return { type: piece.kind, data: piece.data, mimeType: piece.mimeType };
    case "resource": {
      const { uri, mimeType, text, blob } = piece;
      const place = { uri, ...(mimeType === undefined ? {} : { mimeType }) };
      return { type: "resource", resource: blob === undefined ? { ...place, text: text ?? "" } : { ...place, blob } };
    }
    case "resource-link": {
      const { kind: _kind, ...link } = piece;
      return { type: "resource_link", ...link };
    }
  }
}
