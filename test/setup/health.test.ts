import { describe, expect, test } from "vitest";
import { assistant as deskAssistant } from "../support/desk-assistant.ts";
import { ADA, connectorInput, OLIVE, OTIS, SAM, shopInput, tool } from "./assistants-harness.ts";
import { openHealth, shop } from "./health-harness.ts";

test("where all is well, only a hint is left: that nothing ends conversations", async () => {
  const { codes } = await shop();
  expect(await codes()).toEqual(["hint kept-for-good"]);
});

test("where something ends them, nothing is left", async () => {
  const { codes } = await shop({ retention: { conversationDays: 90 } });
  expect(await codes()).toEqual([]);
});

test("a model that nobody asked since the start is a hint, until it was asked", async () => {
  const { find, answered } = await shop();
  answered(undefined);
  expect(await find("model-not-tried")).toMatchObject({
    severity: "hint",
    title: "The model was not checked since the server started",
    link: { kind: "model", assistant: "shop" },
  });
  answered({ at: 5 });
  expect(await find("model-not-tried")).toBeUndefined();
});

test("calls that are allowed and that nobody can make are said to be, and why", async () => {
  const { codes, find, voices, assistants } = await shop();
  const browser = [{ provider: "browser" }] as const;
  const set = async (voice: object): Promise<void> => {
    const { version } = await voices.get(OLIVE, "shop", assistants);
    await voices.replace(
      OLIVE,
      { assistant: "shop", input: { hearing: [], speaking: [], ...voice } as never, ifVersion: version },
      assistants,
    );
  };
  await set({ enabled: true, hearing: browser, speaking: browser });
  expect(await codes()).toEqual(["hint kept-for-good"]);
  await set({ enabled: true, hearing: browser });
  await expect.poll(() => codes()).toEqual(["broken no-calls", "hint kept-for-good"]);
  expect(await find("no-calls")).toMatchObject({
    detail: "Nothing says answers aloud. Add an engine that speaks, or do not let customers call.",
    link: { kind: "voice", assistant: "shop" },
    about: { reason: "speaking" },
  });
  await set({ enabled: false, hearing: browser });
  await expect.poll(() => codes()).toEqual(["hint kept-for-good"]);
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
      about: { name: "Orders", said: "Nobody answers at orders.example." },
    });
  });

  test("wants a sign-in, which is no matter where each customer has their own", async () => {
    const { statuses, codes, find } = await shop();
    const lacks = { status: "disconnected", reason: "authentication-failed", detail: "It refused our credentials.", since: 5 } as const;
    statuses.set("orders", { ...lacks, signIn: "first" });
    expect(await find("sign-in-needed")).toEqual({
      code: "sign-in-needed",
      severity: "broken",
      title: "Orders needs a sign-in",
      detail: "It wants a sign-in with OAuth 2.0. Connect a shared account, or let each customer sign in.",
      link: { kind: "server", server: "orders" },
      about: { name: "Orders", reason: "connect-account" },
    });
    expect(await codes()).not.toContain("broken server-down");
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
      detail: "No definition says that says-both and writes only read, and here they never ask. Let them ask, if that was not meant.",
    });
    const one = await shop({}, [tool("writes")], permissions);
    expect(await one.find("tools-unasked")).toMatchObject({
      detail: "No definition says that writes only reads, and here it never asks. Let it ask, if that was not meant.",
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

test("admins and the owner see how an assistant is, nobody else; the file's are the admins'", async () => {
  const { assistants, health } = await openHealth({ declared: [deskAssistant({ key: "declared" })] });
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
  const { assistants, connectors, servers, statuses, health, asked, documents } = await openHealth({
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
  const keys = ["shop-05", "shop-04", "shop-01", "gone", "shop-05"];
  expect((await health.summary(OLIVE, { limit: 9, keys })).map(({ assistant }) => assistant)).toEqual(["shop-01", "shop-05"]);
  expect(await health.summary(ADA, { limit: 1, keys: ["shop-25"] })).toEqual(all.filter(({ assistant }) => assistant === "shop-25"));
});
