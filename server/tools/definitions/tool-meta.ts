import * as z from "zod";

/** Who may call a tool: the model, the view of a tool of its server. */
export type Audience = "model" | "app";

const URI_CHARACTERS = 2_048;

const uriSchema = z
  .string()
  .max(URI_CHARACTERS)
  .regex(/^ui:\/\/[\x21-\x7e]+$/)
  .optional()
  .catch(undefined);

/** What of a tool's `_meta` is read: MCP Apps' part. What does not fit is as if it were not there. */
export const toolMetaSchema = z
  .object({
    ui: z
      .object({ resourceUri: uriSchema, visibility: z.array(z.string().max(64)).max(16).optional().catch(undefined) })
      .optional()
      .catch(undefined),
    /** Where it was before there was `ui`. */
    "ui/resourceUri": uriSchema,
  })
  .optional()
  .catch(undefined);
type ToolMeta = z.output<typeof toolMetaSchema>;

/** The address of the tool's view, a `ui://` one. Undefined: it has none. */
export function viewUriOf(meta: ToolMeta): string | undefined {
  return meta?.ui?.resourceUri ?? meta?.["ui/resourceUri"];
}

/** Undefined: both, which is what a tool has that does not say. */
export function audienceOf(meta: ToolMeta): readonly Audience[] | undefined {
  const said = meta?.ui?.visibility;
  if (said === undefined) return undefined;
  const named = (["model", "app"] as const).filter((one) => said.includes(one));
  return named.length === 2 ? undefined : named;
}
