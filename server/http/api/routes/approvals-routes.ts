import * as z from "zod";
import { approverSchema } from "../../../../protocol/events.ts";
import { idSchema } from "../../../../protocol/identifiers.ts";
import type { StaffDesk } from "../../../conversation/staff-desk.ts";
import type { Clock } from "../../../foundation/clock.ts";
import type { WaitingApprovals, WaitingPlace } from "../../../inbox/waiting-approvals.ts";
import { page, pageOf, pageQuery, readTextCursor } from "../cursor.ts";
import { type Route, route } from "../route.ts";
import { given } from "./filter-query.ts";
import { writtenSchema } from "./written-schema.ts";

export interface ApprovalsRoutesPorts {
  readonly approvals: WaitingApprovals;
  readonly desk: Pick<StaffDesk, "decideApproval">;
  readonly clock: Pick<Clock, "now">;
}

const time = z.number().describe("Milliseconds since 1970.");

const waitingSchema = z
  .object({
    approvalId: z.string(),
    conversationId: z.string(),
    assistant: z.string(),
    customer: z.string(),
    preview: z.boolean().describe("Whether somebody tries out a draft in this conversation. The call itself is as real as any."),
    callId: z.string(),
    server: z.string().describe("The identifier of an MCP server, or http for the HTTP tools."),
    tool: z.string(),
    title: z.string(),
    arguments: z.record(z.string(), z.unknown()),
    argumentsHash: z.string().describe("A decision gives it back, so that it is about these arguments and no others."),
    approver: approverSchema,
    rememberable: z.boolean().describe("Whether the decision may be for the whole conversation."),
    requestedAt: time,
    expiresAt: time,
  })
  .meta({ id: "WaitingApproval", description: "A call that waits for a decision." });

/** What waits for a decision, and deciding it. */
export function approvalsRoutes({ approvals, desk, clock }: ApprovalsRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/approvals",
      operationId: "listWaitingApprovals",
      tag: "Conversations",
      summary: "Approvals that wait, those that wait longest first",
      action: "conversations.read",
      query: z.object({
        ...pageQuery.shape,
        assistant: z.string().max(200).optional(),
        approver: z.enum(["customer", "staff"]).optional().describe("Only those that this one may decide: `either` is in both."),
      }),
      response: pageOf(waitingSchema),
      handle: async ({ query: { cursor, limit, ...rest } }) => {
        const filter = given(rest);
        const now = clock.now();
        const body = await page(
          { cursor, limit },
          readTextCursor,
          (after, rows) => approvals.listWaiting({ filter, now, limit: rows, ...(after === undefined ? {} : { after: placeOf(after) }) }),
          ({ requestedAt, approvalId }) => `${requestedAt} ${approvalId}`,
        );
        return { body: { ...body, items: body.items.map((item) => ({ ...item })) } };
      },
    }),
    route({
      method: "POST",
      path: "/approvals/{id}/decision",
      operationId: "decideApproval",
      tag: "Conversations",
      summary: "Approves or rejects a call that waits for staff",
      action: "approvals.decide",
      refuses: ["unknown-approval", "not-approver", "already-decided", "approval-expired", "approval-changed", "scope-refused", "busy"],
      params: z.object({ id: idSchema }),
      body: z.strictObject({
        decision: z.enum(["approved", "rejected"]),
        argumentsHash: z
          .string()
          .max(128)
          .describe("Of the arguments that you saw: `argumentsHash` of the list, or of the event `approval-requested`."),
        scope: z.enum(["once", "conversation"]).default("once"),
        reason: z.string().max(500).optional(),
      }),
      response: writtenSchema,
      handle: async ({ staff, params: { id }, body: { reason, ...decision } }) => {
        const request = { ...decision, approvalId: id, ...(reason === undefined ? {} : { reason }) };
        return { body: await desk.decideApproval(staff, request) };
      },
    }),
  ];
}

/** A cursor of this list that somebody invented leads to the beginning of it. */
function placeOf(text: string): WaitingPlace {
  const [requestedAt = "", approvalId = ""] = text.split(" ");
  return { requestedAt: Number(requestedAt) || 0, approvalId };
}
