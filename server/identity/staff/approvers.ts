import { everyDocument } from "../../documents/every-document.ts";
import type { DocumentStore } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import { mayDo } from "./actions.ts";
import { personBody } from "./person-record.ts";
import { createStaffDirectory } from "./staff-directory.ts";

interface ApproversPorts {
  readonly documents: Pick<DocumentStore, "get">;
  readonly clock: Pick<Clock, "now">;
}

/** The groups of a person who may decide approvals at this moment. Undefined: they may not, or there is nobody. */
export function createFindApprover(ports: ApproversPorts): (personId: string) => Promise<readonly string[] | undefined> {
  const people = createStaffDirectory(ports);
  return async (personId) => {
    const staff = await people.find(personId);
    return staff !== undefined && mayDo(staff, "approvals.decide") ? staff.groups : undefined;
  };
}

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
