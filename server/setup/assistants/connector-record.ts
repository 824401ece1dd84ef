/**
 * A server assigned to an assistant, as it is sent, stored and shown. Its fields are those of the configuration file.
 */
import * as z from "zod";
import { ROLES } from "../../identity/staff/actions.ts";
import { connectorSchema } from "../../configuration/assistant-schema.ts";
import { permissionOf } from "../../configuration/assistant-of.ts";
import { permissionViewSchema } from "../../configuration/permission-schema.ts";
import type { ToolPermission } from "../../conversation/ports/assistant.ts";
import { ownerSchema } from "./assistant-record.ts";
import { patchOf } from "../../documents/merge-patch.ts";
import { serverStatusSchema } from "../mcp-servers/server-status.ts";

const MOST_PERMISSIONS = 2000;

export const connectorInputSchema = connectorSchema.extend({
  permissions: connectorSchema.shape.permissions.refine(
    (permissions) => Object.keys(permissions).length <= MOST_PERMISSIONS,
    `Expected ${MOST_PERMISSIONS} tools at most.`,
  ),
});
export type ConnectorInput = z.output<typeof connectorInputSchema>;

export const connectorPatchSchema = patchOf(connectorSchema);
export type ConnectorPatch = z.output<typeof connectorPatchSchema>;

/**
 * Who added it. An API key counts with the roles that it had then, because keys are replaced and what they set up
 * stays.
 */
export const adderSchema = ownerSchema.extend({ roles: z.array(z.enum(ROLES)).optional() });
export type Adder = z.output<typeof adderSchema>;

export const connectorRecordSchema = z.object({
  server: z.string(),
  addedBy: adderSchema,
  settings: connectorSchema.strip(),
});
export type ConnectorRecord = z.output<typeof connectorRecordSchema>;

/** Why a connector has no effect now. It takes effect again when the reason is gone. */
export const suspensionSchema = z.object({
  reason: z.enum(["server-gone", "person-gone", "share-ended", "connection-share-ended"]),
  message: z.string(),
});
export type Suspension = z.output<typeof suspensionSchema>;

export const connectorViewSchema = z.object({
  server: z.string(),
  serverName: z.string(),
  connection: connectorSchema.shape.connection,
  permissions: z.record(z.string(), permissionViewSchema).describe("By the tool's own name; * is every tool that is not named."),
  bind: connectorSchema.shape.bind,
  addedBy: ownerSchema.optional(),
  suspended: suspensionSchema.optional(),
  status: serverStatusSchema.pick({ status: true, reason: true, detail: true, signIn: true, since: true }).partial({ since: true }),
  toolCount: z.int(),
});
export type ConnectorView = z.output<typeof connectorViewSchema>;

/** A single connector also shows what applies to each enabled tool. */
export const connectorDetailSchema = connectorViewSchema.extend({
  tools: z.array(
    z.object({
      name: z.string(),
      title: z.string().optional(),
      readOnly: z.boolean().describe("What the tool says of itself."),
      destructive: z.literal(true).optional().describe("It says of itself that it may destroy something."),
      state: z
        .enum(["accepted", "changed", "new", "proposed"])
        .describe(
          "changed: quarantined. new: nobody has looked at it yet, so it asks. proposed: only customers' own lists have it, and it asks.",
        ),
      cut: z.literal(true).optional().describe("The model reads only the beginning of one of its texts: see the server's tool."),
      ...permissionViewSchema.shape,
    }),
  ),
});
export type ConnectorDetail = z.output<typeof connectorDetailSchema>;

/** Writes every permission in its long form. */
export function permissionsOf(settings: ConnectorInput): Record<string, ToolPermission> {
  return Object.fromEntries(Object.entries(settings.permissions).map(([tool, permission]) => [tool, permissionOf(permission)]));
}
