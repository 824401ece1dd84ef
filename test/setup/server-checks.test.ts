import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { Probe, Prober } from "../../server/tools/probe/prober.ts";
import type { Fault } from "../../server/tools/mcp/servers/fault.ts";
import type { PinVerdict } from "../../server/tools/mcp/servers/ports.ts";
import { readDefinition } from "../../server/tools/definitions/tool-definition.ts";
import { createMemoryDocuments } from "../support/memory-documents.ts";
import { tool } from "../support/mcp-scripted-server.ts";
import { waitFor } from "../support/wait-for.ts";
import { ADMIN, SIGNAL, testRegistry, type TestRegistry } from "./registry-harness.ts";

const MINUTE_MS = 60_000;
const open: TestRegistry[] = [];
afterEach(async () => {
  for (const registry of open.splice(0)) await registry.close();
});

const definition = readDefinition(tool("look"));
if (typeof definition === "string") throw new Error(definition);
const CONNECTED: Probe = { status: "connected", tools: [definition], leftOut: [], roundTripMs: 3 };
const REFUSED: Probe = { status: "disconnected", reason: "server-not-found", detail: "refused", tools: [], leftOut: [] };
const SIGN_IN: Probe = { status: "disconnected", reason: "authentication-failed", asks: "oauth", tools: [], leftOut: [] };

/** Servers that are as the test says, and how often each was looked at. */
function staged(): { prober: Prober; is: Map<string, Probe>; probes: string[]; hold: { promise: Promise<void> | undefined } } {
  const is = new Map<string, Probe>();
  const probes: string[] = [];
  const hold: { promise: Promise<void> | undefined } = { promise: undefined };
  const prober: Prober = {
    async probe({ settings }) {
      probes.push(settings.key);
      await hold.promise;
      return is.get(settings.key) ?? CONNECTED;
    },
    call: async () => Promise.reject(new Error("not here")),
  };
  return { prober, is, probes, hold };
}

async function registryOf(stage: ReturnType<typeof staged>, ...keys: readonly string[]): Promise<TestRegistry> {
  const registry = await testRegistry({ prober: stage.prober });
  open.push(registry);
  for (const key of keys) await registry.create({ key, url: `https://${key}.example/mcp` });
  stage.probes.length = 0;
  registry.checks.start();
  return registry;
}

const isFault = (kind: Fault["kind"]): Fault => ({ kind, message: "Orders: away", beforeSending: true });

describe("the background check", () => {
  it("does nothing where there are no servers", async () => {
    const registry = await registryOf(staged());
    expect(registry.clock.waits).toEqual([]);
  });

  it("looks at a working server every few minutes", async () => {
    const stage = staged();
    const { clock } = await registryOf(stage, "orders");
    expect(clock.waits).toEqual([5 * MINUTE_MS]);
    clock.move(5 * MINUTE_MS);
    await waitFor(() => stage.probes.length === 1 && clock.waits.length === 1);
    expect(clock.waits).toEqual([5 * MINUTE_MS]);
  });

  it("looks at a failing one after 30 s, then twice as long each time up to an hour, and sees that it works again", async () => {
    const stage = staged();
    stage.is.set("orders", REFUSED);
    const registry = await registryOf(stage, "orders");
    const { clock, statuses } = registry;
    const waited: number[] = [];
    for (let count = 1; count <= 9; count += 1) {
      waited.push((clock.waits[0] ?? 0) / 1000);
      clock.move(clock.waits[0] ?? 0);
      await waitFor(() => stage.probes.length === count && clock.waits.length === 1);
    }
    expect(waited).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
    const since = statuses.of("orders").since;
    stage.is.set("orders", CONNECTED);
    clock.move(clock.waits[0] ?? 0);
    await waitFor(() => statuses.of("orders").status === "connected");
    expect(statuses.of("orders")).toMatchObject({ status: "connected", toolCount: 1, since: clock.now() });
    expect(statuses.of("orders").since).toBeGreaterThan(since);
    await waitFor(() => clock.waits.length === 1);
    expect(clock.waits).toEqual([5 * MINUTE_MS]);
    await registry.close();
    expect((await registry.documents.get("server-status", "orders", clock.now()))?.body).toMatchObject({ status: "connected" });
  });

  it("looks at four servers at once, at most", async () => {
    const stage = staged();
    const keys = Array.from({ length: 12 }, (_, index) => `shop_${String.fromCharCode(97 + index)}`);
    const { clock } = await registryOf(stage, ...keys);
    const gate = Promise.withResolvers<void>();
    stage.hold.promise = gate.promise;
    clock.move(10 * MINUTE_MS);
    expect(stage.probes).toHaveLength(4);
    gate.resolve();
    await waitFor(() => clock.waits.length === 12);
    expect([...stage.probes].toSorted()).toEqual(keys);
  });

  it("hides what changed, and takes nothing new for granted", async () => {
    const stage = staged();
    const registry = await registryOf(stage, "orders");
    const [changed, added] = [readDefinition(tool("look", { description: "Other." })), readDefinition(tool("wipe"))];
    if (typeof changed === "string" || typeof added === "string") throw new Error("no definitions");
    stage.is.set("orders", { ...CONNECTED, tools: [changed, added] });
    registry.clock.move(5 * MINUTE_MS);
    await waitFor(() => registry.pins.of("orders").size === 2);
    expect(await registry.toolRows.ofServer(ADMIN, "orders", { limit: 200 })).toMatchObject([
      { name: "look", state: "changed" },
      { name: "wipe", state: "new" },
    ]);
  });

  it("looks once an hour, at most, at a server that no assistant uses, and every few minutes once one does", async () => {
    const stage = staged();
    let isUsed = false;
    const registry = await testRegistry({ prober: stage.prober, isUsed: () => isUsed });
    open.push(registry);
    await registry.create({ key: "orders", url: "https://orders.example/mcp" });
    stage.is.set("shop", REFUSED);
    await registry.create({ key: "shop", url: "https://shop.example/mcp" });
    stage.probes.length = 0;
    registry.checks.start();
    const pass = async (minutes: number): Promise<void> => {
      for (let passed = 0; passed < minutes; passed += 1) {
        registry.clock.move(MINUTE_MS);
        await waitFor(() => registry.clock.waits.length === 2);
      }
    };
    await pass(59);
    expect(stage.probes).toEqual([]);
    await pass(31);
    expect(stage.probes.toSorted()).toEqual(["orders", "shop"]);
    isUsed = true;
    stage.probes.length = 0;
    await pass(5);
    expect(stage.probes).toContain("orders");
  });

  it("never starts a program to look at it", async () => {
    const stage = staged();
    const registry = await testRegistry({ prober: stage.prober, fileServers: [{ key: "local", name: "Local", command: "true" }] });
    open.push(registry);
    registry.checks.start();
    registry.checks.soon("local");
    registry.checks.soon("not there");
    registry.clock.move(120 * MINUTE_MS);
    expect([registry.clock.waits, stage.probes]).toEqual([[], []]);
  });

  it("looks at once where something is known to be new, and once more where a look is under way", async () => {
    const stage = staged();
    const registry = await registryOf(stage, "orders");
    const gate = Promise.withResolvers<void>();
    stage.hold.promise = gate.promise;
    registry.checks.soon("orders");
    expect(stage.probes).toEqual(["orders"]);
    registry.checks.soon("orders");
    registry.checks.soon("orders");
    expect(stage.probes).toEqual(["orders"]);
    stage.hold.promise = undefined;
    gate.resolve();
    await waitFor(() => stage.probes.length === 2 && registry.clock.waits.length === 1);
    await registry.close();
    registry.checks.soon("orders");
    expect(stage.probes).toHaveLength(2);
  });

  it("ends with the server, and with close", async () => {
    const stage = staged();
    const registry = await registryOf(stage, "orders", "shop");
    await registry.servers.remove(ADMIN, "orders", undefined);
    expect(registry.clock.waits).toHaveLength(1);
    await registry.close();
    expect(registry.clock.waits).toEqual([]);
    registry.clock.move(60 * MINUTE_MS);
    expect(stage.probes).toEqual([]);
  });

  it("says nothing about settings that were changed while it looked", async () => {
    const stage = staged();
    const registry = await registryOf(stage, "orders");
    const gate = Promise.withResolvers<void>();
    stage.hold.promise = gate.promise;
    stage.is.set("orders", REFUSED);
    registry.clock.move(5 * MINUTE_MS);
    expect(stage.probes).toEqual(["orders"]);
    stage.hold.promise = undefined;
    stage.is.set("orders", CONNECTED);
    await registry.servers.update(ADMIN, "orders", { callTimeoutMs: 9_000 }, { ifVersion: undefined, signal: SIGNAL });
    stage.is.set("orders", REFUSED);
    gate.resolve();
    await waitFor(() => registry.clock.waits.length === 1);
    expect(registry.statuses.of("orders").status).toBe("connected");
  });

  it("leaves alone a server that waits for customers to sign in, once one of them was there", async () => {
    const stage = staged();
    stage.is.set("orders", SIGN_IN);
    const registry = await testRegistry({ prober: stage.prober });
    open.push(registry);
    await registry.create({ key: "orders", url: "https://orders.example/mcp", auth: { kind: "oauth" } });
    expect(registry.statuses.of("orders")).toMatchObject({ status: "disconnected", asks: "oauth" });
    registry.directory.saw("orders", undefined);
    registry.checks.start();
    registry.clock.move(5 * MINUTE_MS);
    await waitFor(() => stage.probes.length === 2 && registry.clock.waits.length === 1);
    expect(registry.statuses.of("orders").status).toBe("connected");
  });
});

describe("what conversations see", () => {
  it("changes the status at once, except for one customer's sign-in", async () => {
    const registry = await registryOf(staged(), "orders");
    registry.directory.saw("orders", isFault("authentication"));
    expect(registry.statuses.of("orders").status).toBe("connected");
    registry.clock.move(MINUTE_MS);
    registry.directory.saw("orders", isFault("timeout"));
    expect(registry.statuses.of("orders")).toMatchObject({
      status: "disconnected",
      reason: "connection-failed",
      detail: "Orders: away",
      advice: expect.stringContaining("connect timeout") as string,
      since: registry.clock.now(),
    });
    registry.directory.saw("orders", undefined);
    expect(registry.statuses.of("orders")).toMatchObject({ status: "connected", toolCount: 1, roundTripMs: 3 });
    expect(registry.statuses.of("orders").reason).toBeUndefined();
  });
});

describe("50 servers with 40 tools each", () => {
  it("are asked about without hashing or writing anything, and not at all for a list that was asked about before", async () => {
    const documents = createMemoryDocuments();
    const fileServers = Array.from({ length: 50 }, (_, index) => ({
      key: `server_${index}`,
      name: "Server",
      url: `https://s${index}.example/mcp`,
    }));
    const registry = await testRegistry({ documents, fileServers });
    const lists = fileServers.map(({ key }) =>
      Array.from({ length: 40 }, (_, index) => {
        const read = readDefinition(tool(`tool_${index}`, { description: `Does ${index} at ${key}.` }));
        if (typeof read === "string") throw new Error(read);
        return read;
      }),
    );
    const askAll = (read: typeof lists): readonly ReadonlyMap<string, PinVerdict>[] =>
      fileServers.map(({ key }, index) => registry.directory.observe(key, read[index] ?? []));
    const first = askAll(lists);
    await registry.pins.settled();
    const stringify = vi.spyOn(JSON, "stringify");
    const write = vi.spyOn(documents, "write");
    onTestFinished(() => void vi.restoreAllMocks());
    const same = askAll(lists);
    expect(same.every((verdicts, index) => verdicts === first[index])).toBe(true);
    const readAnew = askAll(lists.map((list) => [...list]));
    await registry.pins.settled();
    expect(readAnew.reduce((count, { size }) => count + size, 0)).toBe(2_000);
    expect(readAnew).toEqual(first);
    expect([stringify.mock.calls.length, write.mock.calls.length]).toEqual([0, 0]);
    await registry.close();
  });
});
