import * as z from "zod";

/** What a tool gave back, one piece. The kinds are MCP's; `data` and `blob` are base64. */
export const toolContentSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("text"), text: z.string() }),
  z.object({ kind: z.literal("image"), mimeType: z.string(), data: z.string() }),
  z.object({ kind: z.literal("audio"), mimeType: z.string(), data: z.string() }),
  z.object({
    kind: z.literal("resource"),
    uri: z.string(),
    mimeType: z.string().optional(),
    text: z.string().optional(),
    blob: z.string().optional(),
  }),
  z.object({
    kind: z.literal("resource-link"),
    uri: z.string(),
    name: z.string(),
    title: z.string().optional(),
    description: z.string().optional(),
    mimeType: z.string().optional(),
  }),
]);
export type ToolContent = z.infer<typeof toolContentSchema>;

/**
 * A picture or sound of a result, as an event names it; its bytes are fetched with `call-read`. `index` points into the
 * result's content.
 */
export const mediaSchema = z.object({ index: z.int(), kind: z.enum(["image", "audio"]), mimeType: z.string(), bytes: z.int() });
export type Media = z.infer<typeof mediaSchema>;

/**
 * One argument as a person reads it: the schema's title for it, and how to format it. `value` is the exact JSON value.
 */
export const argumentFieldSchema = z.object({
  name: z.string(),
  title: z.string(),
  value: z.unknown(),
  /** `money` values are in minor units of `currency` (ISO 4217). Unknown formats are shown as they are. */
  format: z.string().optional(),
  currency: z.string().optional(),
  /** The server filled it in, from what the site says of the customer: nobody can change it. */
  filled: z.literal(true).optional(),
});
export type ArgumentField = z.infer<typeof argumentFieldSchema>;
