import { everyDocument } from "../../documents/every-document.ts";
import type { DocumentStore } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import { mayDo } from "./actions.ts";
import { personBody } from "./person-record.ts";

/** Whether there is anybody who can sign in and may decide approvals. A key that may decide is no person on duty. */
export async function hasApprover({
  documents,
  clock,
}: {
  readonly documents: Pick<DocumentStore, "list">;
  readonly clock: Pick<Clock, "now">;
}): Promise<boolean> {
  return (await everyDocument(documents, "person", { now: clock.now() })).some(({ id, body }) => {
    const { name, roles, groups, disabled, joinedAt } = personBody.parse(body);
    return !disabled && joinedAt !== undefined && mayDo({ kind: "person", id, name, roles, groups }, "approvals.decide");
  });
}
