/**
 * The configuration file, as people write it, with its defaults. `frontdesk.schema.json` is generated from this. Checks
 * that need more than one place of the file are in `cross-checks.ts`.
 */
import * as z from "zod";
import { keySchema } from "../../protocol/identifiers.ts";
import { DEFAULT_LINE_LIMITS } from "../guard/limits/limits.ts";
import { ownServerSchema } from "./own-server-schema.ts";
import { allowedTargets } from "../guard/network/fetch-addresses.ts";
import { smtpSchema } from "../notices/mail/mail-settings.ts";
import { localFields, remoteFields } from "../tools/mcp/servers/server-fields.ts";
import { assistantSchema } from "./assistant-schema.ts";
import { positive } from "./numbers.ts";
import { staffSchema } from "./staff-schema.ts";

/** A remote server as over the API, or, here alone, a program that is started. */
export const mcpServerSchema = z.union([z.strictObject(remoteFields), z.strictObject(localFields)]);

function isTarget(entry: string): boolean {
  try {
    allowedTargets([entry]);
    return true;
  } catch {
    return false;
  }
}

const network = z.strictObject({
  allowPrivate: z
    .array(
      z
        .string()
        .min(1)
        .superRefine((entry, context) => {
          if (!isTarget(entry))
            context.addIssue({ code: "custom", message: "expected a host name, an IP address, or a network such as 10.0.0.0/8" });
        }),
    )
    .default([])
    .describe("Private addresses that the server may reach: IP addresses, ranges such as 10.0.0.0/8, or host names."),
});

const lineLimits = z.strictObject({
  connectionsPerAddress: positive(1_000_000)
    .default(DEFAULT_LINE_LIMITS.connectionsPerAddress)
    .describe("Open conversations of one network address."),
  connectionsPerMinutePerAddress: positive(1_000_000).default(DEFAULT_LINE_LIMITS.connectionsPerMinutePerAddress),
  requestsPerMinute: positive(1_000_000).default(DEFAULT_LINE_LIMITS.requestsPerMinute).describe("Requests of any kind from one customer."),
  requestsPerMinutePerAddress: positive(1_000_000).default(DEFAULT_LINE_LIMITS.requestsPerMinutePerAddress),
  bytesPerMinute: positive(1_000_000_000).default(DEFAULT_LINE_LIMITS.bytesPerMinute).describe("Bytes from one customer."),
  bytesPerMinutePerAddress: positive(1_000_000_000).default(DEFAULT_LINE_LIMITS.bytesPerMinutePerAddress),
});

const retention = z.strictObject({
  callDays: positive(36_500).exactOptional().describe("How many days the list of tool calls goes back. Absent: for ever."),
  auditDays: positive(36_500).exactOptional().describe("How many days the audit log goes back. Absent: for ever."),
  deletedAssistantDays: positive(36_500)
    .exactOptional()
    .describe(
      "How many days conversations are kept of an assistant that is gone and whose own retention did not end them. Absent: for ever.",
    ),
});

export const configurationSchema = z
  .strictObject({
    $schema: z.string().optional().describe("Where editors find the schema of this file."),
    assistants: z.record(keySchema, assistantSchema).default({}).describe("By key; the script tag names one with data-assistant."),
    mcpServers: z
      .record(keySchema, mcpServerSchema)
      .default({})
      .describe("MCP servers, by the key that becomes part of their tools' names."),
    staff: staffSchema.prefault({}).describe("How the people who run this server sign in."),
    smtp: smtpSchema.optional().describe("How letters leave: what was said, to the team and to customers who left an address."),
    network: network.prefault({}),
    ownServer: ownServerSchema.prefault({}).describe("Frontdesk itself as an MCP server, at /mcp/frontdesk, for holders of an API key."),
    retention: retention.prefault({}).describe("How long what belongs to no assistant is kept; each assistant has its own retention."),
    limits: lineLimits.prefault({}).describe("Limits of the whole server, for all assistants together."),
  })
  .meta({
    title: "Frontdesk configuration",
    description: 'Any text may take a value from the environment with "${NAME}"; "$${" is a plain "${".',
  });

export type ConfigurationFile = z.output<typeof configurationSchema>;
