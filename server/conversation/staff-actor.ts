import type { Actor } from "../../protocol/events.ts";
import type { StaffMember } from "./staff-desk.ts";

/** As the journal names them: customers see a person's name, and of a key that it was the team. */
export function staffActor({ kind, id, name }: StaffMember): Actor {
  return { kind: "staff", id, name, ...(kind === "key" ? { program: true } : {}) };
}
