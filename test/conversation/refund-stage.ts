/** A refund that waits for the staff, for tests. */
import type { EventOf } from "../../protocol/events.ts";
import type { ToolPermission } from "../../server/conversation/ports/assistant.ts";
import type { StaffDecision, StaffMember } from "../../server/conversation/staff-desk.ts";
import { needsApproval } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, type Harness, type HarnessOptions, openDesk } from "../support/desk-harness.ts";
import { callTools, say, textResult } from "../support/desk-scripts.ts";
import { decision, heard } from "../support/desk-waits.ts";

export const schema = {
  type: "object",
  properties: { orderId: { type: "string", title: "Order" }, amount: { type: "integer" } },
  required: ["orderId", "amount"],
};
export const KIM: StaffMember = { kind: "person", id: "kim", name: "Kim" };
export const ADA: StaffMember = { kind: "person", id: "ada", name: "Ada" };
export const BO: StaffMember = { kind: "person", id: "bo", name: "Bo" };
export const staff = { ...needsApproval, approver: "staff" } as const satisfies ToolPermission;
export const two = { ...staff, people: 2 } as const satisfies ToolPermission;

interface Stage {
  readonly harness: Harness;
  readonly asked: EventOf<"approval-requested">;
  readonly ran: Readonly<Record<string, unknown>>[];
  readonly decide: (by: StaffMember, change?: Partial<StaffDecision>) => ReturnType<Harness["staff"]["decideApproval"]>;
}

/** A refund of 50 that waits. */
export async function waits(permission: ToolPermission, options: Partial<HarnessOptions> = {}): Promise<Stage> {
  const ran: Readonly<Record<string, unknown>>[] = [];
  const harness = await openDesk({
    script: (request) =>
      request.messages.at(-1)?.role === "tool"
        ? say("Noted.")
        : callTools({ name: "orders__refund", arguments: { orderId: "1042", amount: 50 } }),
    tools: [{ tool: "refund", schema, run: (input) => (ran.push(input), textResult("refunded")) }],
    permissions: { refund: permission },
    ...options,
  });
  await harness.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-1", text: "Refund 1042" });
  const asked = await heard(harness, "approval-requested");
  const decide: Stage["decide"] = (by, change = {}) => {
    const { conversationId: _conversation, ...rest } = decision(asked);
    return harness.staff.decideApproval(by, { ...rest, ...change });
  };
  return { harness, asked, ran, decide };
}
