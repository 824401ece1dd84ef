import type { MOST_PAGE_TOOLS, OfferedPageTool, PAGE_OFFER_BYTES } from "../../protocol/page-tools.ts";
import { toJson } from "../native/to-json.ts";

/** The constants' types alone: their module would bring zod into the browser. */
const MOST: typeof MOST_PAGE_TOOLS = 64;
const BYTES: typeof PAGE_OFFER_BYTES = 49_152;
const NAME = /^[\w.-]{1,128}$/;

type Said = Readonly<Record<"name" | "title" | "description" | "inputSchema" | "annotations", unknown>>;

/** As the server takes it. A text says why it does not. */
export function offeredTool({ name, title, description, inputSchema, annotations }: Said): OfferedPageTool | string {
  if (typeof name !== "string" || !NAME.test(name)) return "its name is not 1 to 128 letters, digits, _, . or -";
  const schema = schemaOf(inputSchema);
  if (!schema) return "its inputSchema is no object";
  const hints = Object.entries((annotations ?? {}) as object).filter(([hint, value]) => typeof value === "boolean" && hint.length <= 64);
  return {
    name,
    ...(typeof title === "string" && title ? { title: title.slice(0, 200) } : {}),
    description: typeof description === "string" ? description.slice(0, 4_096) : "",
    inputSchema: schema,
    ...(hints.length > 0 ? { annotations: Object.fromEntries(hints) as Record<string, boolean> } : {}),
  };
}

/** The first ones that fit into an offer; `leave` hears of the others. */
export function fitting(tools: readonly OfferedPageTool[], leave: (tool: string, reason: string) => void): readonly OfferedPageTool[] {
  const taken: OfferedPageTool[] = [];
  let bytes = 2;
  for (const tool of tools) {
    const more = bytesOf(toJson(tool)) + 1;
    if (taken.length === MOST || bytes + more > BYTES) leave(tool.name, `a page offers at most ${MOST} tools, of ${BYTES} bytes`);
    else {
      bytes += more;
      taken.push(tool);
    }
  }
  return taken;
}

export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** A copy: what the page changes in it later is not what was offered. A draft of WebMCP had it as a text. */
function schemaOf(schema: unknown): Readonly<Record<string, unknown>> | undefined {
  try {
    const copy: unknown = JSON.parse(typeof schema === "string" ? schema : toJson(schema ?? { type: "object" }));
    return typeof copy === "object" && copy !== null && !Array.isArray(copy) ? (copy as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
