import type { Clock } from "../../foundation/clock.ts";
import type { AuditActor, DocumentStore } from "../../documents/ports.ts";
import { type Action, mayDo, type Staff } from "./actions.ts";
import { ApiKeys } from "./api-keys.ts";
import { ADMIN_KEY } from "./authenticate.ts";
import { createStaffDirectory } from "./staff-directory.ts";

export interface FindStaffPorts {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  /** `FRONTDESK_ADMIN_KEY`. */
  readonly adminKey: string | undefined;
}

/** People and keys with their present rights. Undefined: they are gone, disabled, or the server itself. */
export function createFindStaff(ports: FindStaffPorts): (actor: AuditActor) => Promise<Staff | undefined> {
  const people = createStaffDirectory(ports);
  const apiKeys = new ApiKeys(ports);
  return async ({ kind, id }) => {
    if (kind === "person") return people.find(id);
    if (kind === "system") return undefined;
    if (id === ADMIN_KEY.id) return ports.adminKey === undefined ? undefined : ADMIN_KEY;
    return apiKeys.find(id);
  };
}

/**
 * Whether a person who started something earlier may still do it. Since then they may have lost a role, their account
 * may have been disabled, or their key revoked.
 */
export function createStillMay(ports: FindStaffPorts): (actor: AuditActor, action: Action) => Promise<boolean> {
  const find = createFindStaff(ports);
  return async (actor, action) => {
    const staff = await find(actor);
    return staff !== undefined && mayDo(staff, action);
  };
}
