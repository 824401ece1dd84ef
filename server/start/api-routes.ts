/** Every operation of the REST API, with what it needs. Loaded with the first request to it. */
import { connectionId } from "../oauth/connection-record.ts";
import type { Route } from "../http/api/route.ts";
import { activityRoutes } from "../http/api/routes/activity-routes.ts";
import { apiKeysRoutes } from "../http/api/routes/api-keys-routes.ts";
import { approvalsRoutes } from "../http/api/routes/approvals-routes.ts";
import { assistantsRoutes } from "../http/api/routes/assistants-routes.ts";
import { auditRoutes } from "../http/api/routes/audit-routes.ts";
import { connectionsRoutes } from "../http/api/routes/connections-routes.ts";
import { connectorsRoutes } from "../http/api/routes/connectors-routes.ts";
import { conversationsRoutes } from "../http/api/routes/conversations-routes.ts";
import { entryRoutes } from "../http/api/routes/entry-routes.ts";
import { groupsRoutes } from "../http/api/routes/groups-routes.ts";
import { httpToolsRoutes } from "../http/api/routes/http-tools-routes.ts";
import { mcpServersRoutes } from "../http/api/routes/mcp-servers-routes.ts";
import { mcpToolsRoutes } from "../http/api/routes/mcp-tools-routes.ts";
import { peopleRoutes } from "../http/api/routes/people-routes.ts";
import { selfRoutes } from "../http/api/routes/self-routes.ts";
import { sharesRoutes } from "../http/api/routes/shares-routes.ts";
import type { ApiKeys } from "../identity/staff/api-keys.ts";
import type { FirstAdmin } from "../identity/staff/first-admin.ts";
import { Groups } from "../identity/staff/groups.ts";
import { scryptPasswords } from "../identity/staff/password-account.ts";
import { People } from "../identity/staff/people.ts";
import { writeGeneralAccess } from "../setup/mcp-servers/general-access.ts";
import { ServerTools } from "../setup/mcp-servers/server-tools.ts";
import { ServerTransfer } from "../setup/mcp-servers/server-transfer.ts";
import { Servers } from "../setup/mcp-servers/servers.ts";
import type { Grantee } from "../setup/sharing/sharing.ts";
import type { Base } from "./open-base.ts";
import type { OpenedDesk } from "./open-desk.ts";
import type { Setup } from "./open-setup.ts";
import type { OpenedSignIns } from "./open-sign-ins.ts";
import type { Storage } from "./open-storage.ts";
import type { ModelsAndTools } from "./open-tools.ts";

export type ApiParts = Base & Storage & Setup & OpenedSignIns & ModelsAndTools & OpenedDesk;

interface StaffIdentity {
  readonly apiKeys: ApiKeys;
  readonly firstAdmin: FirstAdmin;
}

export async function makeRoutes(parts: ApiParts & StaffIdentity): Promise<readonly Route[]> {
  const { setup: owners, prober, clock, box, desk, journal, address, apiKeys, firstAdmin, lock } = parts;
  const { documents, calls, servers: directory, access, pins, statuses, sharing } = owners;
  const publicUrl = address.url;
  const connections = await parts.connections();
  const people = new People({ documents, clock, lock, passwords: scryptPasswords });
  const groups = new Groups({ documents, clock, lock });

  const servers = new Servers({
    documents,
    calls,
    clock,
    box,
    directory,
    access,
    pins,
    statuses,
    prober,
    usedBy: (key) => owners.connectors.usedBy(key),
    endConnections: (key) => connections.list.removeAll(key, { kind: "system", id: "system", name: "Frontdesk" }),
  });
  const tools = new ServerTools({
    calls,
    clock,
    access,
    servers,
    pins,
    prober,
    mayUseSignIn: async (staff, server) => {
      const id = connectionId(server, { kind: "shared" });
      return (await connections.list.find(id)) === undefined || sharing.allows(staff, { kind: "connection", id }, "use");
    },
  });
  const nameOf = async ({ kind, id }: Grantee): Promise<string | undefined> =>
    kind === "person" ? (await owners.people.find(id))?.name : (await groups.find(id))?.name;

  return [
    ...selfRoutes(),
    ...entryRoutes({ people, firstAdmin }),
    ...peopleRoutes({ people, publicUrl }),
    ...groupsRoutes({ groups }),
    ...apiKeysRoutes({ apiKeys }),
    ...auditRoutes({ documents }),
    ...activityRoutes({ calls }),
    ...conversationsRoutes({
      conversations: journal.conversations,
      journal,
      desk: desk.staff,
    }),
    ...approvalsRoutes({ approvals: journal.waitingApprovals, desk: desk.staff, clock }),
    ...mcpServersRoutes({ servers, transfer: new ServerTransfer({ servers, directory, access }) }),
    ...mcpToolsRoutes({ tools }),
    ...sharesRoutes({
      sharing,
      nameOf,
      setGeneralAccess: writeGeneralAccess(servers),
    }),
    ...connectionsRoutes({
      connections,
      allows: (...question) => sharing.allows(...question),
      servers: () => directory.all().map(({ key }) => key),
    }),
    ...httpToolsRoutes({ httpTools: owners.httpTools }),
    ...assistantsRoutes({ assistants: owners.assistants }),
    ...connectorsRoutes({ connectors: owners.connectors }),
  ];
}
