/** A published server as it is sent, stored and shown. */
import * as z from "zod";
import { nameSchema } from "../../foundation/name-schema.ts";
import { sha256Hex } from "../../foundation/canonical-json.ts";
import { ownerSchema } from "../assistants/assistant-record.ts";

const MOST_TOOLS = 1_000;
const NAME_CHARACTERS = 64;
const HASH_CHARACTERS = 8;
const DEFAULT_CALLS_PER_MINUTE = 120;

/** The one tool that an assistant has for others. */
export const ASK_ASSISTANT = "ask_assistant";

/** The id of Frontdesk's own server, which nobody publishes. */
export const OWN_SERVER = "frontdesk";

export const TOOL_SOURCES = ["mcp", "http", "device", "assistant"] as const;

const toolFields = {
  source: z.enum(TOOL_SOURCES).describe("Where the tool comes from."),
  server: z
    .string()
    .min(1)
    .max(100)
    .exactOptional()
    .describe("The key of the MCP server; for `device` and `assistant`, the key of the assistant. Not for `http`."),
  name: z.string().min(1).max(256).describe(`As its source names it; of an assistant, \`${ASK_ASSISTANT}\`.`),
  publishedName: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, "Expected 1 to 64 letters, digits, underscores and hyphens.")
    .exactOptional()
    .describe("What clients know it by. Absent: its own name, where every model accepts it."),
  description: z.string().trim().min(1).max(4096).exactOptional().describe("In place of its own."),
};

const active = z.boolean().describe("Whether clients see it and may call it.");
const permission = z
  .enum(["always_allow", "needs_approval"])
  .describe("Whether a call runs at once, or a person is asked first. A tool that nobody has accepted yet always asks.");
const approver = z
  .enum(["either", "staff"])
  .describe("Who is asked: the person at the client where it can ask them, else the staff; or the staff alone.");

export const publishedToolInputSchema = z.strictObject({
  ...toolFields,
  active: active.default(true),
  permission: permission.default("always_allow"),
  approver: approver.default("either"),
});

const publishedToolSchema = z.object({ ...toolFields, active, permission, approver });
export type PublishedTool = z.output<typeof publishedToolSchema>;

const callsPerMinute = z.int().min(1).max(10_000).describe("Calls that each key may make in a minute.");

export const publishedServerInputSchema = z.strictObject({
  name: nameSchema.describe("What clients call it."),
  tools: z.array(publishedToolInputSchema).max(MOST_TOOLS).default([]),
  callsPerMinute: callsPerMinute.default(DEFAULT_CALLS_PER_MINUTE),
});
export type PublishedServerInput = z.output<typeof publishedServerInputSchema>;

export const publishedServerPatchSchema = z.strictObject({
  name: nameSchema.exactOptional(),
  tools: z.array(publishedToolInputSchema).max(MOST_TOOLS).exactOptional().describe("Replaced whole."),
  callsPerMinute: callsPerMinute.exactOptional(),
});
export type PublishedServerPatch = z.output<typeof publishedServerPatchSchema>;

/** As the database holds it, under its id. */
export const publishedServerRecordSchema = z.object({
  name: z.string(),
  owner: ownerSchema,
  tools: z.array(publishedToolSchema),
  callsPerMinute,
});
export type PublishedServerRecord = z.output<typeof publishedServerRecordSchema>;

export const publishedServerViewSchema = z.object({
  id: z.string(),
  url: z.string().describe("What a client is given, with a key."),
  name: z.string(),
  owner: ownerSchema,
  tools: z.array(publishedToolSchema.extend({ publishedName: z.string().describe("What clients know it by.") })),
  callsPerMinute,
  first: z
    .object({ connected: z.number(), listed: z.number(), called: z.number() })
    .partial()
    .describe("When a client first used its connection, read the tools, called one. Absent: none has."),
  keys: z.number().describe("How many keys may be used now."),
  last: z
    .object({
      at: z.number(),
      keyName: z.string().optional(),
      clientName: z.string().optional().describe("As the client says."),
      clientVersion: z.string().optional(),
      tool: z.string(),
      outcome: z.string(),
    })
    .optional()
    .describe("The last call of a client. Absent: the log has none."),
  refused: z
    .object({ at: z.number(), message: z.string().describe("What its client was told.") })
    .optional()
    .describe("The last request that was not let in, since this process started."),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type PublishedServerView = z.input<typeof publishedServerViewSchema>;

/**
 * The names that clients know the tools by, in the order of `tools`: unique, and such as every model accepts. The same
 * tools always have the same names.
 */
export function publishedNames(tools: readonly Pick<PublishedTool, "source" | "server" | "name" | "publishedName">[]): readonly string[] {
  const given = new Set(tools.flatMap(({ publishedName }) => (publishedName === undefined ? [] : [publishedName])));
  const taken = new Set(given);
  return tools.map((tool) => {
    if (tool.publishedName !== undefined) return tool.publishedName;
    const server = tool.server ?? tool.source;
    const plain = cleaned(tool.name);
    const candidates = [plain, `${server}__${tool.name}`].filter((name) => /^[A-Za-z0-9_-]{1,64}$/.test(name));
    const name = candidates.find((one) => !taken.has(one)) ?? hashed(server, tool.name);
    taken.add(name);
    return name;
  });
}

function cleaned(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]+/g, "_");
}

function hashed(server: string, name: string): string {
  const hash = sha256Hex(JSON.stringify([server, name])).slice(0, HASH_CHARACTERS);
  return `${cleaned(name).slice(0, NAME_CHARACTERS - HASH_CHARACTERS - 1)}-${hash}`;
}
