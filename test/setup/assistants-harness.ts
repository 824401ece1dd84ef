/** People, servers, shares, assistants and connectors over documents in memory. */
import { createSecretBox } from "../../server/guard/secrets/secret-box.ts";
import type { Assistant } from "../../server/conversation/ports/assistant.ts";
import type { Clock } from "../../server/foundation/clock.ts";
import type { Log } from "../../server/foundation/log.ts";
import type { Staff } from "../../server/identity/staff/actions.ts";
import { createStaffDirectory } from "../../server/identity/staff/staff-directory.ts";
import type { UsableServer, UsableTool } from "../../server/setup/assistants/assistant-ports.ts";
import { type AssistantInput, assistantInputSchema } from "../../server/setup/assistants/assistant-record.ts";
import { AssistantCopies } from "../../server/setup/assistants/assistant-copies.ts";
import { AssistantDrafts } from "../../server/setup/assistants/assistant-drafts.ts";
import { AssistantIdentities } from "../../server/setup/assistants/assistant-identities.ts";
import { AssistantVoices } from "../../server/setup/assistants/assistant-voices.ts";
import { AssistantPreviews } from "../../server/setup/assistants/assistant-previews.ts";
import { VersionRegistry } from "../../server/setup/assistants/version-registry.ts";
import { AssistantRegistry } from "../../server/setup/assistants/assistants.ts";
import { type ConnectorInput, connectorInputSchema } from "../../server/setup/assistants/connector-record.ts";
import { ConnectorRegistry } from "../../server/setup/assistants/connectors.ts";
import { Following } from "../../server/documents/following.ts";
import { createLocalLock } from "../../server/foundation/local-lock.ts";
import { LiveAssistants } from "../../server/setup/assistants/live-assistants.ts";
import { type GeneralAccess, Sharing } from "../../server/setup/sharing/sharing.ts";
import { createMemoryDocuments } from "../support/memory-documents.ts";

export const ADA: Staff = { kind: "person", id: "ada", name: "Ada", roles: ["admin"], groups: [] };
export const OLIVE: Staff = { kind: "person", id: "olive", name: "Olive", roles: ["owner"], groups: ["shops"] };
export const OTIS: Staff = { kind: "person", id: "otis", name: "Otis", roles: ["owner"], groups: [] };
export const SAM: Staff = { kind: "person", id: "sam", name: "Sam", roles: ["support"], groups: [] };
export const OWNER_KEY: Staff = { kind: "key", id: "key-1", name: "Deploy", roles: ["owner"], groups: [] };

export const API_KEY = "sk-model-key-of-the-shop";

export interface TestServer {
  name: string;
  auth: UsableServer["auth"];
  access: GeneralAccess;
  sharedConnection?: string;
  tools: UsableTool[];
}

export function tool(name: string, change: Partial<UsableTool> = {}): UsableTool {
  return { name, readOnly: false, state: "accepted", ...change };
}

export function shopInput(change: object = {}): AssistantInput {
  return assistantInputSchema.parse({
    key: "shop",
    name: "Shop",
    prompt: "You help.",
    model: { provider: "openai-compatible", model: "scripted", baseUrl: "https://models.example/v1", apiKey: API_KEY },
    allowedOrigins: ["https://shop.example"],
    ...change,
  });
}

export function connectorInput(change: object = {}): ConnectorInput {
  return connectorInputSchema.parse(change);
}

export type Registry = Awaited<ReturnType<typeof openRegistry>>;

export async function openRegistry(declared: readonly Assistant[] = []) {
  let time = 1_000;
  const clock: Clock = { now: () => (time += 1), after: () => () => {}, id: () => `id-${(time += 1)}`, random: () => 0.5 };
  const logged: string[] = [];
  const write = (fields: unknown, message: string): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { info: write, warn: write, error: write };
  const servers = new Map<string, TestServer>([
    ["orders", { name: "Orders", auth: "none", access: "restricted", tools: [tool("lookup", { readOnly: true }), tool("refund")] }],
    ["crm", { name: "CRM", auth: "oauth", access: "everyone", tools: [] }],
  ]);
  const documents = createMemoryDocuments(log);
  const sharing = new Sharing({
    documents,
    clock,
    lock: createLocalLock(),
    generalAccess: ({ kind, id }) => {
      if (kind === "mcp-server") return servers.get(id)?.access;
      return [...servers.values()].some(({ sharedConnection }) => sharedConnection === id) ? "restricted" : undefined;
    },
  });
  const people = createStaffDirectory({ documents, clock });
  const keys = new Map<string, Staff>([[OWNER_KEY.id, OWNER_KEY]]);
  const box = createSecretBox({ keys: [Buffer.alloc(32, 7)] });
  const held = new Map<string, { total: number; open: number; waitingForApproval: number; lastAt?: number }>();
  const conversations = { countConversations: async (key: string) => held.get(key) ?? { total: 0, open: 0, waitingForApproval: 0 } };
  const assistants = new AssistantRegistry({ documents, box, people, conversations, clock, log, declared });
  const findStaff = async ({ kind, id }: { kind: string; id: string }) => (kind === "person" ? people.find(id) : keys.get(id));
  const previews = new AssistantPreviews({ documents, assistants, findStaff, clock, log });
  const drafts = new AssistantDrafts({ documents, assistants, box, clock, log });
  const versions = new VersionRegistry({ documents, assistants, clock, log });
  const usable = {
    find: (key: string): UsableServer | undefined => {
      const found = servers.get(key);
      return found && { name: found.name, auth: found.auth, status: { status: "connected" }, toolCount: found.tools.length };
    },
    tools: (key: string) => servers.get(key)?.tools ?? [],
    sharedConnection: (key: string) => servers.get(key)?.sharedConnection,
  };
  const connectors = new ConnectorRegistry({ documents, assistants, people, sharing, servers: usable, clock, log });
  const copies = new AssistantCopies({ assistants, connectors });
  const identities = new AssistantIdentities({ documents, box, clock, log });
  const voices = new AssistantVoices({ documents, box, clock, log });
  const liveAssistants = new LiveAssistants({
    identities,
    voices,
    documents,
    box,
    clock,
    assistants,
    previews,
    connectors,
    people,
    sharing,
    servers: usable,
    log,
  });
  new Following(documents, [sharing, liveAssistants]);

  /** As the staff's own rooms write it. */
  const person = async (
    staff: Staff,
    change: { disabled?: boolean; groups?: readonly string[]; roles?: readonly string[] } = {},
  ): Promise<void> => {
    const body = { name: staff.name, email: `${staff.id}@shop.example`, roles: staff.roles, groups: staff.groups, ...change };
    await documents.write([{ do: "replace", kind: "person", id: staff.id, body, orCreate: true }], { at: clock.now() });
  };
  for (const staff of [ADA, OLIVE, OTIS, SAM]) await person(staff);

  const move = (ms: number): void => void (time += ms);
  const made = { assistants, identities, voices, connectors, drafts, versions, previews, copies, live: liveAssistants };
  return { documents, clock, move, log, logged, servers, sharing, people, keys, held, box, ...made, person };
}
