import { isRemote, type McpServerSettings } from "../servers/settings.ts";

/** How a server is spoken with. */
export type Wire = "streamable-http" | "sse" | "stdio";

/** The wires to try, in order. */
export function wiresOf(settings: McpServerSettings): readonly Wire[] {
  if (!isRemote(settings)) return ["stdio"];
  // SSE is a transport of the legacy era.
  if (settings.protocol === "2026-07-28") return ["streamable-http"];
  if (settings.transport === "streamable-http" || settings.transport === "sse") return [settings.transport];
  const path = URL.canParse(settings.url) ? new URL(settings.url).pathname.replace(/\/+$/, "") : "";
  if (path.endsWith("/mcp")) return ["streamable-http"];
  if (path.endsWith("/sse")) return ["sse"];
  return ["streamable-http", "sse"];
}
