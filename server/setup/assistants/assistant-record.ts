/** An assistant as it is sent, stored and shown. Its fields are those of the configuration file. */
import * as z from "zod";
import { assistantSchema } from "../../configuration/assistant-schema.ts";
import { nameSchema } from "../../foundation/name-schema.ts";
import { keySchema } from "../../../protocol/identifiers.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { mergePatch, patchOf } from "../../documents/merge-patch.ts";

/**
 * Who the customers are, and what the assistant speaks with, is set beside the versions (decisions 0038 and 0055): going
 * back to one brings no old key back.
 */
export const assistantSettingsSchema = assistantSchema.omit({ connectors: true, identity: true, voice: true }).extend({
  model: assistantSchema.shape.model.extend({
    apiKey: z
      .string()
      .min(1)
      .max(8192)
      .refine((key) => !/\$\{[^}]*\}/.test(key), "The environment is read for the configuration file only. Send the key itself.")
      .exactOptional()
      .describe("Write-only."),
  }),
});
export type AssistantSettings = z.output<typeof assistantSettingsSchema>;

/** The owner of the assistant. A key is named by its own id. */
export const ownerSchema = z.object({ kind: z.enum(["person", "key"]), id: z.string().min(1), name: z.string() });
export type Owner = z.output<typeof ownerSchema>;

/** As stored: `model.apiKey` is sealed. Fields that a later version no longer knows are ignored. */
export const assistantRecordSchema = z.object({
  owner: ownerSchema,
  settings: assistantSettingsSchema.strip(),
  /** The number of the published version. Absent: the first, from before there were versions. */
  version: z.int().min(1).exactOptional(),
  /** The version in which the model's key was last given or taken away. */
  keyVersion: z.int().exactOptional(),
});
export type AssistantRecord = z.output<typeof assistantRecordSchema>;

const nameField = { name: nameSchema.describe(assistantSchema.shape.name.description ?? "") };

export const assistantInputSchema = assistantSettingsSchema.extend({
  ...nameField,
  key: keySchema.describe("What the script tag names with data-assistant. Unique, and fixed."),
});
export const assistantCreationSchema = assistantInputSchema.extend({
  reuseKey: z
    .literal(true)
    .exactOptional()
    .describe(
      "An admin's wish to use the key of a deleted assistant of somebody else. Its customers' conversations go on with the new one.",
    ),
});
export type AssistantCreation = z.output<typeof assistantCreationSchema>;

export type AssistantInput = z.output<typeof assistantInputSchema>;

export const assistantPatchSchema = patchOf(assistantSettingsSchema.extend(nameField)).extend({
  owner: z.string().min(1).max(200).optional().describe("The id of the person whose assistant it becomes. Only admins give it away."),
});
export type AssistantPatch = z.output<typeof assistantPatchSchema>;

export function maySee(staff: Staff, assistant: Pick<AssistantRecord, "owner">): boolean {
  return staff.roles.includes("support") || mayEdit(staff, assistant);
}

export function mayEdit(staff: Staff, assistant: Pick<AssistantRecord, "owner">): boolean {
  return staff.roles.includes("admin") || isOwner(staff, assistant);
}

export function isOwner(staff: Staff, { owner }: Pick<AssistantRecord, "owner">): boolean {
  return owner.kind === staff.kind && owner.id === staff.id;
}

/** The settings as they would be after a change, not yet checked. */
export function changedSettings(settings: AssistantSettings, { owner: _owner, ...patch }: AssistantPatch): unknown {
  return mergePatch(settings, patch);
}
