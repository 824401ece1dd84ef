/** Every operation of the REST API, with what it needs. Loaded with the first request to it. */
import { connectionId } from "../oauth/connection-record.ts";
import type { Route } from "../http/api/route.ts";
import { activityRoutes } from "../http/api/routes/activity-routes.ts";
import { apiKeysRoutes } from "../http/api/routes/api-keys-routes.ts";
import { approvalsRoutes } from "../http/api/routes/approvals-routes.ts";
import { assistantDraftsRoutes } from "../http/api/routes/assistant-drafts-routes.ts";
import { assistantIdentityRoutes } from "../http/api/routes/assistant-identity-routes.ts";
import { assistantVoiceRoutes } from "../http/api/routes/assistant-voice-routes.ts";
import { assistantVersionsRoutes } from "../http/api/routes/assistant-versions-routes.ts";
import { assistantsRoutes } from "../http/api/routes/assistants-routes.ts";
import { auditRoutes } from "../http/api/routes/audit-routes.ts";
import { cannedRepliesRoutes } from "../http/api/routes/canned-replies-routes.ts";
import { connectionsRoutes } from "../http/api/routes/connections-routes.ts";
import { customerDataRoutes } from "../http/api/routes/customer-data-routes.ts";
import { retentionRoutes } from "../http/api/routes/retention-routes.ts";
import { connectorsRoutes } from "../http/api/routes/connectors-routes.ts";
import { conversationsRoutes } from "../http/api/routes/conversations-routes.ts";
import { endpointsRoutes } from "../http/api/routes/endpoints-routes.ts";
import { entryRoutes } from "../http/api/routes/entry-routes.ts";
import { groupsRoutes } from "../http/api/routes/groups-routes.ts";
import { healthRoutes } from "../http/api/routes/health-routes.ts";
import { inboxRoutes } from "../http/api/routes/inbox-routes.ts";
import { inboxViewsRoutes } from "../http/api/routes/inbox-views-routes.ts";
import { httpToolsRoutes } from "../http/api/routes/http-tools-routes.ts";
import { mcpServersRoutes } from "../http/api/routes/mcp-servers-routes.ts";
import { mcpToolsRoutes } from "../http/api/routes/mcp-tools-routes.ts";
import { modelsRoutes } from "../http/api/routes/models-routes.ts";
import { ownPictureRoutes } from "../http/api/routes/own-picture-routes.ts";
import { peopleAnswerRoutes } from "../http/api/routes/people-answer-routes.ts";
import { previewConversationsRoutes } from "../http/api/routes/preview-conversations-routes.ts";
import { pushRoutes } from "../http/api/routes/push-routes.ts";
import { peopleRoutes } from "../http/api/routes/people-routes.ts";
import { recordingsRoutes } from "../http/api/routes/recordings-routes.ts";
import { selfRoutes } from "../http/api/routes/self-routes.ts";
import { sessionsRoutes } from "../http/api/routes/sessions-routes.ts";
import { sharesRoutes, type SharesRoutesPorts } from "../http/api/routes/shares-routes.ts";
import { webhooksRoutes } from "../http/api/routes/webhooks-routes.ts";
import { TestLimits, TOOL_TRIES } from "../guard/limits/test-limits.ts";
import type { ApiKeys } from "../identity/staff/api-keys.ts";
import { Assignees } from "../identity/staff/assignees.ts";
import { InboxChanges } from "../inbox/inbox-changes.ts";
import { SavedViews } from "../inbox/saved-views.ts";
import { FoundConversations } from "../search/found-conversations.ts";
import { hasApprover } from "../identity/staff/approvers.ts";
import type { FirstAdmin } from "../identity/staff/first-admin.ts";
import { Groups } from "../identity/staff/groups.ts";
import { scryptPasswords } from "../identity/staff/password-account.ts";
import { Pictures } from "../identity/staff/pictures.ts";
import { CannedReplies } from "../setup/canned-replies/canned-replies.ts";
import { People } from "../identity/staff/people.ts";
import { Sessions } from "../identity/staff/sessions.ts";
import { AssistantHealth } from "../setup/health/assistant-health.ts";
import { AssistantCopies } from "../setup/assistants/assistant-copies.ts";
import { AssistantDrafts } from "../setup/assistants/assistant-drafts.ts";
import { WatchedAssistants } from "../setup/assistants/watched-assistants.ts";
import { VersionRegistry } from "../setup/assistants/version-registry.ts";
import { PreviewConversations } from "../setup/assistants/preview-conversations.ts";
import { AssistantTests } from "../setup/assistants/assistant-tests.ts";
import { ModelTrials } from "../setup/assistants/model-trials.ts";
import { VoiceTrials } from "../setup/assistants/voice-trials.ts";
import { writeGeneralAccess } from "../setup/mcp-servers/general-access.ts";
import { ServerTools, type ServerToolsPorts } from "../setup/mcp-servers/server-tools.ts";
import { ServerTrials } from "../setup/mcp-servers/server-trials.ts";
import { ToolRows } from "../setup/mcp-servers/tool-rows.ts";
import { ToolTrials } from "../setup/mcp-servers/tool-trials.ts";
import { ServerTransfer } from "../setup/mcp-servers/server-transfer.ts";
import { Servers } from "../setup/mcp-servers/servers.ts";
import type { Connections } from "../oauth/connections.ts";
import type { Grantee } from "../setup/sharing/sharing.ts";
import type { Base } from "./open-base.ts";
import type { CustomerData } from "./open-customer-data.ts";
import type { OpenedDesk } from "./open-desk.ts";
import type { Line } from "./open-line.ts";
import type { Notices } from "./open-notices.ts";
import type { Setup } from "./open-setup.ts";
import type { OpenedSignIns } from "./open-sign-ins.ts";
import type { Storage } from "./open-storage.ts";
import type { ModelsAndTools } from "./open-tools.ts";
import { publishedRoutes } from "./published-routes.ts";
import type { PublishedTrials } from "./published-trials.ts";
import { usageParts } from "./usage-routes.ts";

export type ApiParts = Base &
  Storage &
  Setup &
  OpenedSignIns &
  ModelsAndTools &
  OpenedDesk &
  Notices &
  Pick<Line, "inboxNews"> & { readonly customerData: CustomerData; readonly published: PublishedTrials };

interface StaffIdentity {
  readonly apiKeys: ApiKeys;
  readonly firstAdmin: FirstAdmin;
}

/** Throws when too much is tried out. */
type BeforeTest = (tested: string, by: string) => Promise<void>;

export async function makeRoutes(parts: ApiParts & StaffIdentity): Promise<readonly Route[]> {
  const { setup, journal, desk, clock, documents, calls } = parts;
  const connections = await parts.connections();
  const tries = new TestLimits({ limiters: parts.limiters, thing: TOOL_TRIES });
  const pictures = new Pictures({ documents, clock });
  const before: BeforeTest = (tried, by) => tries.before(tried, by);
  return [
    ...selfRoutes(),
    ...ownPictureRoutes({ pictures }),
    ...pushRoutes(parts),
    ...staffRoutes(parts),
    ...webhooksRoutes(parts),
    ...auditRoutes({ documents, clock }),
    ...activityRoutes({ calls, facts: parts.facts }),
    ...peopleAnswerRoutes({ people: desk.people, pictureOf: (person) => pictures.of(person) }),
    ...cannedRepliesRoutes({
      replies: new CannedReplies(parts),
      journal,
      assistantName: (key) => setup.live.find(key)?.name,
      customerFacts: parts.facts,
      clock,
    }),
    ...inboxParts(parts),
    ...usageParts(parts),
    ...customerDataRoutes(parts.customerData),
    ...approvalsRoutes({ ...parts, approvals: journal.waitingApprovals, desk: desk.staff, showsThoughts: showsThoughts(parts) }),
    ...serverRoutes(parts, connections, before),
    ...connectionsRoutes({
      connections,
      allows: (...question) => setup.sharing.allows(...question),
      servers: () => setup.servers.all().map(({ key }) => key),
    }),
    ...httpToolsRoutes({ httpTools: setup.httpTools, before }),
    ...publishedRoutes(parts, before),
    ...assistantParts(parts),
  ];
}

/** Conversations, as staff find and keep them. */
function inboxParts(parts: ApiParts): readonly Route[] {
  const { journal, desk, clock, documents, search, inboxNews } = parts;
  const { inbox, conversations } = journal;
  const assignees = new Assignees({ documents, clock });
  const changes = new InboxChanges({
    inbox,
    clock,
    assignable: (assignee) => assignees.nameOf(assignee),
    news: (conversationId, what) => inboxNews.changed(conversationId, what),
  });
  return [
    ...conversationsRoutes({
      conversations,
      inbox,
      journal,
      clock,
      desk: desk.staff,
      facts: parts.facts,
      showsThoughts: showsThoughts(parts),
      found: new FoundConversations({ search, inbox, journal }),
      searchStanding: () => search.standing(),
    }),
    ...recordingsRoutes({ recordings: journal.recordings, journal, listeners: parts.customerData.listeners }),
    ...inboxRoutes({ inbox, changes, assignees, clock }),
    ...inboxViewsRoutes({ views: new SavedViews({ documents, clock }) }),
  ];
}

function assistantParts(parts: ApiParts): readonly Route[] {
  const { assistants, connectors, previews } = parts.setup;
  return [
    ...modelRoutes(parts),
    ...healthRoutes({ health: assistantHealth(parts) }),
    ...assistantDraftsRoutes({ drafts: new AssistantDrafts({ ...parts, assistants }), previews }),
    ...previewConversationsRoutes({
      previewConversations: new PreviewConversations({ assistants, journal: parts.journal, conversations: parts.journal.conversations }),
      showsThoughts: showsThoughts(parts),
    }),
    ...assistantVersionsRoutes({ versions: new VersionRegistry({ ...parts, assistants }) }),
    ...assistantIdentityRoutes({ identities: parts.setup.identities, assistants }),
    ...connectorsRoutes({ connectors }),
    ...endpointsRoutes({ endpoints: parts.setup.endpoints }),
    ...retentionRoutes({
      retention: parts.customerData.retention,
      settingsOf: async (staff, key) => {
        await assistants.checkVisible(staff, key);
        return parts.setup.live.find(key)?.retention;
      },
    }),
  ];
}

/** As the assistant is configured now. */
function showsThoughts({ setup }: ApiParts): (assistant: string) => boolean {
  return (assistant) => setup.live.find(assistant)?.model.showThoughts === "staff";
}

/** Those that ask models and engines share their limits. */
function modelRoutes({ setup, modelTests: models, speech, limiters }: ApiParts): readonly Route[] {
  const { assistants, connectors, voices } = setup;
  const limits = new TestLimits({ limiters });
  const before = (tested: string, by: string): Promise<void> => limits.before(tested, by);
  const tests = new AssistantTests({ assistants, models, before });
  const providers = async () => (await import("../model/known-providers.ts")).knownProviders();
  return [
    ...assistantsRoutes({ assistants, copies: new AssistantCopies({ assistants, connectors }), tests }),
    ...modelsRoutes({ trials: new ModelTrials({ assistants, models, before, providers }) }),
    ...assistantVoiceRoutes({ voices, assistants, trials: new VoiceTrials({ voices, assistants, tests: speech, before }) }),
  ];
}

function assistantHealth({ setup, modelTests, documents, clock, address }: ApiParts): AssistantHealth {
  const { assistants, connectors, people, sharing, usable: servers, sightings, live } = setup;
  return new AssistantHealth({
    assistants: new WatchedAssistants(assistants),
    connectors,
    standing: { people, sharing, servers },
    models: modelTests,
    sightings,
    hasApprover: () => hasApprover({ documents, clock }),
    voice: (key) => live.find(key)?.voice,
    isKnownKey: (key) => live.find(key) !== undefined,
    address: { url: address.url, origins: address.origins, isWebsite: address.basePath !== "" },
    clock,
  });
}

function staffRoutes({ configuration, documents, clock, lock, address, apiKeys, firstAdmin }: ApiParts & StaffIdentity): readonly Route[] {
  const people = new People({ documents, clock, lock, passwords: scryptPasswords });
  return [
    ...entryRoutes({ people, firstAdmin, provider: configuration.staff.oidc }),
    ...peopleRoutes({ people, publicUrl: address.url }),
    ...sessionsRoutes({ sessions: new Sessions({ documents, clock }) }),
    ...groupsRoutes({ groups: new Groups({ documents, clock, lock }) }),
    ...apiKeysRoutes({ apiKeys }),
  ];
}

function serverRoutes(parts: ApiParts, { list }: Connections, before: BeforeTest): readonly Route[] {
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
    configPath: parts.settings.configPath,
    usedBy: (key) => connectors.usedBy(key),
    endConnections: (key) => list.removeAll(key, { kind: "system", id: "system", name: "Frontdesk" }),
  });
  const mayUseSignIn: ServerToolsPorts["mayUseSignIn"] = async (staff, server) => {
    const id = connectionId(server, { kind: "shared" });
    return (await list.find(id)) === undefined || sharing.allows(staff, { kind: "connection", id }, "use");
  };
  const groups = new Groups({ documents, clock, lock });
  const nameOf = async ({ kind, id }: Grantee): Promise<string | undefined> =>
    (await (kind === "person" ? people.find(id) : groups.find(id)))?.name;
  const grantees: SharesRoutesPorts["grantees"] = async (options) => {
    const [everybody, all] = await Promise.all([new People({ ...parts, passwords: scryptPasswords }).list(options), groups.list(options)]);
    return [
      ...all.map(({ id, name }) => ({ kind: "group" as const, id, name })),
      ...everybody.map(({ id, name }) => ({ kind: "person" as const, id, name })),
    ];
  };
  return [
    ...mcpServersRoutes({
      servers,
      redirectUrl: () => `${parts.address.url()}/oauth/callback`,
      transfer: new ServerTransfer({ servers, directory, access }),
      serverTrials: new ServerTrials({ documents, clock, box, directory, access, prober, before }),
    }),
    ...mcpToolsRoutes({
      tools: new ServerTools({ calls, clock, access, pins, prober, statuses, mayUseSignIn, before }),
      toolRows: new ToolRows({ directory, access, pins }),
      toolTrials: new ToolTrials({ calls, clock, access, pins, prober, statuses, mayUseSignIn, before }),
    }),
    ...sharesRoutes({ sharing, nameOf, grantees, setGeneralAccess: writeGeneralAccess(servers) }),
  ];
}
