import type { Staff } from "../identity/actions.ts";
import type { AuditActor } from "./ports.ts";

/** Who asked, as the audit log names them. */
export function actorOf({ kind, id, name }: Staff): AuditActor {
  return { kind, id, name };
}
