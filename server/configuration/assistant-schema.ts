/** An assistant as people write it, in the configuration file and over the API, with its defaults. */
import * as z from "zod";
import { traceSchema } from "../../protocol/frames.ts";
import { keySchema } from "../../protocol/identifiers.ts";
import { PROVIDERS, type ProviderName } from "../conversation/ports/assistant.ts";
import { coded } from "../foundation/fault-codes.ts";
import { originFault } from "../guard/network/origins.ts";
import { httpUrl } from "../foundation/http-url.ts";
import { factNameSchema, identitySchema } from "./identity-schema.ts";
import { isTimeZone } from "../foundation/time-zone.ts";
import { durationMs, positive } from "./numbers.ts";
import { toolPermissionSchema } from "./permission-schema.ts";
import { pricesSchema } from "./prices-schema.ts";
import { voiceSchema } from "./voice-schema.ts";

export const connectorSchema = z.strictObject({
  connection: z
    .enum(["shared", "personal"])
    .default("shared")
    .describe("Whose sign-in the server sees, if it wants one: a service account's, or each customer's own."),
  permissions: z
    .record(z.string().min(1), toolPermissionSchema)
    .default({})
    .describe("By the tool's own name at its server. * stands for every tool that is not named."),
  bind: z
    .record(z.string().min(1).max(200), factNameSchema)
    .exactOptional()
    .describe(
      "Argument → what the site says of the customer, such as sub. The server fills it in wherever a tool has an argument of this name; the model does not see it and cannot change it.",
    ),
});

const tokens = positive(1_000_000_000_000);
const cost = z.number().positive().max(1_000_000_000);

const budget = z
  .strictObject({
    tokensPerDay: tokens.exactOptional().describe("The most tokens, of input and output together, in a day."),
    tokensPerMonth: tokens.exactOptional().describe("The same for a month."),
    costPerDay: cost.exactOptional().describe("The most that the model may cost in a day, in the currency of its prices."),
    costPerMonth: cost.exactOptional().describe("The same for a month."),
    warnAt: z.number().min(0.01).max(1).default(0.8).describe("The share of a limit at which a warning is given."),
    stop: z.boolean().default(true).describe("Whether new answers are refused once a limit is reached. Those that run are finished."),
    timeZone: z
      .string()
      .max(100)
      .refine(isTimeZone, 'expected a time zone such as "Europe/Berlin"')
      .default("UTC")
      .describe("Whose days and months they are."),
  })
  .describe("What all answers together may use.");

const model = z.strictObject({
  provider: z.enum(Object.keys(PROVIDERS) as ProviderName[]),
  model: z.string().min(1).describe("The provider's name for the model."),
  baseUrl: httpUrl.exactOptional().describe("The address of the provider's API. Needed for openai-compatible."),
  apiKey: z.string().min(1).exactOptional().describe('Write "${NAME}" and set NAME in the environment.'),
  contextTokens: positive(10_000_000).default(128_000).describe("How many tokens a prompt and its answer may have together."),
  maxOutputTokens: positive(1_000_000).default(4096).describe("The most tokens that one step may answer with."),
  silenceTimeoutMs: durationMs(24 * 60 * 60_000)
    .exactOptional()
    .describe("How long the model may say nothing, before its first word and between two. By default as long as the turn may take."),
  prices: pricesSchema.exactOptional().describe("What the model costs. Without them its cost is not known."),
  showThoughts: z
    .enum(["never", "staff"])
    .exactOptional()
    .describe("Whether staff may read what the model thought, where it says so in words. Customers never do. By default never."),
});

const toolSearch = z.strictObject({
  tools: positive(10_000).default(128).describe("More tools than this are offered through search."),
  windowShare: z
    .number()
    .min(0.001)
    .max(1)
    .default(0.1)
    .describe("Tools that take more than this share of the model's contextTokens are offered through search."),
});

const assistantLimits = z.strictObject({
  messageCharacters: positive(16_000).default(8000).describe("The longest message that a customer may send."),
  messagesPerMinute: positive(100_000).default(20).describe("Messages a minute from one customer."),
  messagesPerMinutePerAddress: positive(1_000_000).default(60).describe("Messages a minute from one network address."),
  concurrentTurns: positive(100_000).default(100).describe("How many answers run at once. Later ones wait."),
});

/** How the chat looks on the owner's pages: what the script tag says with `data-` before it (decision 0035). */
const lookSchema = z.strictObject({
  accent: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'expected a colour such as "#2456d6"')
    .exactOptional()
    .describe("The brand's colour, as # and six hexadecimal digits."),
  position: z.enum(["end", "start"]).exactOptional().describe("The lower corner that it keeps to: where lines end, or where they start."),
  theme: z.enum(["system", "light", "dark"]).exactOptional().describe("system follows the customer's device."),
  lang: z
    .string()
    .max(35)
    .regex(/^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$/, 'expected a language such as "en" or "de"')
    .exactOptional()
    .describe("The language of the chat's own words. By default the page's."),
  label: z.string().min(1).max(100).exactOptional().describe("The header's text, in place of the assistant's name."),
});

const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'expected a time such as "09:00"');
const openFromTo = z.strictObject({ from: clockTime, to: clockTime }).refine(({ from, to }) => from < to, {
  message: "expected an end after the beginning",
  path: ["to"],
  params: coded("ends-before-it-begins"),
});

const day = z.array(openFromTo).max(6).exactOptional();

const hours = z.strictObject({
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, { message: 'expected a time zone such as "Europe/Berlin"', params: coded("not-a-time-zone") })
    .describe("The team's time zone, by its name in the IANA database."),
  week: z
    .strictObject({ monday: day, tuesday: day, wednesday: day, thursday: day, friday: day, saturday: day, sunday: day })
    .prefault({})
    .describe("When somebody is there, for each day. A day that is not named is free."),
});

const people = z.strictObject({
  enabled: z.boolean().default(false).describe("Whether customers, and the assistant for them, can ask for a person."),
  hours: hours.exactOptional().describe("When somebody is there. By default always."),
  outside: z.string().min(1).max(1000).exactOptional().describe("What a customer reads who asks when nobody is there."),
  takeContact: z.boolean().default(true).describe("Whether customers can leave an e-mail address then."),
});

const retentionSchema = z.strictObject({
  conversationDays: positive(36_500).exactOptional().describe("A conversation is gone so many days after its last event."),
  traceDays: positive(36_500)
    .exactOptional()
    .describe(
      "Arguments, results, what the model thought, causes for staff, and recordings of voice calls are gone so many days after its last event.",
    ),
  resultDays: positive(36_500).exactOptional().describe("What tools gave back is gone so many days after its last event."),
});

export const assistantSchema = z.strictObject({
  name: z.string().min(1).max(100).describe("The name that customers see."),
  prompt: z.string().describe("What the model is told about its task."),
  model,
  allowedOrigins: z
    .array(
      z.string().superRefine((text, context) => {
        const fault = originFault(text);
        if (fault !== undefined) context.addIssue({ code: "custom", message: `expected ${fault}`, params: coded("not-a-website") });
      }),
    )
    .min(1)
    .describe('The websites that may use this assistant, such as "https://shop.example".'),
  trace: traceSchema.default("summary").describe("How much of a tool call a customer may open under an answer."),
  greeting: z.string().max(2000).exactOptional().describe("What customers read before they write."),
  starters: z.array(z.string().min(1).max(200)).max(8).default([]).describe("Messages that customers can send with one press."),
  connectors: z
    .record(keySchema, connectorSchema)
    .default({})
    .describe("The MCP servers that this assistant uses, by their keys in mcpServers."),
  maxSteps: positive(100).default(10).describe("The most times that the model is asked for one answer."),
  turnTimeoutMs: durationMs(24 * 60 * 60_000)
    .default(5 * 60_000)
    .describe("The longest that an answer may take, without the time that it waits for people."),
  turnTokens: positive(100_000_000).default(200_000).describe("The most tokens that an answer may cost."),
  approvalTimeoutMs: durationMs(30 * 24 * 60 * 60_000)
    .default(15 * 60_000)
    .describe("How long a person has to decide."),
  resultBytes: z.int().min(1024).max(10_000_000).default(16_384).describe("A longer tool result is shortened for the model."),
  retention: retentionSchema.exactOptional().describe("How long conversations are kept. Without it: for ever."),
  careful: z
    .boolean()
    .default(false)
    .describe(
      "Whether every call that is not read-only asks, even one that is always allowed, while the prompt has words of a server that is not trusted.",
    ),
  look: lookSchema
    .prefault({})
    .describe("How the chat looks. The script tag on your pages carries it, so a change needs the new tag there."),
  people: people.prefault({}),
  toolSearch: toolSearch.prefault({}),
  identity: identitySchema
    .exactOptional()
    .describe("How your website says who its customers are. By default it does not: docs/identity.md."),
  limits: assistantLimits.prefault({}),
  voice: voiceSchema.exactOptional().describe("What customers who call are heard and answered with. By default they cannot call."),
  feedback: z.boolean().default(true).describe("Whether customers may rate answers."),
  budget: budget.exactOptional(),
});
