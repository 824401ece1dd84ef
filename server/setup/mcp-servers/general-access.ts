import * as z from "zod";
import type { Clock } from "../../foundation/clock.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import type { DocumentStore } from "../../documents/ports.ts";
import { isOwnServer, OWN_SERVERS } from "../../conversation/ports/tools.ts";
import type { GeneralAccess, SharedResource, SharingPorts } from "../sharing/sharing.ts";
import type { RegisteredServers } from "./server-directory.ts";
import type { Servers } from "./servers.ts";

const connectionBody = z.object({ owner: z.object({ kind: z.string() }) });

/**
 * Who may use a resource without a share, as its own record says. A customer's own connection is nothing that could be
 * shared.
 */
export function readGeneralAccess(ports: {
  readonly directory: Pick<RegisteredServers, "accessOf">;
  readonly documents: Pick<DocumentStore, "get">;
  readonly clock: Pick<Clock, "now">;
}): SharingPorts["generalAccess"] {
  return async ({ kind, id }) => {
    if (kind === "mcp-server") return isOwnServer(id) ? "restricted" : ports.directory.accessOf(id);
    const document = await ports.documents.get("connection", id, ports.clock.now());
    const body = connectionBody.safeParse(document?.body);
    return body.success && body.data.owner.kind === "shared" ? "restricted" : undefined;
  };
}

/** Changes it in the server's record. Throws `InvalidError` for a resource that can only be shared by name. */
export function writeGeneralAccess(servers: Pick<Servers, "update">) {
  return async ({ kind, id }: SharedResource, access: GeneralAccess, staff: Staff): Promise<void> => {
    const own = kind === "mcp-server" && isOwnServer(id) ? OWN_SERVERS[id] : undefined;
    if (kind !== "mcp-server" || own !== undefined) {
      const what = own === undefined ? "A shared connection" : `The server of the ${own.name}`;
      throw new InvalidError([{ path: "/generalAccess", message: `${what} can be shared with people and groups only.` }]);
    }
    await servers.update(staff, id, { access }, { ifVersion: undefined, signal: AbortSignal.timeout(ACCESS_MS) });
  };
}

/** Nothing is tested, so it takes no time. */
const ACCESS_MS = 10_000;
