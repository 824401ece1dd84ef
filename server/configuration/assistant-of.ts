import type * as z from "zod";
import type { Assistant, Connector, ToolPermission } from "../conversation/ports/assistant.ts";
import type { assistantSchema, connectorSchema } from "./assistant-schema.ts";
import type { toolPermissionSchema } from "./permission-schema.ts";

export type AssistantSection = z.output<typeof assistantSchema>;
export type ConnectorSection = z.output<typeof connectorSchema>;

/** An assistant as the conversation knows it, from what people wrote. */
export function assistantOf(key: string, section: AssistantSection): Assistant {
  const connectors = Object.entries(section.connectors).map(([server, connector]) => connectorOf(server, connector));
  return { ...section, key, connectors };
}

export function connectorOf(server: string, section: Pick<ConnectorSection, "connection" | "permissions" | "bind">): Connector {
  const permissions = Object.entries(section.permissions).map(([tool, permission]) => [tool, permissionOf(permission)] as const);
  const { connection: method, bind = {} } = section;
  const bound = Object.keys(bind).length === 0 ? {} : { bind };
  return { server, method, permissions: Object.fromEntries(permissions), ...bound };
}

/** The short form of a permission implies who decides: the customer, one call at a time. */
export function permissionOf(section: z.output<typeof toolPermissionSchema>): ToolPermission {
  if (typeof section !== "string") return section;
  return { permission: section, approver: "customer", rememberable: false, safeToRepeat: false };
}
