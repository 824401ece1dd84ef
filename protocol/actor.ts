import * as z from "zod";

/**
 * Who did something. Customers see members of the staff by `name` only. `program`: an API key did it, and `name` is the
 * key's.
 */
export const actorSchema = z.object({
  kind: z.enum(["customer", "staff", "system"]),
  id: z.string(),
  name: z.string().optional(),
  program: z.literal(true).optional(),
});
export type Actor = z.infer<typeof actorSchema>;

/** Who may decide about a call. */
export const approverSchema = z.enum(["customer", "staff", "either"]);
export type Approver = z.infer<typeof approverSchema>;
