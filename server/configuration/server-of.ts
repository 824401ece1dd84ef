import type * as z from "zod";
import { authOf } from "../tools/mcp/servers/server-auth.ts";
import type { McpServerSettings } from "../tools/mcp/servers/settings.ts";
import type { mcpServerSchema } from "./schema.ts";

/** A server as the host knows it, from what people wrote. */
export function serverOf(key: string, section: z.output<typeof mcpServerSchema>): McpServerSettings {
  const named = { key, name: section.name ?? key };
  if ("command" in section) return { ...section, ...named };
  return { ...section, ...named, auth: authOf(section.auth, section.headers) };
}
