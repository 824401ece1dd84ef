import * as z from "zod";
import { RequestError } from "../../../../protocol/errors.ts";
import { idSchema } from "../../../../protocol/identifiers.ts";
import type { FindCustomerFacts } from "../../../conversation/ports/customer-facts.ts";
import type { Store } from "../../../conversation/ports/store.ts";
import type { StaffDesk } from "../../../conversation/staff-desk.ts";
import { staffView } from "../../../conversation/staff-view.ts";
import type { Clock } from "../../../foundation/clock.ts";
import { InvalidError } from "../../../foundation/invalid-error.ts";
import type { Staff } from "../../../identity/staff/actions.ts";
import { ApprovalQueue } from "../../../inbox/approval-queue.ts";
import { riskPlace, type RiskPlace, type RiskyApproval } from "../../../inbox/approval-risk.ts";
import type { WaitingApprovals, WaitingPlace } from "../../../inbox/waiting-approvals.ts";
import { page, pageOf, pageQuery, readTextCursor } from "../cursor.ts";
import { type Route, route } from "../route.ts";
import {
  decidedSchema,
  decisionsAnswerSchema,
  decisionSchema,
  decisionsSchema,
  waitingDetailSchema,
  waitingSchema,
  waitingView,
} from "./approval-schemas.ts";
import { withCustomer } from "./conversation-schemas.ts";
import { given } from "./filter-query.ts";

export interface ApprovalsRoutesPorts {
  readonly approvals: WaitingApprovals;
  readonly journal: Pick<Store, "find" | "readBefore">;
  readonly desk: Pick<StaffDesk, "decideApproval" | "neededFor" | "toolOf">;
  readonly clock: Pick<Clock, "now">;
  readonly facts: FindCustomerFacts;
  /** Whether staff may read what the model of this assistant thought. */
  readonly showsThoughts: (assistant: string) => boolean;
}

/** Of the conversation around a call. */
const EVENTS_AROUND = 60;

const DECISION_REFUSES = [
  "unknown-approval",
  "not-approver",
  "second-person-needed",
  "already-decided",
  "approval-expired",
  "approval-changed",
  "scope-refused",
  "busy",
] as const;

/** What waits for a decision, and deciding it. */
export function approvalsRoutes(ports: ApprovalsRoutesPorts): readonly Route[] {
  const queue = new ApprovalQueue({ approvals: ports.approvals, neededFor: (approval) => ports.desk.neededFor(approval) });
  return [listRoute(ports, queue), readRoute(ports, queue), decideRoute(ports), decideManyRoute(ports)];
}

function listRoute({ approvals, clock, facts }: ApprovalsRoutesPorts, queue: ApprovalQueue): Route {
  const shown = async (item: RiskyApproval, staff: Staff) => withCustomer(waitingView(item, staff), facts);
  return route({
    method: "GET",
    path: "/approvals",
    operationId: "listWaitingApprovals",
    tag: "Conversations",
    summary: "Approvals that wait, those that wait longest first, or the riskiest",
    action: "conversations.read",
    query: z.object({
      ...pageQuery.shape,
      assistant: z.string().max(200).optional(),
      approver: z.enum(["customer", "staff"]).optional().describe("Only those that this one may decide: `either` is in both."),
      order: z
        .enum(["waiting", "risk"])
        .default("waiting")
        .describe(
          "waiting: those that wait longest first. risk: by the first of these that holds: several people have to approve, a condition on its arguments holds, it may destroy something, its server is not trusted, it may write; of the same risk, what expires first.",
        ),
    }),
    response: pageOf(waitingSchema),
    handle: async ({ staff, query: { cursor, limit, order, ...rest } }) => {
      const filter = given(rest);
      const now = clock.now();
      if (order === "risk") {
        const body = await page(
          { cursor, limit },
          readTextCursor,
          (after, rows) => queue.riskiest({ filter, now, limit: rows, after: after === undefined ? undefined : riskPlaceOf(after) }),
          (one) => JSON.stringify(riskPlace(one)),
        );
        return { body: { ...body, items: await Promise.all(body.items.map((item) => shown(item, staff))) } };
      }
      const body = await page(
        { cursor, limit },
        readTextCursor,
        (after, rows) => approvals.listWaiting({ filter, now, limit: rows, ...(after === undefined ? {} : { after: placeOf(after) }) }),
        ({ requestedAt, approvalId }) => `${requestedAt} ${approvalId}`,
      );
      const items = await Promise.all(body.items.map(async (item) => shown(await queue.present(item), staff)));
      return { body: { ...body, items } };
    },
  });
}

function readRoute({ journal, desk, clock, facts, showsThoughts }: ApprovalsRoutesPorts, queue: ApprovalQueue): Route {
  return route({
    method: "GET",
    path: "/approvals/{id}",
    operationId: "readWaitingApproval",
    tag: "Conversations",
    summary: "An approval that waits, with the conversation around it and the tool's schema",
    action: "conversations.read",
    refuses: ["unknown-approval"],
    params: z.object({ id: idSchema }),
    response: waitingDetailSchema,
    handle: async ({ staff, params: { id } }) => {
      const found = await queue.find(id, clock.now());
      const conversation = found === undefined ? undefined : await journal.find(found.conversationId);
      if (found === undefined || conversation === undefined) throw new RequestError("unknown-approval");
      const [tool, events] = await Promise.all([
        desk.toolOf(found),
        journal.readBefore(found.conversationId, conversation.lastSeq + 1, EVENTS_AROUND),
      ]);
      const shown = { thoughts: showsThoughts(conversation.assistant) };
      return {
        body: {
          ...(await withCustomer(waitingView(found, staff), facts)),
          ...(tool === undefined ? {} : { inputSchema: { ...tool.inputSchema } }),
          boundArguments: [...(tool?.boundArguments ?? [])],
          events: events.map((event) => ({ ...staffView(event, shown) })),
        },
      };
    },
  });
}

function decideRoute({ desk }: ApprovalsRoutesPorts): Route {
  return route({
    method: "POST",
    path: "/approvals/{id}/decision",
    operationId: "decideApproval",
    tag: "Conversations",
    summary: "Approves or rejects a call that waits for staff, with other arguments if need be",
    action: "approvals.decide",
    refuses: DECISION_REFUSES,
    params: z.object({ id: idSchema }),
    body: decisionSchema,
    response: decidedSchema,
    handle: async ({ staff, params: { id }, body: { reason, arguments: input, ...decision } }) => {
      const request = {
        ...decision,
        approvalId: id,
        ...(reason === undefined ? {} : { reason }),
        ...(input === undefined ? {} : { arguments: input }),
      };
      return { body: await desk.decideApproval(staff, request) };
    },
  });
}

function decideManyRoute({ desk, approvals, clock }: ApprovalsRoutesPorts): Route {
  return route({
    method: "POST",
    path: "/approvals/decisions",
    operationId: "decideApprovals",
    tag: "Conversations",
    summary: "Approves or rejects several calls of one tool; each is decided alone, and the answer says which were refused",
    action: "approvals.decide",
    body: decisionsSchema,
    response: decisionsAnswerSchema,
    handle: async ({ staff, body: { decision, reason, approvals: chosen } }) => {
      const now = clock.now();
      const found = await Promise.all(chosen.map(({ approvalId }) => approvals.findWaiting(approvalId, now)));
      const tools = new Set(found.flatMap((one) => (one === undefined ? [] : [`${one.server} ${one.tool}`])));
      if (tools.size > 1) throw new InvalidError([{ path: "/approvals", message: "These are calls of different tools." }]);
      const results = [];
      for (const one of chosen)
        results.push(await decideOne(desk, staff, { ...one, decision, scope: "once", ...(reason === undefined ? {} : { reason }) }));
      return { body: { results } };
    },
  });
}

async function decideOne(
  desk: ApprovalsRoutesPorts["desk"],
  staff: Staff,
  request: Parameters<StaffDesk["decideApproval"]>[1],
): Promise<z.input<typeof decisionsAnswerSchema>["results"][number]> {
  const { approvalId } = request;
  try {
    return { approvalId, decided: (await desk.decideApproval(staff, request)).decided };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const { code, message, detail } = error.toWire();
    return { approvalId, code, message: detail === undefined ? message : `${message} ${detail}` };
  }
}

/** A cursor of this list that somebody invented leads to the beginning of it. */
function placeOf(text: string): WaitingPlace {
  const [requestedAt = "", approvalId = ""] = text.split(" ");
  return { requestedAt: Number(requestedAt) || 0, approvalId };
}

const riskPlaceSchema = z.object({ weight: z.number(), expiresAt: z.number(), approvalId: z.string() });

function riskPlaceOf(text: string): RiskPlace | undefined {
  try {
    return riskPlaceSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
