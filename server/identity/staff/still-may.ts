import type { Clock } from "../../foundation/clock.ts";
import type { AuditActor, DocumentStore } from "../../documents/ports.ts";
import { type Action, mayDo, type Staff } from "./actions.ts";
import { ApiKeys } from "./api-keys.ts";
import { ADMIN_KEY } from "./authenticate.ts";
import { createStaffDirectory } from "./staff-directory.ts";

/**
 * Whether a person who started something earlier may still do it. Since then they may have lost a role, their account
 * may have been disabled, or their key revoked.
 */
export function createStillMay(ports: {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  /** `FRONTDESK_ADMIN_KEY`. */
  readonly adminKey: string | undefined;
}): (actor: AuditActor, action: Action) => Promise<boolean> {
  const people = createStaffDirectory(ports);
  const apiKeys = new ApiKeys(ports);
  const find = async ({ kind, id }: AuditActor): Promise<Staff | undefined> => {
    if (kind === "person") return people.find(id);
    if (kind === "system") return undefined;
    if (id === ADMIN_KEY.id) return ports.adminKey === undefined ? undefined : ADMIN_KEY;
    return apiKeys.find(id);
  };
  return async (actor, action) => {
    const staff = await find(actor);
    return staff !== undefined && mayDo(staff, action);
  };
}
