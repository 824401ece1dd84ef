/** Every operation of the REST API, with what it needs. Loaded with the first request to it. */
import { connectionId } from "../oauth/connection-record.ts";
import type { Route } from "../http/api/route.ts";
import { activityRoutes } from "../http/api/routes/activity-routes.ts";
import { apiKeysRoutes } from "../http/api/routes/api-keys-routes.ts";
import { approvalsRoutes } from "../http/api/routes/approvals-routes.ts";
import { assistantDraftsRoutes } from "../http/api/routes/assistant-drafts-routes.ts";
import { assistantVersionsRoutes } from "../http/api/routes/assistant-versions-routes.ts";
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
import { TestLimits } from "../guard/limits/test-limits.ts";
import type { ApiKeys } from "../identity/staff/api-keys.ts";
import type { FirstAdmin } from "../identity/staff/first-admin.ts";
import { Groups } from "../identity/staff/groups.ts";
import { scryptPasswords } from "../identity/staff/password-account.ts";
import { People } from "../identity/staff/people.ts";
import { AssistantCopies } from "../setup/assistants/assistant-copies.ts";
import { AssistantDrafts } from "../setup/assistants/assistant-drafts.ts";
import { VersionRegistry } from "../setup/assistants/version-registry.ts";
import { AssistantTests } from "../setup/assistants/assistant-tests.ts";
import { writeGeneralAccess } from "../setup/mcp-servers/general-access.ts";
import { ServerTools, type ServerToolsPorts } from "../setup/mcp-servers/server-tools.ts";
import { ServerTransfer } from "../setup/mcp-servers/server-transfer.ts";
import { Servers } from "../setup/mcp-servers/servers.ts";
import type { Connections } from "../oauth/connections.ts";
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
  const { setup, journal, desk, clock, documents, calls } = parts;
  const connections = await parts.connections();
  return [
    ...selfRoutes(),
    ...staffRoutes(parts),
    ...auditRoutes({ documents }),
    ...activityRoutes({ calls }),
    ...conversationsRoutes({ conversations: journal.conversations, journal, desk: desk.staff, showsThoughts: showsThoughts(parts) }),
    ...approvalsRoutes({ approvals: journal.waitingApprovals, desk: desk.staff, clock }),
    ...serverRoutes(parts, connections),
    ...connectionsRoutes({
      connections,
      allows: (...question) => setup.sharing.allows(...question),
      servers: () => setup.servers.all().map(({ key }) => key),
    }),
    ...httpToolsRoutes({ httpTools: setup.httpTools }),
    ...assistantParts(parts),
  ];
}

function assistantParts(parts: ApiParts): readonly Route[] {
  const { assistants, connectors, previews } = parts.setup;
  return [
    ...assistantsRoutes({ assistants, copies: new AssistantCopies({ assistants, connectors }), tests: assistantTests(parts) }),
    ...assistantDraftsRoutes({ drafts: new AssistantDrafts({ ...parts, assistants }), previews }),
    ...assistantVersionsRoutes({ versions: new VersionRegistry({ ...parts, assistants }) }),
    ...connectorsRoutes({ connectors }),
  ];
}

/** As the assistant is configured now. */
function showsThoughts({ setup }: ApiParts): (assistant: string) => boolean {
  return (assistant) => setup.live.find(assistant)?.model.showThoughts === "staff";
}

function assistantTests({ setup, modelTests, limiters }: ApiParts): AssistantTests {
  const limits = new TestLimits({ limiters });
  return new AssistantTests({ assistants: setup.assistants, models: modelTests, before: (assistant, by) => limits.before(assistant, by) });
}

function staffRoutes({ documents, clock, lock, address, apiKeys, firstAdmin }: ApiParts & StaffIdentity): readonly Route[] {
  const people = new People({ documents, clock, lock, passwords: scryptPasswords });
  return [
    ...entryRoutes({ people, firstAdmin }),
    ...peopleRoutes({ people, publicUrl: address.url }),
    ...groupsRoutes({ groups: new Groups({ documents, clock, lock }) }),
    ...apiKeysRoutes({ apiKeys }),
  ];
}

function serverRoutes(parts: ApiParts, { list }: Connections): readonly Route[] {
  const { documents, calls, clock, lock, box, prober, setup } = parts;
  const { servers: directory, access, pins, statuses, sharing, connectors, people } = setup;
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
    usedBy: (key) => connectors.usedBy(key),
    endConnections: (key) => list.removeAll(key, SYSTEM),
  });
  const mayUseSignIn: ServerToolsPorts["mayUseSignIn"] = async (staff, server) => {
    const id = connectionId(server, { kind: "shared" });
    return (await list.find(id)) === undefined || sharing.allows(staff, { kind: "connection", id }, "use");
  };
  const groups = new Groups({ documents, clock, lock });
  const nameOf = async ({ kind, id }: Grantee): Promise<string | undefined> =>
    (await (kind === "person" ? people.find(id) : groups.find(id)))?.name;
  return [
    ...mcpServersRoutes({ servers, transfer: new ServerTransfer({ servers, directory, access }) }),
    ...mcpToolsRoutes({ tools: new ServerTools({ calls, clock, access, pins, prober, mayUseSignIn }) }),
    ...sharesRoutes({ sharing, nameOf, setGeneralAccess: writeGeneralAccess(servers) }),
  ];
}

/** Who ends the connections of a server that is removed. */
const SYSTEM = { kind: "system", id: "system", name: "Frontdesk" } as const;
