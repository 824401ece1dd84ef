/** An assistant's endpoint for devices, and its tokens, as they are stored and shown. */
import * as z from "zod";

/** id is the assistant's key. */
export const endpointRecordSchema = z.object({ enabled: z.boolean() });

/** id `<assistant>/<token>`, parent the assistant. Times are in milliseconds since 1970. */
export const endpointTokenRecordSchema = z.object({
  name: z.string(),
  /** One higher with each rotation: an address that was given out before is of no use. */
  generation: z.int(),
  createdAt: z.number(),
  firstSeenAt: z.number().optional(),
  lastSeenAt: z.number().optional(),
  address: z.string().optional(),
});
export type EndpointTokenRecord = z.output<typeof endpointTokenRecordSchema>;

export const tokenNameSchema = z.string().trim().min(1).max(60);

export const endpointViewSchema = z.object({
  enabled: z.boolean(),
  connected: z.int().describe("How many devices are connected."),
});
export type EndpointView = z.output<typeof endpointViewSchema>;

export const endpointTokenViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.number(),
  lastSeenAt: z.number().optional().describe("When a device last came or went with it. Absent: never."),
  connected: z.int().describe("How many devices are connected with it."),
  silent: z.int().describe("How many of these do not answer."),
  address: z.string().optional().describe("The network address that a device last came from."),
});
export type EndpointTokenView = z.output<typeof endpointTokenViewSchema>;

/** The address is in no other answer: it can be used by whoever has it. */
export const givenTokenSchema = z.object({
  id: z.string(),
  url: z.string().describe("The Endpoint URL, with its token. Shown this once."),
});
export type GivenToken = z.output<typeof givenTokenSchema>;

/** Why there is nothing to use. */
export const NO_TOOLS_REASONS = ["endpoint-off", "nobody-connected", "no-tools", "starting", "not-answering", "not-permitted"] as const;
export type NoToolsReason = (typeof NO_TOOLS_REASONS)[number];

export const fetchedToolsSchema = z.object({
  devices: z.array(
    z.object({
      name: z.string().describe("What it calls itself; a number where another one does too."),
      token: z.object({ id: z.string(), name: z.string() }),
      address: z.string(),
      connectedAt: z.number(),
      standing: z.enum(["starting", "answering", "silent"]).describe("silent: it is connected, and does not answer."),
      fault: z.string().optional().describe("Why its tools could not be read just now."),
      tools: z.array(
        z.object({
          name: z.string().describe("As permissions name it."),
          modelName: z.string().describe("As the model knows it."),
          title: z.string(),
          description: z.string(),
          hash: z.string().describe("Names this definition; accept-tool wants it back."),
          parameters: z.int().describe("How many parameters it has."),
          state: z.enum(["accepted", "changed", "new"]).describe("changed: hidden until it is accepted. new: it asks before each call."),
          permission: z.enum(["always_allow", "needs_approval", "disabled"]),
        }),
      ),
      leftOut: z.array(z.object({ tool: z.string(), reason: z.string() })).describe("Tools that cannot be used as they are."),
    }),
  ),
  empty: z
    .object({ reason: z.enum(NO_TOOLS_REASONS), message: z.string() })
    .optional()
    .describe("Why the assistant has no tool of a device now. Absent: it has some."),
});
export type FetchedTools = z.output<typeof fetchedToolsSchema>;
