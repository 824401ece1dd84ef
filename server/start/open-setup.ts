import type { Assistant } from "../conversation/ports/assistant.ts";
import type { OwnServer } from "../conversation/ports/tools.ts";
import { oauthServerOf, type OAuthServerSettings } from "../oauth/oauth-settings.ts";
import { createFindStaff } from "../identity/staff/still-may.ts";
import { AssistantIdentities } from "../setup/assistants/assistant-identities.ts";
import { AssistantVoices } from "../setup/assistants/assistant-voices.ts";
import { AssistantPreviews, isPreviewName } from "../setup/assistants/assistant-previews.ts";
import { createStaffDirectory } from "../identity/staff/staff-directory.ts";
import type { StaffDirectory, UsableServers } from "../setup/assistants/assistant-ports.ts";
import { AssistantRegistry } from "../setup/assistants/assistants.ts";
import { ConnectorRegistry } from "../setup/assistants/connectors.ts";
import type { Following } from "../documents/following.ts";
import { followChanges } from "../setup/follow-changes.ts";
import { readGeneralAccess } from "../setup/mcp-servers/general-access.ts";
import { HttpToolRegistry } from "../setup/http-tools/http-tools.ts";
import { LiveAssistants } from "../setup/assistants/live-assistants.ts";
import { ServerAccess } from "../setup/mcp-servers/server-access.ts";
import { RegisteredServers } from "../setup/mcp-servers/server-directory.ts";
import { ServerStatuses } from "../setup/mcp-servers/server-status.ts";
import { Sightings } from "../sightings/sightings.ts";
import { Sharing } from "../setup/sharing/sharing.ts";
import { Grants } from "../grants/grants.ts";
import { LivePublished, type LivePublishedPorts } from "../setup/published-servers/live-published.ts";
import { mayPublish } from "../setup/published-servers/may-publish.ts";
import { ToolPins } from "../setup/mcp-servers/tool-pins.ts";
import { usableServers } from "../setup/assistants/usable-servers.ts";
import { isRemote } from "../tools/mcp/servers/settings.ts";
import { staysOpen } from "../tools/mcp/wire/stays-open.ts";
import { lazily } from "../foundation/lazily.ts";
import { ConnectedPages } from "../tools/page/connected-pages.ts";
import type { Base } from "./open-base.ts";
import type { Storage } from "./open-storage.ts";
import { Endpoints } from "../setup/endpoints/endpoints.ts";
import type { ConnectedDevices } from "../tools/devices/connected-devices.ts";
import { openDevices, type OpenedDevices } from "./open-devices.ts";
import { openOwnTools, type OwnTools } from "./own-tools.ts";

/** What owners and admins set up, and the guarded fetch that reaches it. */
export interface Setup {
  readonly setup: Owners;
  /** Every outgoing request whose address comes from configuration or from a server goes through it. */
  readonly fetch: typeof fetch;
}

export interface Owners {
  readonly people: StaffDirectory;
  readonly following: Following;
  readonly sharing: Sharing;
  readonly servers: RegisteredServers;
  readonly access: ServerAccess;
  readonly pins: ToolPins;
  readonly statuses: ServerStatuses;
  readonly httpTools: HttpToolRegistry;
  readonly ownTools: Readonly<Record<OwnServer, OwnTools>>;
  readonly endpoints: Endpoints;
  readonly pages: ConnectedPages;
  readonly devices: ConnectedDevices;
  readonly assistants: AssistantRegistry;
  readonly connectors: ConnectorRegistry;
  readonly identities: AssistantIdentities;
  readonly voices: AssistantVoices;
  readonly previews: AssistantPreviews;
  /** What conversations see. */
  readonly live: LiveAssistants;
  /** What is offered to other assistants. */
  readonly published: LivePublished;
  /** Which programs may use it for whom. */
  readonly grants: Grants;
  /** The servers that assistants may have. */
  readonly usable: UsableServers;
  /** Which pages came. */
  readonly sightings: Sightings;
  /** How a server is signed in to; undefined: not with OAuth. */
  readonly oauthServer: (key: string) => OAuthServerSettings | undefined;
}

/** Reads everything that was set up. Throws when the database cannot be read. */
export async function openSetup(parts: Base & Storage): Promise<Setup> {
  const { allowPrivate } = parts.configuration.network;
  const guarded = lazily(async () =>
    (await import("../guard/network/guarded-fetch.ts")).createGuardedFetch({ allowPrivate, isStream: staysOpen }),
  );
  const fetch: Setup["fetch"] = async (...request) => (await guarded())(...request);
  return { setup: await openOwners({ ...parts, fetch }), fetch };
}

type Ports = Base & Storage & Pick<Setup, "fetch">;

async function openOwners(ports: Ports): Promise<Owners> {
  const { configuration, documents, box, clock, log, lock } = ports;
  const people = createStaffDirectory({ documents, clock });
  const pins = new ToolPins({ documents, clock, log });
  const statuses = new ServerStatuses({ documents, clock, log });
  const servers = new RegisteredServers({ documents, clock, log, box, pins, statuses, fileServers: configuration.mcpServers });
  const sharing = new Sharing({ documents, clock, lock, generalAccess: readGeneralAccess({ directory: servers, documents, clock }) });
  const access = new ServerAccess(servers, sharing);
  const httpTools = openHttpTools(ports, sharing);
  // Devices come once the server listens, and so not before there are assistants.
  const assistantNow = (key: string): Assistant | undefined => live.find(key);
  const devices = openDevices({ ...ports, pins, assistantNow });
  const sightings = new Sightings({ documents, clock });
  const pages = new ConnectedPages(clock, (key, tools) => void (isPreviewName(key) || sightings.offered(key, tools)));
  const ownTools = openOwnTools({ ...ports, httpTools, pins, devices, pages, sightings });

  const usable = usableServers({ directory: servers, statuses, pins, ownTools, sharedConnection: (key) => sharedConnectionOf(ports, key) });
  const { conversations } = ports.journal;
  const assistants = new AssistantRegistry({ documents, box, people, conversations, clock, log, declared: configuration.assistants });
  const findStaff = createFindStaff({ documents, clock, adminKey: ports.settings.adminKey });
  const previews = new AssistantPreviews({ documents, assistants, findStaff, clock, log });
  const standing = { people, sharing, servers: usable };
  const connectors = new ConnectorRegistry({ ...standing, documents, assistants, clock, log });
  const identities = new AssistantIdentities({ documents, box, clock, log });
  const voices = new AssistantVoices({ documents, box, clock, log });
  const live = new LiveAssistants({ ...standing, identities, voices, documents, box, clock, assistants, previews, connectors, log });
  const endpoints = openEndpoints(ports, { devices, pins, assistants, assistantNow });
  const publishing = openPublishing(ports, { findStaff, people, may: mayPublish({ sharing, assistants }) });
  await sightings.load();
  await servers.load();
  await live.reload();
  await publishing.published.reload();
  const following = followChanges(documents, { servers, pins, statuses, sharing, live, published: publishing.published });

  return {
    following,
    people,
    sharing,
    servers,
    access,
    pins,
    statuses,
    httpTools,
    ownTools,
    endpoints,
    pages,
    devices: devices.devices,
    assistants,
    connectors,
    identities,
    voices,
    previews,
    live,
    ...publishing,
    usable,
    sightings,
    oauthServer: (key) => oauthServerIn(servers, key),
  };
}

function oauthServerIn(servers: RegisteredServers, key: string): OAuthServerSettings | undefined {
  const settings = servers.find(key)?.settings;
  return settings !== undefined && isRemote(settings) ? oauthServerOf(settings) : undefined;
}

function openEndpoints(
  { address, clock }: Ports,
  {
    devices,
    pins,
    assistants,
    assistantNow,
  }: Pick<Owners, "pins" | "assistants"> & {
    readonly devices: OpenedDevices;
    readonly assistantNow: (key: string) => Assistant | undefined;
  },
): Endpoints {
  const checkManaged = (...asked: Parameters<AssistantRegistry["checkManaged"]>): Promise<void> => assistants.checkManaged(...asked);
  return new Endpoints({ ...devices, pins, checkManaged, assistant: assistantNow, publicUrl: address.url, clock });
}

/** What is offered to other assistants, and to which of their people. */
function openPublishing(
  { documents, clock, log }: Ports,
  { findStaff, people, may }: Pick<LivePublishedPorts, "findStaff"> & { people: StaffDirectory; may: LivePublishedPorts["mayPublish"] },
): Pick<Owners, "published" | "grants"> {
  const published = new LivePublished({ documents, clock, log, findStaff, mayPublish: may });
  return { published, grants: new Grants({ documents, clock, live: published, findPerson: (id) => people.find(id) }) };
}

function openHttpTools({ documents, calls, box, clock, log, fetch }: Ports, sharing: Sharing): HttpToolRegistry {
  const tryTool = lazily(async () => (await import("../tools/http/try-http-tool.ts")).createTryHttpTool({ fetch, clock }));
  return new HttpToolRegistry({
    documents,
    calls,
    box,
    clock,
    log,
    sharing,
    tryTool: async (...call) => (await tryTool())(...call),
  });
}

/** The id of a server's shared connection, while there is one. */
async function sharedConnectionOf({ documents, clock }: Ports, server: string): Promise<string | undefined> {
  const { connectionId } = await import("../oauth/connection-record.ts");
  return (await documents.get("connection", connectionId(server, { kind: "shared" }), clock.now()))?.id;
}
