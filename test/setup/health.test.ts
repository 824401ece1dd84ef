import { describe, expect, test } from "vitest";
import type { ModelOutcome } from "../../server/conversation/ports/model-test.ts";
import type { UsableServer, UsableTool } from "../../server/setup/assistants/assistant-ports.ts";
import { AssistantHealth } from "../../server/setup/health/assistant-health.ts";
import { Sightings } from "../../server/sightings/sightings.ts";
import { assistant as deskAssistant } from "../support/desk-assistant.ts";
import { ADA, connectorInput, OLIVE, openRegistry, OTIS, SAM, shopInput, tool } from "./assistants-harness.ts";

const DAY = 24 * 60 * 60_000;
const SHOP = "https://shop.example";

async function opened(options: { declared?: Parameters<typeof openRegistry>[0]; hasApprover?: boolean } = {}) {
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
    assistants: registry.assistants,
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
async function shop(change: object = {}, tools: UsableTool[] = [tool("lookup", { readOnly: true })], permissions: object = {}) {
  const all = await opened();
  all.servers.get("orders")!.tools = tools;
  all.servers.get("orders")!.access = "everyone";
  await all.assistants.create(OLIVE, shopInput(change));
  await all.connectors.add(OLIVE, { assistant: "shop", server: "orders" }, connectorInput({ permissions }));
  all.sightings.seen("shop", visit(SHOP));
  return all;
}

const visit = (page: string) => ({ page, network: "192.0.2.1" });

test("where all is well, only a hint is left: that nothing ends conversations", async () => {
  const { codes } = await shop();
  expect(await codes()).toEqual(["hint kept-for-good"]);
});

test("the worst comes first", async () => {
  const { codes, statuses, answered } = await shop({ allowedOrigins: ["*"] });
  statuses.set("orders", { status: "disconnected", reason: "server-unreachable" as never, detail: "Nobody answers.", since: 5 });
  answered(undefined);
  expect(await codes()).toEqual(["broken server-down", "risky origin-any", "hint model-not-tried", "hint kept-for-good"]);
});

describe("the model", () => {
  test("has no key", async () => {
    const { codes, documents } = await shop({ model: { provider: "anthropic", model: "claude", apiKey: "sk-ant" } });
    expect(await codes()).toEqual(["hint kept-for-good"]);
    // Sealed with an encryption key that is lost.
    const { body } = (await documents.get("assistant", "shop", 0))!;
    const lost = JSON.parse(JSON.stringify(body).replace(/"apiKey":"[^"]*"/, '"apiKey":"lost"')) as unknown;
    await documents.write([{ do: "replace", kind: "assistant", id: "shop", body: lost }], { at: 9 });
    expect(await codes()).toContain("broken model-key-missing");
  });

  test.each([
    ["misconfigured", "broken model-refused"],
    ["unreachable", "broken model-unreachable"],
    ["rate-limited", "risky model-busy"],
    ["overloaded", "risky model-busy"],
    ["broken", "risky model-breaks-off"],
  ] as const)("failed the last time: %s", async (kind, code) => {
    const { codes, find, answered } = await shop();
    answered({ at: 77, fault: { kind, cause: "401: no such key" } });
    expect(await codes()).toContain(code);
    expect(await find(code.split(" ")[1]!)).toMatchObject({
      detail: "openai-compatible/scripted: 401: no such key",
      since: 77,
      link: { kind: "model", assistant: "shop" },
    });
    answered({ at: 78 });
    expect(await codes()).toEqual(["hint kept-for-good"]);
  });

  test("cannot use tools, or its provider refuses some of this assistant's", async () => {
    const { codes, find, answered, leftOut } = await shop();
    answered({ at: 5, withoutTools: true });
    leftOut.push({ tool: "orders__refund", reason: "Schema too deep." }, { tool: "other__tool", reason: "No." });
    expect(await codes()).toEqual(["risky model-without-tools", "risky tools-refused-by-model", "hint kept-for-good"]);
    expect(await find("tools-refused-by-model")).toMatchObject({
      title: "The model's provider refuses 1 tool",
      link: { tools: ["orders__refund"] },
    });
  });
});

describe("a server", () => {
  test("is down, with the reason and since when", async () => {
    const { statuses, find } = await shop();
    statuses.set("orders", { status: "disconnected", detail: "Nobody answers at orders.example.", since: 5 });
    expect(await find("server-down")).toEqual({
      code: "server-down",
      severity: "broken",
      title: "Orders cannot be used",
      detail: "Nobody answers at orders.example.",
      since: 5,
      link: { kind: "server", server: "orders" },
    });
  });

  test("is suspended, or gone", async () => {
    const { servers, codes, find } = await shop();
    servers.get("orders")!.access = "restricted";
    expect(await find("connector-suspended")).toMatchObject({
      severity: "broken",
      detail: "The MCP server orders is not shared with Olive.",
      link: { kind: "connector", assistant: "shop", server: "orders" },
    });
    servers.delete("orders");
    expect(await codes()).toEqual(["broken connector-suspended", "hint kept-for-good"]);
  });

  test("has tools that changed, and new ones", async () => {
    const { find } = await shop({}, [tool("a", { state: "changed" }), tool("b", { state: "new" }), tool("c", { state: "proposed" })]);
    expect(await find("tools-changed")).toMatchObject({ severity: "risky", link: { kind: "server", server: "orders", tools: ["a"] } });
    expect(await find("tools-new")).toMatchObject({
      severity: "hint",
      title: "New, and looked at by nobody: 2 tools of Orders",
      link: { tools: ["b", "c"] },
    });
  });

  test("has tools that change something and never ask: only those, and not while they ask anyway", async () => {
    const tools = [
      tool("asks"),
      tool("off"),
      tool("reads", { readOnly: true }),
      tool("says-both", { readOnly: true, destructive: true }),
      tool("writes"),
      tool("new", { state: "new" }),
    ];
    const permissions = { "*": "always_allow", asks: "needs_approval", off: "disabled" };
    const { find } = await shop({}, tools, permissions);
    expect(await find("tools-unasked")).toMatchObject({
      severity: "risky",
      title: "Always allowed, and may change something: 2 tools of Orders",
      link: { kind: "connector", assistant: "shop", server: "orders", tools: ["says-both", "writes"] },
    });
  });

  test("has tools that wait for staff while nobody may decide", async () => {
    const permissions = {
      refund: { permission: "needs_approval", approver: "staff" },
      cancel: { permission: "needs_approval", approver: "either" },
      allowed: { permission: "always_allow", approver: "staff" },
      off: { permission: "disabled", approver: "staff" },
    };
    const tools = ["allowed", "cancel", "off", "refund"].map((name) => tool(name, { readOnly: true }));
    const { codes, find, onDuty } = await shop({}, tools, permissions);
    expect(await codes()).toEqual(["hint kept-for-good"]);
    onDuty(false);
    expect(await codes()).toEqual(["broken nobody-decides", "risky only-customers-decide", "hint kept-for-good"]);
    expect((await find("nobody-decides"))?.link.tools).toEqual(["refund"]);
    expect((await find("only-customers-decide"))?.link.tools).toEqual(["cancel"]);
  });
});

describe("pages", () => {
  test("that may use it are any, without https, or a whole domain; localhost is nobody's risk", async () => {
    const { assistants, find, codes } = await shop();
    const allowedOrigins = ["*", "http://shop.example", "http://localhost:3000", "http://127.0.0.1:81", "https://*.shop.example"];
    await assistants.update(ADA, "shop", { allowedOrigins }, undefined);
    expect((await find("origin-http"))?.link.origins).toEqual(["http://shop.example"]);
    expect((await find("origin-wildcard"))?.link.origins).toEqual(["https://*.shop.example"]);
    expect(await codes()).toEqual(["risky origin-any", "risky origin-http", "hint origin-wildcard", "hint kept-for-good"]);
  });

  test("never came, or not lately; a preview on this server is no page", async () => {
    const { assistants, sightings, codes, find, wait } = await opened();
    await assistants.create(OLIVE, shopInput());
    sightings.seen("shop", visit("https://desk.example"));
    expect(await codes()).toEqual(["hint never-seen", "hint kept-for-good"]);
    sightings.seen("shop", visit(SHOP));
    expect(await codes()).toEqual(["hint kept-for-good"]);
    wait(8 * DAY);
    expect(await find("not-seen-lately")).toMatchObject({ title: "No page has used it for 8 days", since: expect.any(Number) });
  });

  test("were turned away: for their origin, for the key, before they said anything; each with what to do", async () => {
    const { health, sightings, codes, find } = await shop();
    sightings.refused("shop", visit("https://www.shop.example"));
    sightings.refusedByAll(visit("https://old.shop.example"));
    sightings.askedForUnknown("shpo", visit(SHOP));
    expect(await codes()).toEqual(["risky pages-refused", "risky pages-with-wrong-key", "hint kept-for-good"]);
    const view = await health.sightings(OLIVE, "shop");
    expect(view.refused).toEqual([
      expect.objectContaining({
        origin: SHOP,
        reason: "unknown-assistant",
        asked: "shpo",
        certain: true,
        detail: 'The page asks for the assistant "shpo", which does not exist. Its script tag probably means data-assistant="shop".',
      }),
      expect.objectContaining({ origin: "https://old.shop.example", reason: "origin-refused", certain: false }),
      expect.objectContaining({
        origin: "https://www.shop.example",
        reason: "origin-refused",
        certain: true,
        detail: 'Add "https://www.shop.example" to allowedOrigins of the assistant.',
        times: 1,
      }),
    ]);
    expect((await find("pages-refused"))?.link.origins).toEqual(["https://old.shop.example", "https://www.shop.example"]);
  });

  test("that would be let in by now are not called refused", async () => {
    const { assistants, health, sightings } = await shop();
    sightings.refused("shop", visit("https://www.shop.example"));
    sightings.askedForUnknown("second", visit(SHOP));
    await assistants.update(ADA, "shop", { allowedOrigins: [SHOP, "https://www.shop.example"] }, undefined);
    await assistants.create(OLIVE, shopInput({ key: "second" }));
    expect((await health.sightings(OLIVE, "shop")).refused).toEqual([]);
  });

  test("load the script and open no chat", async () => {
    const { health, sightings, find } = await shop();
    sightings.scriptLoaded(visit("https://blog.shop.example/a?b"));
    const [page] = (await health.sightings(OLIVE, "shop")).scriptOnly;
    expect(page).toMatchObject({ origin: "https://blog.shop.example" });
    expect(page?.detail).toContain("https://desk.example and wss://desk.example in connect-src");
    expect((await find("script-only"))?.severity).toBe("hint");
    sightings.refusedByAll(visit("https://blog.shop.example"));
    expect((await health.sightings(OLIVE, "shop")).scriptOnly).toEqual([]);
  });

  test("of strangers are shown to admins, and to an owner who waits for a first page; never to another owner's shop that has pages", async () => {
    const { assistants, health, sightings } = await shop();
    await assistants.create(OTIS, shopInput({ key: "otis", allowedOrigins: ["https://otis.example"] }));
    sightings.refusedByAll(visit("https://client-of-otis.example"));
    sightings.refusedByAll(visit("http://localhost:3000"));
    sightings.askedForUnknown("oits", visit("https://client-of-otis.example"));
    const origins = async (staff: typeof ADA, key: string) =>
      (await health.sightings(staff, key)).refused.map(({ origin, asked }) => asked ?? origin).toSorted();
    expect(await origins(OLIVE, "shop")).toEqual(["http://localhost:3000"]);
    expect(await origins(ADA, "shop")).toEqual(["http://localhost:3000", "https://client-of-otis.example", "oits"]);
    expect(await origins(OTIS, "otis")).toEqual(["http://localhost:3000", "https://client-of-otis.example", "oits"]);
  });
});

test("admins and the owner see how an assistant is, nobody else; the file's are the admins'", async () => {
  const { assistants, health } = await opened({ declared: [deskAssistant({ key: "declared" })] });
  await assistants.create(OLIVE, shopInput());
  for (const ask of [health.of.bind(health), health.sightings.bind(health)]) {
    await ask(ADA, "shop");
    await ask(OLIVE, "shop");
    await ask(ADA, "declared");
    await expect(ask(OTIS, "shop")).rejects.toMatchObject({ code: "not-found" });
    await expect(ask(SAM, "shop")).rejects.toMatchObject({ code: "forbidden" });
    await expect(ask(OLIVE, "declared")).rejects.toMatchObject({ code: "forbidden" });
    await expect(ask(ADA, "nothing")).rejects.toMatchObject({ code: "not-found" });
  }
});

test("the summary counts for each assistant that one may see, in pages, and asks for each server once", async () => {
  const { assistants, connectors, servers, statuses, health, asked, documents } = await opened({
    declared: [deskAssistant({ key: "declared" })],
  });
  servers.get("orders")!.access = "everyone";
  for (let index = 0; index < 30; index += 1) {
    const key = `shop-${String(index).padStart(2, "0")}`;
    await assistants.create(index % 2 ? OLIVE : OTIS, shopInput({ key }));
    await connectors.add(ADA, { assistant: key, server: "orders" }, connectorInput());
  }
  statuses.set("orders", { status: "disconnected", detail: "Down." });
  let reads = 0;
  const { get, list } = documents;
  Object.assign(documents, {
    get: (...given: Parameters<typeof get>) => ((reads += 1), get.apply(documents, given)),
    list: (...given: Parameters<typeof list>) => ((reads += 1), list.apply(documents, given)),
  });
  asked.length = 0;
  const all = await health.summary(ADA, { limit: 100 });
  expect(all.map(({ assistant }) => assistant)).toEqual([
    "declared",
    ...Array.from({ length: 30 }, (_, index) => `shop-${String(index).padStart(2, "0")}`),
  ]);
  expect(all[1]).toMatchObject({ name: "Shop", broken: 1, risky: 0, hints: 2, worst: { code: "server-down" } });
  expect(asked.filter((key) => key === "orders").length).toBe(1);
  expect(reads).toBeLessThan(12);
  expect((await health.summary(OLIVE, { limit: 3 })).map(({ assistant }) => assistant)).toEqual(["shop-01", "shop-03", "shop-05"]);
  expect((await health.summary(OLIVE, { limit: 3, after: "shop-25" })).map(({ assistant }) => assistant)).toEqual(["shop-27", "shop-29"]);
  expect(await health.summary(SAM, { limit: 3 })).toEqual([]);
});
