import * as z from "zod";
import type { Person } from "../../../identity/staff/person-record.ts";
import { roleSchema } from "./self-routes.ts";

/** A person as the API shows them. Times are milliseconds since 1970. */
export const personSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    roles: z.array(roleSchema),
    groups: z.array(z.string()).describe("Ids of the groups they are in."),
    status: z.enum(["invited", "active", "disabled"]).describe("invited: they never signed in."),
    createdAt: z.number(),
  })
  .meta({ id: "Person" });

export function shownPerson({ roles, groups, ...person }: Person): z.input<typeof personSchema> {
  return { ...person, roles: [...roles], groups: [...groups] };
}
