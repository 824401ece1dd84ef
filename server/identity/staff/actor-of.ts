import type { Staff } from "./actions.ts";
import type { AuditActor } from "../../documents/ports.ts";

/** The actor of a request, as the audit log names them. */
export function actorOf({ kind, id, name }: Staff): AuditActor {
  return { kind, id, name };
}
