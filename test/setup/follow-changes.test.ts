import { afterEach, expect, it } from "vitest";
import { createLocalLock } from "../../server/foundation/local-lock.ts";
import { createSecretBox } from "../../server/guard/secrets/secret-box.ts";
import { createStaffDirectory } from "../../server/identity/staff/staff-directory.ts";
import { AssistantIdentities } from "../../server/setup/assistants/assistant-identities.ts";
import { AssistantVoices } from "../../server/setup/assistants/assistant-voices.ts";
import { AssistantPreviews } from "../../server/setup/assistants/assistant-previews.ts";
import { AssistantRegistry } from "../../server/setup/assistants/assistants.ts";
import { ConnectorRegistry } from "../../server/setup/assistants/connectors.ts";
import { LiveAssistants } from "../../server/setup/assistants/live-assistants.ts";
import { usableServers } from "../../server/setup/assistants/usable-servers.ts";
import { followChanges } from "../../server/setup/follow-changes.ts";
import { readGeneralAccess } from "../../server/setup/mcp-servers/general-access.ts";
import { newRecord } from "../../server/setup/mcp-servers/server-changes.ts";
import { RegisteredServers } from "../../server/setup/mcp-servers/server-directory.ts";
import { serverInputSchema } from "../../server/setup/mcp-servers/server-input.ts";
import { sealRecord } from "../../server/setup/mcp-servers/server-secrets.ts";
import { ServerStatuses } from "../../server/setup/mcp-servers/server-status.ts";
import { ToolPins } from "../../server/setup/mcp-servers/tool-pins.ts";
import { firstPin } from "../../server/setup/mcp-servers/tool-pin.ts";
import { Sharing } from "../../server/setup/sharing/sharing.ts";
import { readDefinition } from "../../server/tools/definitions/tool-definition.ts";
import type { DocumentChange } from "../../server/documents/ports.ts";
import { createMemoryDocuments } from "../support/memory-documents.ts";
import { connectorInput, OLIVE, shopInput } from "./assistants-harness.ts";
import { testTime } from "./registry-harness.ts";

const box = createSecretBox({ keys: [Buffer.alloc(32, 7)] });

/** Everything that is kept in memory, over documents that anybody may write. */
async function openCaches() {
  const errors: string[] = [];
  const log = { info: () => {}, warn: () => {}, error: (fields: unknown) => void errors.push(JSON.stringify(fields)) };
  const documents = createMemoryDocuments(log);
  const clock = testTime();
  const lists: string[] = [];
  const counted = { ...documents, list: (...all: Parameters<typeof documents.list>) => (lists.push(all[0]), documents.list(...all)) };
  const ports = { documents: counted, clock, log, lock: createLocalLock() };
  const pins = new ToolPins(ports);
  const statuses = new ServerStatuses(ports);
  const servers = new RegisteredServers({ ...ports, box, pins, statuses, fileServers: [] });
  const sharing = new Sharing({ ...ports, generalAccess: readGeneralAccess({ directory: servers, documents, clock }) });
  const people = createStaffDirectory({ documents, clock });
  const ownTools = { http: { usableTools: () => [] }, device: { usableTools: () => [] }, page: { usableTools: () => [] } };
  const usable = usableServers({ directory: servers, statuses, pins, ownTools, sharedConnection: () => undefined });
  const standing = { ...ports, people, sharing, servers: usable };
  const conversations = { countConversations: async () => ({ total: 0, open: 0, waitingForApproval: 0 }) };
  const assistants = new AssistantRegistry({ ...ports, box, people, conversations, declared: [] });
  const previews = new AssistantPreviews({ ...ports, assistants, findStaff: async ({ id }) => people.find(id) });
  const connectors = new ConnectorRegistry({ ...standing, assistants });
  const live = new LiveAssistants({
    ...standing,
    identities: new AssistantIdentities({ ...ports, box }),
    voices: new AssistantVoices({ ...ports, box }),
    box,
    assistants,
    previews,
    connectors,
  });
  const caches = { servers, pins, statuses, sharing, live };
  const write = (...changes: readonly DocumentChange[]) => documents.write(changes, { at: clock.now() });
  return { ...caches, caches, assistants, connectors, documents, write, lists, errors };
}

const serverBody = (access: "restricted" | "everyone", url = "https://orders.example/mcp") =>
  sealRecord("orders", newRecord(serverInputSchema.parse({ key: "orders", name: "Orders", url, access })), box);
const putServer = (access: "restricted" | "everyone"): DocumentChange =>
  ({ do: "replace", orCreate: true, kind: "mcp-server", id: "orders", body: serverBody(access) }) as const;
const putPin = (tool: string): DocumentChange => {
  const definition = readDefinition({ name: tool, inputSchema: { type: "object" } });
  if (typeof definition === "string") throw new Error(definition);
  const body = firstPin(definition, { at: 1, reviewed: true, enabled: true });
  return { do: "replace", orCreate: true, kind: "server-tool", id: `orders/${tool}`, parent: "orders", body };
};
const putStatus = (status: "connected" | "disconnected"): DocumentChange =>
  ({ do: "replace", orCreate: true, kind: "server-status", id: "orders", body: { status, since: 5 } }) as const;
const putPerson = (id: string): DocumentChange => {
  const body = { name: OLIVE.name, email: "olive@shop.example", roles: OLIVE.roles, groups: [] };
  return { do: "replace", orCreate: true, kind: "person", id, body };
};
const share: DocumentChange = {
  do: "create",
  kind: "share",
  id: "mcp-server/orders/person/olive",
  parent: "mcp-server/orders",
  body: { grantee: { kind: "person", id: "olive" }, level: "use" },
};

let errors: readonly string[] = [];
afterEach(() => expect(errors).toEqual([]));

it("every cache has what somebody else wrote before the write is answered", async () => {
  const { servers, pins, statuses, sharing, live, caches, documents, assistants, connectors, write, ...opened } = await openCaches();
  errors = opened.errors;
  followChanges(documents, caches);
  await write(putPerson("olive"), putServer("everyone"), putPin("lookup"), putStatus("connected"));
  expect(servers.find("orders")?.settings.name).toBe("Orders");
  expect([...pins.of("orders").keys()]).toEqual(["lookup"]);
  expect(statuses.of("orders").status).toBe("connected");

  await assistants.create(OLIVE, shopInput());
  await connectors.add(OLIVE, { assistant: "shop", server: "orders" }, connectorInput());
  const attached = () => live.find("shop")?.connectors.map(({ server }) => server);
  expect(attached()).toEqual(["orders"]);
  await write(putServer("restricted"));
  expect(attached()).toEqual([]);
  await write(share);
  expect(attached()).toEqual(["orders"]);
  expect(await sharing.allows(OLIVE, { kind: "mcp-server", id: "orders" }, "use")).toBe(true);
  await write({ do: "delete-children", kind: "share", parent: "mcp-server/orders" });
  expect(attached()).toEqual([]);

  const generation = pins.generation("orders");
  await write(putPin("refund"), putStatus("disconnected"));
  expect([...pins.of("orders").keys()].toSorted()).toEqual(["lookup", "refund"]);
  expect(pins.generation("orders")).toBeGreaterThan(generation);
  expect(statuses.of("orders").status).toBe("disconnected");
  await write(
    { do: "delete", kind: "mcp-server", id: "orders" },
    { do: "delete", kind: "server-status", id: "orders" },
    { do: "delete-children", kind: "server-tool", parent: "orders" },
  );
  expect(servers.get("orders")).toBeUndefined();
  expect(pins.of("orders").size).toBe(0);
  expect(statuses.of("orders").status).toBe("not_tested");
});

it("servers come before their tools, statuses and shares, and the assistants last", async () => {
  const { caches, documents, write } = await openCaches();
  const order: string[] = [];
  for (const [name, cache] of Object.entries(caches)) {
    const follow = cache.follow.bind(cache);
    cache.follow = async (changed) => {
      order.push(name);
      await follow(changed);
    };
  }
  followChanges(documents, caches);
  await write(share, putStatus("connected"), putPin("lookup"), putServer("everyone"));
  expect(order).toEqual(["servers", "pins", "statuses", "sharing", "live"]);
});

it("only what can end or begin what somebody may use costs a reading of the assistants", async () => {
  const { caches, documents, write, lists } = await openCaches();
  followChanges(documents, caches);
  const owner = (kind: "shared" | "customer"): DocumentChange =>
    ({ do: "replace", orCreate: true, kind: "connection", id: kind, parent: "orders", body: { owner: { kind } } }) as const;
  const session: DocumentChange = { do: "create", kind: "staff-session", id: "session", body: {} };
  const readings = async (...changes: readonly DocumentChange[]): Promise<number> => {
    lists.length = 0;
    await write(...changes);
    return lists.filter((kind) => kind === "assistant").length;
  };
  expect(await readings(putStatus("connected"))).toBe(0);
  expect(await readings(putPin("lookup"))).toBe(0);
  expect(await readings(owner("customer"), session)).toBe(0);
  expect(await readings(owner("shared"))).toBe(1);
  expect(await readings({ do: "delete", kind: "connection", id: "shared" })).toBe(1);
  expect(await readings(putServer("everyone"), putPerson("olive"), share)).toBe(1);
});
