import * as z from "zod";

/** What a person can put into one field of a form. */
export const inputValueSchema = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
export type InputValue = z.infer<typeof inputValueSchema>;

const option = z.object({ value: z.string(), title: z.string() });
const common = { name: z.string(), title: z.string(), description: z.string().optional(), required: z.boolean() };

/**
 * One field of a form that an MCP server asks for (elicitation, form mode): the restricted schema of the protocol, both
 * eras, as a person sees it. The server reads it from the schema it was sent; what does not fit the restricted schema,
 * or looks like a password, is refused before anybody is asked.
 */
export const inputFieldSchema = z.discriminatedUnion("kind", [
  z.object({
    ...common,
    kind: z.literal("text"),
    format: z.enum(["email", "uri", "date", "date-time"]).optional(),
    minLength: z.int().optional(),
    maxLength: z.int().optional(),
    pattern: z.string().optional(),
    default: z.string().optional(),
  }),
  z.object({
    ...common,
    kind: z.literal("number"),
    integer: z.boolean(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    default: z.number().optional(),
  }),
  z.object({ ...common, kind: z.literal("boolean"), default: z.boolean().optional() }),
  z.object({ ...common, kind: z.literal("choice"), options: z.array(option), default: z.string().optional() }),
  z.object({
    ...common,
    kind: z.literal("choices"),
    options: z.array(option),
    minItems: z.int().optional(),
    maxItems: z.int().optional(),
    default: z.array(z.string()).optional(),
  }),
]);
export type InputField = z.infer<typeof inputFieldSchema>;
