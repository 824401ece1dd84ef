import * as z from "zod";

/** A program as it names itself. */
const programSchema = z.object({
  /** Its client id. */
  id: z.string(),
  name: z.string(),
  /** Whose it is: the host that its description was read from, if it was. */
  host: z.string().optional(),
});
export type GrantedProgram = z.output<typeof programSchema>;

/** That a person lets a program use a published server: as the database holds it, under its own id, below the person. */
export const grantRecordSchema = z.object({
  server: z.string(),
  program: programSchema,
  personName: z.string(),
  scopes: z.array(z.string()),
  /** When it was last given tokens. */
  seenAt: z.number().optional(),
});
export type GrantRecord = z.output<typeof grantRecordSchema>;

export const grantViewSchema = z.object({
  id: z.string().describe("As `key` names it in the log."),
  server: z.string().describe("The published server."),
  serverName: z.string().optional().describe("Its name now. Absent: it is just being deleted."),
  person: z.object({ id: z.string(), name: z.string() }),
  program: z.object({
    name: z.string().describe("As it calls itself."),
    host: z.string().optional().describe("The host that stands for it. Absent: it registered itself, and nobody stands for it."),
  }),
  scopes: z.array(z.string()),
  createdAt: z.number(),
  seenAt: z.number().optional().describe("When it was last given tokens: exact to an hour. Absent: never."),
  expiresAt: z.number().optional().describe("When it ends if the program does not come back."),
});
export type GrantView = z.input<typeof grantViewSchema>;

/** No key of a published server has such an id. */
export const GRANT_ID = /^grant-[0-9a-f]{24}$/;
/** Access and refresh tokens: what follows is 256 random bits. */
export const ACCESS_PREFIX = "fda_";
export const REFRESH_PREFIX = "fdr_";
