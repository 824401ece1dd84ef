import * as z from "zod";
import type { StoredDocument } from "../../documents/ports.ts";
import { type Role, ROLES } from "./actions.ts";

export const emailSchema = z.string().trim().toLowerCase().pipe(z.email().max(254));
/** Length is what makes a password strong. People choose the characters freely (NIST SP 800-63B). */
export const passwordSchema = z.string().min(10).max(128);
export const rolesSchema = z
  .array(z.enum(ROLES))
  .min(1)
  .refine((roles) => new Set(roles).size === roles.length, "Name each role only once.");

/** The body of a `person` document. The sign-in library names `emailVerified` and `image`. */
export const personBody = z.object({
  name: z.string(),
  email: z.string(),
  emailVerified: z.boolean().default(false),
  image: z.string().nullish(),
  roles: z.array(z.enum(ROLES)),
  groups: z.array(z.string()).default([]),
  disabled: z.boolean().default(false),
  /** When they first chose a password or signed in, in milliseconds since 1970. */
  joinedAt: z.number().optional(),
});
export type PersonBody = z.output<typeof personBody>;

/** A member of staff. */
export interface Person {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
  /** `invited`: they have never signed in. */
  readonly status: "invited" | "active" | "disabled";
  readonly createdAt: number;
}

export function personOf(document: StoredDocument): Person {
  const { name, email, roles, groups, disabled, joinedAt } = personBody.parse(document.body);
  const status = disabled ? "disabled" : joinedAt === undefined ? "invited" : "active";
  return { id: document.id, version: document.version, name, email, roles, groups, status, createdAt: document.createdAt };
}

/** What the audit log keeps of a person. */
export function auditedPerson({
  name,
  email,
  roles,
  groups,
  disabled,
}: PersonBody): Pick<PersonBody, "name" | "email" | "roles" | "groups" | "disabled"> {
  return { name, email, roles, groups, disabled };
}
