import * as z from "zod";
import { argumentFieldSchema } from "../../../../protocol/content.ts";
import { approverSchema } from "../../../../protocol/events.ts";
import { idSchema } from "../../../../protocol/identifiers.ts";
import type { Staff } from "../../../identity/staff/actions.ts";
import { mayDecide } from "../../../inbox/approval-queue.ts";
import { RISKS, type RiskyApproval } from "../../../inbox/approval-risk.ts";
import { customerShape, eventSchema } from "./conversation-schemas.ts";
import { writtenSchema } from "./written-schema.ts";

const time = z.number().describe("Milliseconds since 1970.");
const values = z.record(z.string(), z.unknown());

export const waitingSchema = z
  .object({
    approvalId: z.string(),
    conversationId: z.string(),
    assistant: z.string(),
    customer: z.string(),
    ...customerShape,
    preview: z.boolean().describe("Whether somebody tries out a draft in this conversation. The call itself is as real as any."),
    callId: z.string(),
    server: z.string().describe("The identifier of an MCP server, or http for the HTTP tools."),
    serverName: z.string(),
    tool: z.string(),
    title: z.string(),
    readOnly: z.boolean().optional().describe("What the tool says of itself."),
    destructive: z.boolean().optional().describe("What the tool says of itself."),
    trusted: z.boolean().optional().describe("false: its server is not marked as trusted."),
    arguments: values.describe("What the approval is about."),
    fields: z.array(argumentFieldSchema).describe("The arguments as people read them."),
    requestedArguments: values.optional().describe("As the model asked, where one of several people has changed them since."),
    argumentsHash: z.string().describe("A decision gives it back, so that it is about these arguments and no others."),
    approver: approverSchema.describe("Who may decide, by the permission of this moment."),
    groups: z.array(z.string()).optional().describe("Ids of groups: of the staff only their members decide."),
    people: z.int().describe("How many members of the staff have to approve."),
    given: z
      .array(
        z.object({
          by: z.string(),
          name: z.string().optional(),
          at: time,
          argumentsHash: z.string(),
          lapsed: z.literal(true).optional().describe("They may not decide this any more, so it does not count."),
        }),
      )
      .describe("Who approved already, where several have to; each counts for the arguments of its hash."),
    because: z.string().optional().describe("The conditions on its arguments that hold, such as amount > 100."),
    escalated: z.literal(true).optional().describe("The customer's time was over, so it came to the staff."),
    mayDecide: z.boolean().describe("Whether you may: by approver, groups, and what you gave already."),
    risks: z.array(z.enum(RISKS)).describe("Why it is looked at first, the weightiest first."),
    rememberable: z.boolean().describe("Whether the decision may be for the whole conversation."),
    requestedAt: time,
    expiresAt: time,
  })
  .meta({ id: "WaitingApproval", description: "A call that waits for a decision." });

export const waitingDetailSchema = z
  .object({
    ...waitingSchema.shape,
    inputSchema: values
      .optional()
      .describe("The tool's schema, for a form. Absent: the tool is not there as it was, so nothing can be edited."),
    boundArguments: z.array(z.string()).describe("Arguments that the server fills in by itself: they cannot be edited."),
    events: z.array(eventSchema).describe("The newest events of the conversation."),
  })
  .meta({ id: "WaitingApprovalDetail" });

export const decisionSchema = z.strictObject({
  decision: z.enum(["approved", "rejected"]),
  argumentsHash: z
    .string()
    .max(128)
    .describe("Of the arguments that you saw: `argumentsHash` of the list, or of the event `approval-requested`."),
  scope: z.enum(["once", "conversation"]).default("once"),
  reason: z.string().max(500).optional().describe("With a rejection the model reads it, and the customer too."),
  arguments: values
    .optional()
    .describe("What the call is to run with instead, all of it. It has to fit the tool's schema; both are kept in the journal."),
});

export const decidedSchema = z.object({
  ...writtenSchema.shape,
  decided: z.boolean().describe("false: others of the staff have to approve as well."),
});

const MOST_AT_ONCE = 50;

export const decisionsSchema = z.strictObject({
  decision: z.enum(["approved", "rejected"]),
  reason: z.string().max(500).optional(),
  approvals: z
    .array(z.strictObject({ approvalId: idSchema, argumentsHash: z.string().max(128) }))
    .min(1)
    .max(MOST_AT_ONCE)
    .describe("Of one tool, each with the arguments that you saw."),
});

export const decisionsAnswerSchema = z.object({
  results: z.array(
    z.object({
      approvalId: z.string(),
      decided: z.boolean().optional().describe("Absent: it was refused. false: others have to approve as well."),
      code: z.string().optional().describe("Why it was refused, such as already-decided."),
      message: z.string().optional(),
    }),
  ),
});

/** As whoever asks is given it. */
export function waitingView(
  approval: RiskyApproval,
  { kind, id, groups }: Pick<Staff, "kind" | "id" | "groups">,
): z.input<typeof waitingSchema> {
  const { given, risks, fields, groups: named, ...rest } = approval;
  return {
    ...rest,
    fields: fields.map((one) => ({ ...one })),
    given: given.map((one) => ({ ...one })),
    risks: [...risks],
    ...(named === undefined ? {} : { groups: [...named] }),
    mayDecide: mayDecide(approval, { kind, id, groups }),
  };
}
