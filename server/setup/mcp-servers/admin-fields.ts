import { RequestError } from "../../../protocol/errors.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { ADMIN_FIELDS } from "../../tools/mcp/servers/server-fields.ts";
import type { ApiServer } from "./server-access.ts";
import type { ServerPatch } from "./server-input.ts";

/** The fields of admins stay as they are in everybody else's change. Throws `forbidden`. */
export function onlyAdminsMay(staff: Staff, { record }: ApiServer, patch: ServerPatch): void {
  if (staff.roles.includes("admin")) return;
  if (ADMIN_FIELDS.some((field) => patch[field] !== undefined && patch[field] !== record[field]))
    throw new RequestError("forbidden", { detail: `Only an admin may change ${new Intl.ListFormat("en").format(ADMIN_FIELDS)}.` });
}
