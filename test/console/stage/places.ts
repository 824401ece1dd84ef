/** Every screen of the console, with the addresses at which it is looked at, and desks to look at: empty, with a few things, with many. */
import { assistants, httpTools, serverKey, servers, staff, statuses, tools, writeMany } from "../../support/many-documents.ts";
import { writeConversations } from "../../support/written-conversations.ts";
import { longStory, numbered, REFUND_RESULTS, REFUND_STORY } from "../trace/journal.ts";
import { VOICE_STORY, writeRecording } from "../trace/voice-journal.ts";
import { type Desk, restart, startDesk } from "./desk.ts";
import { makePots, startModel, startOrders } from "./peers.ts";

export interface Ids {
  readonly canned: string;
  readonly person: string;
  readonly group: string;
  readonly webhook: string;
  readonly published: string;
  readonly conversation: string;
  /** A conversation with a voice call, which was recorded. */
  readonly call: string;
}

const CONVERSATION = "conversation-0001";
const CALL = "conversation-0002";
/** Six steps each. */
const LONG_TURNS = 200;
const TABS = ["look", "tools", "devices", "identity", "voice", "versions", "health", "install"];
const STEPS = ["assistant", "server", "try", "site", "team"];

/** By the path that `console/shell/screens.ts` gives it. */
export const PLACES: Readonly<Record<string, (ids: Ids) => readonly string[]>> = {
  "/": () => ["/"],
  "/inbox": () => ["/inbox", "/inbox?view=person&priority=urgent", "/inbox?view=all&q=order"],
  "/first-run": () => STEPS.map((step) => `/first-run?step=${step}`),
  "/account": () => ["/account"],
  "/inbox/:id": ({ conversation, call }) => [
    ...["", "?step=9", "?step=8&tab=trace", "?step=7&tab=trace", "?tab=details"].map((rest) => `/inbox/${conversation}${rest}`),
    ...["", "?step=11&tab=trace"].map((rest) => `/inbox/${call}${rest}`),
  ],
  "/people": () => ["/people"],
  "/people/groups": () => ["/people/groups"],
  "/people/groups/:id": ({ group }) => [`/people/groups/${group}`],
  "/people/:id": ({ person }) => [`/people/${person}`],
  "/api-keys": () => ["/api-keys"],
  "/webhooks": () => ["/webhooks"],
  "/webhooks/:id": ({ webhook }) => [`/webhooks/${webhook}`],
  "/published-servers": () => ["/published-servers"],
  "/published-servers/:id": ({ published }) => [`/published-servers/${published}`],
  "/published-servers/:id/:tab": ({ published }) =>
    ["keys", "connect", "connect?client=vscode", "test", "log", "log?entry=1"].map((tab) => `/published-servers/${published}/${tab}`),
  "/activity": () => ["/activity", "/activity?outcome=failed"],
  "/usage": () => ["/usage", "/usage?period=own&from=2026-01-01&to=2026-01-07"],
  "/audit-log": () => ["/audit-log", "/audit-log?entry=1"],
  "/canned-replies": () => ["/canned-replies"],
  "/canned-replies/:id": ({ canned }) => [`/canned-replies/${canned}`],
  "/approvals": () => ["/approvals"],
  "/approvals/:tab": () => ["/approvals/unknown"],
  "/customers/:id": () => ["/customers/customer-1"],
  "/erasures": () => ["/erasures"],
  "/assistants": () => ["/assistants"],
  "/assistants/-new": () => ["/assistants/-new"],
  "/assistants/:key": () => ["/assistants/pots"],
  "/assistants/:key/:tab": () => [...TABS.map((tab) => `/assistants/pots/${tab}`), "/assistants/pots/versions?version=1"],
  "/assistants/:key/:tab/:server": () => ["/assistants/pots/tools/orders"],
  "/tools": () => ["/tools"],
  "/tools/mcp-servers": () => ["/tools/mcp-servers"],
  "/tools/mcp-servers/new": () => ["/tools/mcp-servers/new"],
  "/tools/import": () => ["/tools/import"],
  "/tools/mcp-servers/:key": () => ["/tools/mcp-servers/orders"],
  "/tools/mcp-servers/:key/tools": () => ["/tools/mcp-servers/orders/tools"],
  "/tools/mcp-servers/:key/share": () => ["/tools/mcp-servers/orders/share"],
  "/tools/mcp-servers/:key/tools/:tool": () => ["/tools/mcp-servers/orders/tools/refund_order"],
  "/tools/http-tools": () => ["/tools/http-tools"],
  "/tools/http-tools-share": () => ["/tools/http-tools-share"],
  "/tools/http-tools/new": () => ["/tools/http-tools/new"],
  "/tools/http-tools/:name": () => ["/tools/http-tools/order_status"],
};

export type State = "empty" | "few" | "many";

/** How much is "many". */
export const MANY = 20_000;

export async function startIn(state: State): Promise<{ readonly desk: Desk; readonly ids: Ids }> {
  const desk = await startDesk();
  if (state === "empty")
    return {
      desk,
      ids: {
        person: desk.admin.id,
        group: "not-there",
        webhook: "not-there",
        published: "not-there",
        conversation: "not-there",
        call: "not-there",
        canned: "not-there",
      },
    };
  const ids = await makeFew(desk);
  return { desk: await (state === "few" ? withFew(desk) : withMany(desk)), ids };
}

/** Things with names as people give them, short and long, some of which do not work. */
async function makeFew(desk: Desk): Promise<Ids> {
  const { api } = desk.admin;
  const [orders, baseUrl] = [await startOrders(), await startModel()];
  const model = { provider: "openai-compatible", model: "scripted", baseUrl };
  await makePots(desk, { model, greeting: "Hello. Ask me about pots, pans and what you have ordered.", starters: ["Where is my order?"] });
  const long = "Help for everybody who bought a very large kettle in the Donaudampfschifffahrtsgesellschaft";
  await makePots(desk, { key: "kettles", name: long.slice(0, 80) });
  await makePots(desk, { key: "open", name: "Open", allowedOrigins: ["*"] });
  await api("POST", "/mcp-servers", { key: "orders", name: "Orders", description: "Orders of the shop: where they are.", url: orders });
  await api("POST", "/mcp-servers/orders/test");
  await api("POST", "/mcp-servers", { key: "stock", name: "Stock of all our warehouses in Europe", url: "http://127.0.0.1:9/mcp" });
  await api("POST", "/assistants/pots/connectors", { server: "orders" });
  await api("PATCH", "/assistants/pots/draft", { prompt: "You sell pots and pans." }, await desk.admin.versionOf("/assistants/pots/draft"));
  await api("POST", "/http-tools", {
    name: "order_status",
    title: "Status of an order",
    description: "Says where an order is, and when it comes.",
    method: "GET",
    url: "https://shop.example/api/orders/{order}",
    parameters: { type: "object", properties: { order: { type: "string" } }, required: ["order"] },
  });
  await desk.person("Margaret", ["owner", "support"]);
  const { person } = await api<{ person: { id: string } }>("POST", "/people", {
    name: "Friederike von und zu Hohenlohe-Langenburg",
    email: "friederike.hohenlohe-langenburg@customers.desk.example",
    roles: ["owner", "support"],
  });
  const { id: group } = await api<{ id: string }>("POST", "/groups", {
    name: "Order desk",
    description: "Everybody who answers for orders",
  });
  await api("PUT", `/groups/${group}/members/${person.id}`, {});
  const shares = [{ grantee: { kind: "group", id: group }, level: "use" }];
  await api("PUT", "/mcp-servers/orders/shares", { shares }, await desk.admin.versionOf("/mcp-servers/orders/shares"));
  await api("POST", "/api-keys", { name: "Order sync", roles: ["owner"] });
  const { webhook } = await api<{ webhook: { id: string } }>("POST", "/webhooks", {
    name: "Pager of the Donaudampfschifffahrtsgesellschaft's night shift",
    url: "http://127.0.0.1:9/hooks/a-very-long-path-that-has-a-token-in-it-as-many-of-them-do?token=0123456789",
    events: ["approval.requested", "person.asked", "transcript"],
  });
  await api("POST", `/webhooks/${webhook.id}/test`);
  const published = await publish(desk);
  await api("POST", "/canned-replies", { name: "Where is my parcel", text: "Hello {{customer.name|there}}, your parcel is on its way." });
  const { id: canned } = await api<{ id: string }>("POST", "/canned-replies", { name: "Thank you", text: "Thank you, {{me.name}}." });
  return { person: person.id, group, webhook: webhook.id, published, conversation: CONVERSATION, call: CALL, canned };
}

/** A published server with tools that are seen and that are not, which was tried by hand. */
async function publish({ admin: { api } }: Desk): Promise<string> {
  const { id } = await api<{ id: string }>("POST", "/published-servers", {
    name: "Tools of the Donaudampfschifffahrtsgesellschaft for everybody's assistants",
    tools: [
      { source: "http", name: "order_status" },
      { source: "mcp", server: "orders", name: "refund_order", permission: "needs_approval" },
      { source: "mcp", server: "stock", name: "count_stock_of_all_our_warehouses_in_europe" },
      { source: "assistant", server: "pots", name: "ask_assistant", active: false },
    ],
  });
  await api("POST", `/published-servers/${id}/keys`, { name: "Claude Code of everybody who answers for orders" });
  await api("POST", `/published-servers/${id}/test`, { tool: "order_status", arguments: {} });
  return id;
}

/** With a conversation in which everything happened that a trace shows, and one with a call. */
async function withFew(desk: Desk): Promise<Desk> {
  return restart(desk, async (settings) => {
    await writeConversations(settings, [
      { id: CONVERSATION, assistant: "pots", events: numbered(REFUND_STORY), results: REFUND_RESULTS },
      { id: CALL, assistant: "pots", events: numbered(VOICE_STORY) },
    ]);
    await writeRecording(settings, CALL);
  });
}

async function withMany(desk: Desk): Promise<Desk> {
  return restart(desk, async (settings) => {
    await writeConversations(settings, [{ id: CONVERSATION, assistant: "pots", events: numbered(longStory(LONG_TURNS)) }]);
    await writeMany(
      settings,
      (box) => [
        ...assistants(MANY, "You help the customers of this shop.", (number) => (number === 0 ? [serverKey(0)] : [])),
        ...servers(MANY, () => 0, box),
        ...statuses(MANY, Date.now()),
        ...tools("orders", MANY),
        ...staff({ people: MANY, groups: MANY, keys: MANY }),
        ...httpTools(MANY),
      ],
      MANY,
    );
  });
}
