import { afterEach, describe, expect, it } from "vitest";
import type { JournalEvent } from "../../protocol/events.ts";
import { parseConfiguration } from "../../server/configuration/read-configuration.ts";
import { type GeneralAccess, type Share } from "../../server/setup/sharing/sharing.ts";
import { CONVERSATION, CUSTOMER, type Harness, openHarness } from "../support/desk-harness.ts";
import { callTools, say, textResult } from "../support/desk-scripts.ts";
import { ADA, connectorInput, OLIVE, openRegistry, OTIS, type Registry, shopInput } from "./assistants-harness.ts";

const ORDERS = { assistant: "shop", server: "orders" };
const SERVER = { kind: "mcp-server", id: "orders" } as const;
const OLIVE_USES: readonly Share[] = [{ grantee: { kind: "person", id: "olive" }, level: "use" }];
const SHOPS_USE: readonly Share[] = [{ grantee: { kind: "group", id: "shops" }, level: "use" }];

async function openShop(shares = OLIVE_USES): Promise<Registry> {
  const registry = await openRegistry();
  await registry.assistants.create(OLIVE, shopInput());
  await registry.sharing.set(SERVER, shares, ADA);
  await registry.connectors.add(OLIVE, ORDERS, connectorInput({ permissions: { "*": "always_allow" } }));
  return registry;
}

const setAccess = (registry: Registry, access: GeneralAccess): void => void (registry.servers.get("orders")!.access = access);
const serversOf = (registry: Registry): readonly string[] => registry.live.find("shop")?.connectors.map(({ server }) => server) ?? [];

describe("what conversations see of assistants", () => {
  it("is the file's at once, and all after the first reading", async () => {
    const { assistants } = parseConfiguration(
      JSON.stringify({
        assistants: { desk: { name: "Desk", prompt: "", model: shopInput().model, allowedOrigins: ["https://desk.example"] } },
      }),
      {},
    );
    const registry = await openRegistry(assistants);
    expect(registry.live.all().map(({ key }) => key)).toEqual(["desk"]);
    await registry.assistants.create(ADA, shopInput());
    expect(registry.live.origins().toSorted()).toEqual(["https://desk.example", "https://shop.example"]);
    await registry.assistants.update(ADA, "shop", { allowedOrigins: ["https://new.example"] }, 1);
    expect(registry.live.origins()).not.toContain("https://shop.example");
  });

  it("knows which servers any of them has, also after one was taken away", async () => {
    const registry = await openShop();
    expect([registry.live.hasServer("orders"), registry.live.hasServer("other")]).toEqual([true, false]);
    await registry.connectors.remove(OLIVE, ORDERS, 1);
    expect(registry.live.hasServer("orders")).toBe(false);
  });

  it("is exactly what the file would have made of the same words", async () => {
    const registry = await openRegistry();
    const { key, ...section } = shopInput({ greeting: "Hello", careful: true });
    await registry.assistants.create(ADA, { key, ...section });
    await registry.connectors.add(ADA, ORDERS, connectorInput({ permissions: { "*": "needs_approval", lookup: "always_allow" } }));
    const connectors = { orders: { permissions: { "*": "needs_approval", lookup: "always_allow" } } };
    const file = { assistants: { shop: { ...section, connectors } }, mcpServers: { orders: { url: "https://orders.example/mcp" } } };
    expect(registry.live.find("shop")).toEqual({ ...parseConfiguration(JSON.stringify(file), {}).assistants[0], version: 1 });
  });

  const ends: readonly [string, readonly Share[], (registry: Registry) => Promise<unknown>, (registry: Registry) => Promise<unknown>][] = [
    ["its share", OLIVE_USES, ({ sharing }) => sharing.set(SERVER, [], ADA), ({ sharing }) => sharing.set(SERVER, OLIVE_USES, ADA)],
    ["the person's account", OLIVE_USES, ({ person }) => person(OLIVE, { disabled: true }), ({ person }) => person(OLIVE)],
    ["the person's place in the group", SHOPS_USE, ({ person }) => person(OLIVE, { groups: [] }), ({ person }) => person(OLIVE)],
    [
      "general access",
      [],
      async (registry) => (setAccess(registry, "restricted"), registry.live.reload()),
      async (registry) => (setAccess(registry, "everyone"), registry.live.reload()),
    ],
    [
      "the server",
      OLIVE_USES,
      async (registry) => (registry.servers.delete("orders"), registry.live.reload()),
      async (registry) => (
        registry.servers.set("orders", { name: "Orders", auth: "none", access: "restricted", tools: [] }),
        registry.live.reload()
      ),
    ],
  ];

  it.each(ends)("loses a connector at once with %s, and has it again with it", async (what, shares, end, begin) => {
    const registry = await openRegistry();
    if (what === "general access") setAccess(registry, "everyone");
    await registry.assistants.create(OLIVE, shopInput());
    await registry.sharing.set(SERVER, shares, ADA);
    await registry.connectors.add(OLIVE, ORDERS, connectorInput());
    expect(serversOf(registry)).toEqual(["orders"]);
    await end(registry);
    expect(serversOf(registry)).toEqual([]);
    expect(await registry.connectors.list(ADA, "shop", { limit: 200 })).toMatchObject([{ suspended: { message: expect.any(String) } }]);
    await begin(registry);
    expect(serversOf(registry)).toEqual(["orders"]);
  });

  it("does not lose what somebody else added", async () => {
    const registry = await openShop();
    await registry.person(OTIS, { disabled: true });
    expect(serversOf(registry)).toEqual(["orders"]);
  });

  it("sees every change that was made before it was asked to look, however many come at once", async () => {
    const registry = await openShop();
    await Promise.all([
      registry.sharing.set(SERVER, [], ADA),
      registry.assistants.update(OLIVE, "shop", { name: "Renamed" }, 1),
      registry.live.reload(),
      registry.live.reload(),
    ]);
    expect(registry.live.find("shop")).toMatchObject({ name: "Renamed", connectors: [] });
  });

  it("stays as it was when the database cannot be read, and says so to whoever asked", async () => {
    const registry = await openShop();
    const { list } = registry.documents;
    registry.documents.list = () => Promise.reject(new Error("the disk is gone"));
    await expect(registry.live.reload()).rejects.toThrow("the disk is gone");
    expect(serversOf(registry)).toEqual(["orders"]);
    registry.documents.list = list;
    await registry.live.reload();
    expect(serversOf(registry)).toEqual(["orders"]);
  });
});

describe("a conversation that runs", () => {
  let harness: Harness | undefined;
  afterEach(async () => harness?.close());

  /** The model looks up twice; between the two calls `meanwhile` happens. */
  async function lookUpTwice(
    registry: Registry,
    meanwhile: () => Promise<unknown>,
  ): Promise<{ events: readonly JournalEvent[]; calls: number }> {
    let calls = 0;
    harness = await openHarness({
      assistants: registry.live,
      script: (_request, step) =>
        step < 3 ? callTools({ name: "orders__lookup", arguments: { number: step }, id: `step-${step}` }) : say("Done."),
      tools: [
        {
          tool: "lookup",
          run: async () => {
            calls += 1;
            if (calls === 1) await meanwhile();
            return textResult("found");
          },
        },
      ],
    });
    const events = await harness.ask("Where are my orders?");
    return { events, calls };
  }

  const outcomes = (events: readonly JournalEvent[]): readonly unknown[] =>
    events.flatMap((event) => (event.type === "tool-call-ended" ? [event.outcome] : []));

  const ends: readonly [string, (registry: Registry) => Promise<unknown>][] = [
    ["the share ends", ({ sharing }) => sharing.set(SERVER, [], ADA)],
    ["the person is disabled", ({ person }) => person(OLIVE, { disabled: true })],
    ["the tool is disabled", ({ connectors }) => connectors.update(ADA, ORDERS, { permissions: { lookup: "disabled" } }, 1)],
    ["the connector is removed", ({ connectors }) => connectors.remove(OLIVE, ORDERS, 1)],
  ];

  it.each(ends)("may use a tool until %s, and not at its next call", async (_what, end) => {
    const registry = await openShop();
    const { events, calls } = await lookUpTwice(registry, () => end(registry));
    expect(calls).toBe(1);
    expect(outcomes(events)).toEqual(["ok", "refused"]);
  });

  it("goes on when something else changes", async () => {
    const registry = await openShop();
    const { events, calls } = await lookUpTwice(registry, () => registry.person(OTIS, { disabled: true }));
    expect(calls).toBe(2);
    expect(outcomes(events)).toEqual(["ok", "ok"]);
  });

  it("does not run what was approved before the share ended", async () => {
    const registry = await openShop();
    await registry.connectors.update(OLIVE, ORDERS, { permissions: { "*": "needs_approval" } }, 1);
    let calls = 0;
    const opened = await openHarness({
      assistants: registry.live,
      script: (_request, step) => (step === 1 ? callTools({ name: "orders__refund", arguments: {} }) : say("Done.")),
      tools: [{ tool: "refund", run: () => ((calls += 1), textResult("refunded")) }],
    });
    harness = opened;
    await opened.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-one", text: "Refund me" });
    await opened.room.until((heard) => heard.journal.some(({ type }) => type === "approval-requested"));
    await registry.sharing.set(SERVER, [], ADA);
    const asked = opened.room.journal.find((event) => event.type === "approval-requested");
    if (asked?.type !== "approval-requested") throw new Error("nothing was asked");
    await opened.desk.decide(CUSTOMER, "approval-decide", {
      conversationId: CONVERSATION,
      approvalId: asked.approvalId,
      argumentsHash: asked.argumentsHash,
      decision: "approved",
      scope: "once",
    });
    await opened.turnsEnded(1);
    expect(calls).toBe(0);
    expect(outcomes(await opened.journal())).toEqual(["refused"]);
  });
});
