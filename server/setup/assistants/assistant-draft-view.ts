/** A draft as its owner's page shows it. */
import * as z from "zod";
import { keySchema } from "../../../protocol/identifiers.ts";
import { ownerSchema } from "./assistant-record.ts";
import { shownSettings, shownSettingsSchema } from "./assistant-view.ts";
import { changedFields, KEY_PATH, type ThreeSettings, valueAt } from "./settings-difference.ts";
import type { Draft } from "./stored-drafts.ts";
import type { StoredAssistant } from "./stored-assistants.ts";

const fieldSchema = z.object({
  path: z.string().describe("A JSON pointer into the settings."),
  changed: z.enum(["draft", "published", "both"]).describe("Who changed it since the version that the draft is based on."),
  base: z.unknown().optional(),
  draft: z.unknown().optional(),
  published: z.unknown().optional(),
});

export const draftViewSchema = z.object({
  key: keySchema,
  exists: z.boolean().describe("Without a draft, the settings are the published ones."),
  basedOn: z.int().describe("The number of the version that it was begun on."),
  published: z
    .int()
    .describe("The number of the published version. Another than basedOn: publishing is refused until the draft is rebased."),
  changedAt: z.number().optional(),
  changedBy: ownerSchema.optional(),
  settings: shownSettingsSchema,
  fields: z
    .array(fieldSchema)
    .describe("Every field that differs, with its values; a value that is not there is absent, and a key is never shown."),
});
export type DraftView = z.output<typeof draftViewSchema>;

export function absentDraftView({ key, number, settings }: StoredAssistant): DraftView {
  return { key, exists: false, basedOn: number, published: number, settings: shownSettings(settings), fields: [] };
}

/** `opened` has the draft's key as it would be published. */
export function draftView(
  found: StoredAssistant,
  draft: Draft,
  { opened, three }: { opened: Draft["settings"]; three: ThreeSettings },
): DraftView {
  const { key, number } = found;
  const { basedOn, changedAt, changedBy } = draft;
  const shown = {
    base: shownSettings(three.base),
    draft: shownSettings(three.draft),
    published: shownSettings(three.published),
  };
  const fields = changedFields(three).map(({ path, changed }) => {
    const values = Object.entries(shown).map(([name, settings]) => [name, valueAt(settings, path)] as const);
    return { path, changed, ...Object.fromEntries(values.filter(([, value]) => value !== undefined)) };
  });
  const keyField = changedKey(found, draft);
  const all = [...fields, ...(keyField === undefined ? [] : [{ path: KEY_PATH, changed: keyField }])];
  return { key, exists: true, basedOn, published: number, changedAt, changedBy, settings: shownSettings(opened), fields: all };
}

/** Who gave or took away the model's key since the draft was begun. */
export function changedKey(
  { keyVersion = 0 }: Pick<StoredAssistant, "keyVersion">,
  { key, basedOn }: Draft,
): "draft" | "published" | "both" | undefined {
  const isPublished = keyVersion > basedOn;
  if (key === "kept") return isPublished ? "published" : undefined;
  return isPublished ? "both" : "draft";
}
