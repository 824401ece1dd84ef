/** Nobody comes to more than they may through another person. */
import { RequestError } from "../../../protocol/errors.ts";
import type { DocumentChange } from "../../documents/ports.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import { mayGrant, type Role, type Staff } from "./actions.ts";
import type { PersonBody } from "./person-record.ts";

/** Who could make somebody who may more could be that person. Throws `InvalidError`. */
export function refuseMoreThan(by: Staff, roles: readonly Role[]): void {
  const faults = roles.flatMap((role, index) =>
    mayGrant(by, role) ? [] : [{ path: `/roles/${index}`, message: `The role ${role} may do more than your key, so you cannot give it.` }],
  );
  if (faults.length > 0) throw new InvalidError(faults);
}

/** With a link to a new password, or another address at the identity provider, one could come in as them. Throws `forbidden`. */
export function refuseAbove(by: Staff, { name, roles }: PersonBody): void {
  if (roles.every((role) => mayGrant(by, role))) return;
  throw new RequestError("forbidden", { detail: `${name} may do more than your key, so it cannot help to come in as ${name}.` });
}

export function isWorkingAdmin(body: PersonBody): boolean {
  return body.roles.includes("admin") && !body.disabled && body.joinedAt !== undefined;
}

export function endSignIns(id: string): DocumentChange[] {
  return [
    { do: "delete-children", kind: "staff-session", parent: id },
    { do: "delete-children", kind: "invitation", parent: id },
  ];
}
