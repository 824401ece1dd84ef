/** Rules that keep people from gaining rights through another person. */
import { RequestError } from "../../../protocol/errors.ts";
import type { DocumentChange } from "../../documents/ports.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import { mayGrant, type Role, type Staff } from "./actions.ts";
import type { PersonBody } from "./person-record.ts";

/** Whoever could make a person with more rights could sign in as that person. Throws `InvalidError`. */
export function refuseMoreThan(by: Staff, roles: readonly Role[]): void {
  const faults = roles.flatMap((role, index) =>
    mayGrant(by, role)
      ? []
      : [
          {
            path: `/roles/${index}`,
            message: `The role ${role} has more rights than your key, so you cannot give it.`,
            code: "more-rights" as const,
          },
        ],
  );
  if (faults.length > 0) throw new InvalidError(faults);
}

/**
 * Whoever sends a link to a new password, or changes the address at the identity provider, could sign in as that
 * person. Throws `forbidden`.
 */
export function refuseAbove(by: Staff, { name, roles }: PersonBody): void {
  if (roles.every((role) => mayGrant(by, role))) return;
  throw new RequestError("forbidden", { detail: `${name} has more rights than your key, so the key cannot change how ${name} signs in.` });
}

export function isWorkingAdmin(body: PersonBody): boolean {
  return body.roles.includes("admin") && !body.disabled && body.joinedAt !== undefined;
}

export function endSignIns(id: string): DocumentChange[] {
  return [...endSessions(id), { do: "delete-children", kind: "invitation", parent: id }];
}

/** Where they are signed in, and the programs that they let use published servers. */
export function endSessions(id: string): DocumentChange[] {
  return [
    { do: "delete-children", kind: "staff-session", parent: id },
    { do: "delete-children", kind: "grant", parent: id },
    { do: "delete-children", kind: "access-token", parent: id },
    { do: "delete-children", kind: "refresh-token", parent: id },
  ];
}
