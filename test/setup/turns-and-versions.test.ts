import { describe, expect, it, onTestFinished } from "vitest";
import type { JournalEvent } from "../../protocol/events.ts";
import { CONVERSATION, CUSTOMER, type Harness, openHarness } from "../support/desk-harness.ts";
import { callTools, say, textResult } from "../support/desk-scripts.ts";
import { ADA, API_KEY, connectorInput, OLIVE, openRegistry, type Registry, SAM, shopInput } from "./assistants-harness.ts";

const ORDERS = { assistant: "shop", server: "orders" };
const PREVIEW_MS = 60 * 60_000;

async function openShop(permission = "always_allow"): Promise<Registry> {
  const registry = await openRegistry();
  await registry.assistants.create(ADA, shopInput({ prompt: "Version one." }));
  await registry.connectors.add(ADA, ORDERS, connectorInput({ permissions: { "*": permission } }));
  return registry;
}

/** The model looks something up, and then says something. `meanwhile` happens during the call. */
async function openDesk(registry: Registry, meanwhile: () => Promise<unknown> = async () => {}): Promise<Harness> {
  const harness = await openHarness({
    assistants: registry.live,
    script: ({ messages }) =>
      messages.at(-1)?.role === "tool" ? say("Done.") : callTools({ name: "orders__lookup", arguments: {}, id: `call-${messages.length}` }),
    tools: [{ tool: "lookup", run: async () => (await meanwhile(), textResult("found")) }],
  });
  onTestFinished(() => harness.close());
  return harness;
}

const prompts = ({ requests }: Harness): readonly string[] => requests.map(({ messages }) => messages[0]!.text);
const began = (events: readonly JournalEvent[]) => events.filter((event) => event.type === "turn-started");

async function draft({ drafts }: Registry, patch: Record<string, unknown>): Promise<void> {
  const { version } = await drafts.get(ADA, "shop");
  await drafts.update(ADA, "shop", patch, version);
}

async function publish({ drafts }: Registry): Promise<void> {
  const { version } = await drafts.get(ADA, "shop");
  await drafts.publish(ADA, "shop", undefined, version);
}

async function approve({ desk, room }: Harness, customer = CUSTOMER): Promise<void> {
  await room.until(({ journal }) => journal.some(({ type }) => type === "approval-requested"));
  const asked = room.journal.findLast((event) => event.type === "approval-requested");
  if (asked?.type !== "approval-requested") throw new Error("nothing was asked");
  const { approvalId, argumentsHash } = asked;
  const decision = { conversationId: CONVERSATION, approvalId, argumentsHash, decision: "approved", scope: "once" } as const;
  await desk.decide(customer, "approval-decide", decision);
}

describe("a turn", () => {
  it("keeps the settings that it began with, and says which; the next one has the new ones", async () => {
    const registry = await openShop();
    let published = false;
    const harness = await openDesk(registry, async () => {
      if (published) return;
      published = true;
      await draft(registry, { prompt: "Version two.", maxSteps: 1 });
      await publish(registry);
    });
    await harness.ask("One");
    expect(prompts(harness)).toEqual(["Version one.", "Version one."]);
    const events = await harness.ask("Two");
    expect(prompts(harness).at(-1)).toBe("Version two.");
    expect(began(events)).toMatchObject([{ version: 1 }, { version: 2 }]);
  });

  it("keeps them while it waits for a person, and after a restart", async () => {
    const registry = await openShop("needs_approval");
    const harness = await openDesk(registry);
    await harness.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-one", text: "One" });
    await harness.room.until(({ journal }) => journal.some(({ type }) => type === "approval-requested"));
    await registry.assistants.update(ADA, "shop", { prompt: "Version two." }, 1);
    const [asked] = harness.room.journal.filter((event) => event.type === "approval-requested");
    const again = await harness.restart();
    const { approvalId = "", argumentsHash = "" } = asked?.type === "approval-requested" ? asked : {};
    const decision = { conversationId: CONVERSATION, approvalId, argumentsHash, decision: "approved", scope: "once" } as const;
    await again.desk.decide(CUSTOMER, "approval-decide", decision);
    await again.turnsEnded(1);
    expect(prompts(again)).toEqual(["Version one."]);
  });

  it("may not use what was taken away from its assistant meanwhile, whatever its version allowed", async () => {
    const registry = await openShop("needs_approval");
    const harness = await openDesk(registry);
    await harness.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-one", text: "One" });
    await harness.room.until(({ journal }) => journal.some(({ type }) => type === "approval-requested"));
    await registry.assistants.update(ADA, "shop", { prompt: "Version two." }, 1);
    await registry.connectors.update(ADA, ORDERS, { permissions: { "*": "disabled" } }, 1);
    await approve(harness);
    await harness.turnsEnded(1);
    const ended = (await harness.journal()).find((event) => event.type === "tool-call-ended");
    expect(ended).toMatchObject({ outcome: "refused", refusal: "disabled" });
    expect(prompts(harness)).toEqual(["Version one.", "Version one."]);
  });

  it("may not use it at its next call either, while it keeps its settings", async () => {
    const registry = await openShop();
    let calls = 0;
    const harness = await openHarness({
      assistants: registry.live,
      script: (_request, step) => (step < 3 ? callTools({ name: "orders__lookup", arguments: {}, id: `call-${step}` }) : say("Done.")),
      tools: [
        {
          tool: "lookup",
          run: async () => {
            calls += 1;
            await registry.assistants.update(ADA, "shop", { prompt: "Version two." }, 1);
            await registry.connectors.update(ADA, ORDERS, { permissions: { "*": "disabled" } }, 1);
            return textResult("found");
          },
        },
      ],
    });
    onTestFinished(() => harness.close());
    const events = await harness.ask("One");
    expect(calls).toBe(1);
    expect(events.flatMap((event) => (event.type === "tool-call-ended" ? [event.outcome] : []))).toEqual(["ok", "refused"]);
    expect(new Set(prompts(harness))).toEqual(new Set(["Version one."]));
  });

  it("uses the key of now at the same address, and the present model where its own cannot be reached any more", async () => {
    const registry = await openShop();
    const place = { version: 1 };
    expect(await registry.live.at("shop", { version: 7 })).toBeUndefined();
    await registry.assistants.update(ADA, "shop", { prompt: "Two.", model: { model: "larger", apiKey: "sk-renewed" } }, 1);
    expect(await registry.live.at("shop", place)).toMatchObject({ prompt: "Version one.", version: 1, model: { model: "scripted" } });
    await registry.assistants.update(ADA, "shop", { model: { baseUrl: "https://elsewhere.example/v1", apiKey: "sk-elsewhere" } }, 2);
    const moved = await registry.live.at("shop", place);
    expect(moved).toMatchObject({ prompt: "Version one.", model: registry.live.find("shop")!.model });
    expect(JSON.stringify(moved)).not.toContain(API_KEY);
  });

  it("of a customer is never answered by a draft, with a preview open or without", async () => {
    const registry = await openShop();
    const harness = await openDesk(registry);
    await draft(registry, { prompt: "Draft." });
    await harness.ask("One");
    await registry.previews.open(ADA, "shop");
    await harness.ask("Two");
    expect(new Set(prompts(harness))).toEqual(new Set(["Version one."]));
    expect(began(await harness.journal())).toEqual([
      expect.not.objectContaining({ draft: expect.anything() }),
      expect.not.objectContaining({ draft: expect.anything() }),
    ]);
  });
});

describe("a preview", () => {
  it("talks with the draft of the moment that each turn begins, or with what is published", async () => {
    const registry = await openShop();
    let changes = 0;
    const harness = await openDesk(registry, async () => draft(registry, { prompt: `Draft ${(changes += 1)}.` }));
    const { name } = await registry.previews.open(ADA, "shop");
    const tester = { ...CUSTOMER, assistant: name };
    const ask = async (messageId: string, turns: number): Promise<void> => {
      await harness.desk.send(tester, { conversationId: CONVERSATION, messageId, text: "Hello" });
      await harness.turnsEnded(turns);
    };
    await ask("message-one", 1);
    await ask("message-two", 2);
    await ask("message-three", 3);
    expect(prompts(harness)).toEqual(["Version one.", "Version one.", "Draft 1.", "Draft 1.", "Draft 2.", "Draft 2."]);
    const [first, second, third] = began(await harness.journal());
    expect(first).toMatchObject({ version: 1 });
    expect(first).not.toHaveProperty("draft");
    expect(second).toMatchObject({ version: 1, draft: expect.any(String) });
    expect(third).not.toMatchObject({ draft: (second as { draft: string }).draft });
    expect(await harness.store.find(CONVERSATION)).toMatchObject({ assistant: "shop", preview: name });
    await expect(harness.desk.page(CUSTOMER, { conversationId: CONVERSATION, before: 9 })).rejects.toMatchObject({
      code: "unknown-conversation",
    });
  });

  it("goes on with the draft that it began with when a person has approved", async () => {
    const registry = await openShop("needs_approval");
    const harness = await openDesk(registry);
    await draft(registry, { prompt: "Draft 1." });
    const { name } = await registry.previews.open(ADA, "shop");
    const tester = { ...CUSTOMER, assistant: name };
    await harness.desk.send(tester, { conversationId: CONVERSATION, messageId: "message-one", text: "Hello" });
    await harness.room.until(({ journal }) => journal.some(({ type }) => type === "approval-requested"));
    await draft(registry, { prompt: "Draft 2." });
    await approve(harness, tester);
    await harness.turnsEnded(1);
    expect(prompts(harness)).toEqual(["Draft 1.", "Draft 1."]);
  });

  it("is this person's for an hour, and again for one, and over then", async () => {
    const registry = await openShop();
    const { name, expiresAt } = await registry.previews.open(ADA, "shop");
    expect(name).toMatch(/^preview-[0-9a-f]{32}$/);
    expect(registry.live.find(name)).toMatchObject({ key: "shop", preview: true, allowedOrigins: [] });
    registry.move(PREVIEW_MS / 2);
    const renewed = await registry.previews.open(ADA, "shop");
    expect(renewed.name).toBe(name);
    expect(renewed.expiresAt).toBeGreaterThan(expiresAt);
    registry.move(PREVIEW_MS - 1_000);
    expect(registry.live.find(name)).toBeDefined();
    registry.move(1_000);
    expect(registry.live.find(name)).toBeUndefined();
    expect((await registry.previews.open(ADA, "shop")).name).not.toBe(name);
    expect(registry.live.all().map(({ key }) => key)).toEqual(["shop"]);
  });

  it.each<[string, (registry: Registry) => Promise<unknown>]>([
    ["the account", ({ person }) => person(OLIVE, { disabled: true })],
    ["the role", ({ person }) => person(OLIVE, { roles: ["support"] })],
    ["the assistant", ({ assistants }) => assistants.update(ADA, "shop", { owner: "otis" }, 1)],
    ["the assistant itself", ({ assistants }) => assistants.remove(ADA, "shop", 1)],
  ])("ends at once for whoever opened it when they lose %s", async (_what, end) => {
    const registry = await openRegistry();
    await registry.assistants.create(OLIVE, shopInput());
    const { name } = await registry.previews.open(OLIVE, "shop");
    expect(registry.live.find(name)).toBeDefined();
    await end(registry);
    expect(registry.live.find(name)).toBeUndefined();
  });

  it("is for whoever may change the assistant, and is in the audit log once", async () => {
    const registry = await openShop();
    await expect(registry.previews.open(SAM, "shop")).rejects.toMatchObject({ code: "forbidden" });
    await expect(registry.previews.open(OLIVE, "shop")).rejects.toMatchObject({ code: "not-found" });
    await registry.previews.open(ADA, "shop");
    await registry.previews.open(ADA, "shop");
    expect(await registry.documents.listAudit({ limit: 9, filter: { action: "assistant.preview" } })).toHaveLength(1);
  });

  it("has the connectors of the assistant, and what they may do now", async () => {
    const registry = await openShop();
    const { name } = await registry.previews.open(ADA, "shop");
    expect(registry.live.find(name)?.connectors).toEqual(registry.live.find("shop")?.connectors);
    await registry.connectors.remove(ADA, ORDERS, 1);
    expect(registry.live.find(name)?.connectors).toEqual([]);
  });
});
