/** The health of assistants, over documents in memory. */
import { WatchedAssistants } from "../../server/setup/assistants/watched-assistants.ts";
import type { ModelOutcome } from "../../server/conversation/ports/model-test.ts";
import type { UsableServer, UsableTool } from "../../server/setup/assistants/assistant-ports.ts";
import { AssistantHealth } from "../../server/setup/health/assistant-health.ts";
import { Sightings } from "../../server/sightings/sightings.ts";
import { ADA, connectorInput, OLIVE, openRegistry, shopInput, tool } from "./assistants-harness.ts";

export const SHOP = "https://shop.example";

export async function openHealth(options: { declared?: Parameters<typeof openRegistry>[0]; hasApprover?: boolean } = {}) {
  const registry = await openRegistry(options.declared);
  const statuses = new Map<string, UsableServer["status"]>();
  const asked: string[] = [];
  let outcome: ModelOutcome | undefined = { at: 1 };
  let hasApprover = options.hasApprover ?? true;
  let later = 0;
  const clock = { now: () => registry.clock.now() + later };
  const sightings = new Sightings({ documents: registry.documents, clock });
  const leftOut: { tool: string; reason: string }[] = [];
  const health = new AssistantHealth({
    assistants: new WatchedAssistants(registry.assistants),
    connectors: registry.connectors,
    standing: {
      people: registry.people,
      sharing: registry.sharing,
      servers: {
        find: (key) => {
          asked.push(key);
          const found = registry.servers.get(key);
          const status = statuses.get(key) ?? { status: "connected" };
          return found && { name: found.name, auth: found.auth, status, toolCount: found.tools.length };
        },
        tools: (key) => registry.servers.get(key)?.tools ?? [],
        sharedConnection: (key) => registry.servers.get(key)?.sharedConnection,
      },
    },
    models: { lastOutcome: () => outcome, leftOut: () => leftOut },
    sightings,
    hasApprover: async () => hasApprover,
    voice: (key) => registry.live.find(key)?.voice,
    isKnownKey: (key) => registry.live.find(key) !== undefined,
    address: { url: () => "https://desk.example", origins: () => ["https://desk.example"], isWebsite: false },
    clock,
  });
  return {
    ...registry,
    health,
    sightings,
    statuses,
    leftOut,
    asked,
    answered: (next: ModelOutcome | undefined) => void (outcome = next),
    onDuty: (is: boolean) => void (hasApprover = is),
    wait: (ms: number) => void (later += ms),
    codes: async (staff = ADA, key = "shop") => (await health.of(staff, key)).map(({ code, severity }) => `${severity} ${code}`),
    find: async (code: string) => (await health.of(ADA, "shop")).find((finding) => finding.code === code),
  };
}

/** A shop of Olive's with the server `orders`, that her pages use. */
export async function shop(change: object = {}, tools: UsableTool[] = [tool("lookup", { readOnly: true })], permissions: object = {}) {
  const all = await openHealth();
  all.servers.get("orders")!.tools = tools;
  all.servers.get("orders")!.access = "everyone";
  await all.assistants.create(OLIVE, shopInput(change));
  await all.connectors.add(OLIVE, { assistant: "shop", server: "orders" }, connectorInput({ permissions }));
  all.sightings.seen("shop", visit(SHOP));
  return all;
}

export const visit = (page: string) => ({ page, network: "192.0.2.1" });
