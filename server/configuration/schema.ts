/**
 * The configuration file, as people write it. `frontdesk.schema.json` is generated from this; every default lives here. What needs more than one place of
 * the file to be judged is in `cross-checks.ts`.
 */
import * as z from "zod";
import { approverSchema, permissionSchema } from "../../protocol/events.ts";
import { traceSchema } from "../../protocol/frames.ts";
import { keySchema } from "../../protocol/identifiers.ts";
import { DEFAULT_LINE_LIMITS } from "../guard/limits.ts";
import { originFault } from "../guard/origins.ts";
import { mcpServerSchema } from "./mcp-server-schema.ts";
import { positive, durationMs } from "./numbers.ts";
import { httpUrl } from "./http-url.ts";

const permissionObject = z.strictObject({
  permission: permissionSchema.describe("What the assistant may do with this tool."),
  approver: approverSchema.default("customer").describe("Who may decide when the tool needs approval."),
  rememberable: z.boolean().default(false).describe('Whether "Approve for this conversation" is offered.'),
  safeToRepeat: z.boolean().default(false).describe("Whether a call whose end is not known may simply be made again."),
});

const toolPermission = z
  .union([permissionSchema, permissionObject])
  .describe("always_allow, needs_approval or disabled; or an object that says more. A tool that nothing names needs approval.");

const connector = z.strictObject({
  permissions: z
    .record(z.string().min(1), toolPermission)
    .default({})
    .describe("By the tool's own name at its server; * is every tool that is not named."),
});

const model = z.strictObject({
  provider: z.enum(["openai", "anthropic", "google", "openai-compatible"]),
  model: z.string().min(1).describe("The provider's name for the model."),
  baseUrl: httpUrl.optional().describe("Where the provider's API is reached; needed for openai-compatible."),
  apiKey: z.string().min(1).optional().describe('Write "${NAME}" and set NAME in the environment.'),
  contextTokens: positive(10_000_000).default(128_000).describe("How many tokens a prompt and its answer may have together."),
  maxOutputTokens: positive(1_000_000).default(4096).describe("The most tokens of one step's answer."),
});

const assistantLimits = z.strictObject({
  messageCharacters: positive(16_000).default(8000).describe("The longest message of a customer."),
  messagesPerMinute: positive(100_000).default(20).describe("Messages a minute from one customer."),
  messagesPerMinutePerAddress: positive(1_000_000).default(60).describe("Messages a minute from one network address."),
  concurrentTurns: positive(100_000).default(100).describe("Answers that run at once; later ones wait."),
});

const assistant = z.strictObject({
  name: z.string().min(1).max(100).describe("The name that customers see."),
  prompt: z.string().describe("What the assistant is told about its task."),
  model,
  allowedOrigins: z
    .array(
      z.string().superRefine((text, context) => {
        const fault = originFault(text);
        if (fault !== undefined) context.addIssue({ code: "custom", message: `expected ${fault}` });
      }),
    )
    .min(1)
    .describe('The websites that may use this assistant, such as "https://shop.example".'),
  trace: traceSchema.default("summary").describe("How much of a tool call a customer may open under an answer."),
  greeting: z.string().max(2000).optional().describe("What customers read before they write."),
  starters: z.array(z.string().min(1).max(200)).max(8).default([]).describe("Messages that customers can send with one press."),
  connectors: z.record(keySchema, connector).default({}).describe("The MCP servers that this assistant uses, by their keys in mcpServers."),
  maxSteps: positive(100).default(10).describe("How often the model is asked for one answer, at most."),
  turnTimeoutMs: durationMs(24 * 60 * 60_000)
    .default(5 * 60_000)
    .describe("The longest that an answer may take, waiting for people not counted."),
  turnTokens: positive(100_000_000).default(200_000).describe("The most tokens that an answer may cost."),
  approvalTimeoutMs: durationMs(30 * 24 * 60 * 60_000)
    .default(15 * 60_000)
    .describe("How long a person has to decide."),
  resultBytes: z.int().min(1024).max(10_000_000).default(16_384).describe("A tool result longer than this goes to the model shortened."),
  limits: assistantLimits.prefault({}),
});

const network = z.strictObject({
  allowPrivate: z
    .array(z.string().min(1))
    .default([])
    .describe("Private addresses that the server may reach: IP addresses, ranges such as 10.0.0.0/8, or host names."),
});

const lineLimits = z.strictObject({
  connectionsPerAddress: positive(1_000_000)
    .default(DEFAULT_LINE_LIMITS.connectionsPerAddress)
    .describe("Open chats of one network address."),
  connectionsPerMinutePerAddress: positive(1_000_000).default(DEFAULT_LINE_LIMITS.connectionsPerMinutePerAddress),
  requestsPerMinute: positive(1_000_000).default(DEFAULT_LINE_LIMITS.requestsPerMinute).describe("Requests of any kind from one customer."),
  bytesPerMinute: positive(1_000_000_000).default(DEFAULT_LINE_LIMITS.bytesPerMinute).describe("Bytes from one customer."),
  bytesPerMinutePerAddress: positive(1_000_000_000).default(DEFAULT_LINE_LIMITS.bytesPerMinutePerAddress),
});

export const configurationSchema = z
  .strictObject({
    $schema: z.string().optional().describe("Where editors find the schema of this file."),
    assistants: z
      .record(keySchema, assistant)
      .refine((assistants) => Object.keys(assistants).length > 0, "expected at least one assistant")
      .describe("By key; the script tag names one with data-assistant."),
    mcpServers: z
      .record(keySchema, mcpServerSchema)
      .default({})
      .describe("MCP servers, by the key that becomes part of their tools' names."),
    network: network.prefault({}),
    limits: lineLimits.prefault({}).describe("What the whole server takes, whatever the assistant."),
  })
  .meta({
    title: "Frontdesk configuration",
    description: 'Any text may take a value from the environment with "${NAME}"; "$${" is a plain "${".',
  });

export type ConfigurationFile = z.output<typeof configurationSchema>;
