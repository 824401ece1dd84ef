import type * as z from "zod";
import type { McpServerSettings, OAuthSettings, ServerChoices } from "../tools/mcp/servers/settings.ts";
import type { mcpServerSchema } from "./mcp-server-schema.ts";

type ServerSection = z.output<typeof mcpServerSchema>;

/** A server as the host knows it, of what people wrote. */
export function serverOf(key: string, section: ServerSection): McpServerSettings {
  const { name, description, icon, ...rest } = section;
  const choices: ServerChoices & { key: string; name: string } = {
    key,
    name: name ?? key,
    ...(description === undefined ? {} : { description }),
    ...(icon === undefined ? {} : { icon }),
  };
  if ("command" in rest) return { ...rest, ...choices };
  const { auth, ...remote } = rest;
  return { ...remote, ...choices, ...(auth === undefined ? {} : { auth: withoutAbsent(auth) }) };
}

function withoutAbsent({ type, grant, ...rest }: NonNullable<Extract<ServerSection, { url: string }>["auth"]>): OAuthSettings {
  return { type, grant, ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) };
}
