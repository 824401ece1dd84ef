import type { ApprovalNeed } from "./approval-need.ts";

/**
 * The groups that a member of the staff is in. Undefined: they may not decide approvals at this moment, because they are
 * gone, disabled or without the role.
 */
export type FindApprover = (personId: string) => Promise<readonly string[] | undefined>;

/**
 * Of those who approved where several have to: the ids of those who may not by now, so that what they gave does not
 * count. Since then they may have lost the role or the group, their account may have been disabled, or other groups may
 * decide.
 */
export async function lapsedApprovers(
  find: FindApprover,
  people: Iterable<string>,
  { groups }: Pick<ApprovalNeed, "groups">,
): Promise<ReadonlySet<string>> {
  const lapsed = new Set<string>();
  for (const id of new Set(people)) {
    const own = await find(id);
    if (own === undefined || (groups !== undefined && !groups.some((group) => own.includes(group)))) lapsed.add(id);
  }
  return lapsed;
}
