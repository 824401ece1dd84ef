/** What calls say of a server, which its list does not. */
import { afterEach, describe, expect, it } from "vitest";
import type { Probe, Prober } from "../../server/tools/probe/prober.ts";
import type { Fault } from "../../server/tools/mcp/servers/fault.ts";
import { readDefinition } from "../../server/tools/definitions/tool-definition.ts";
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
const EXPIRED: Probe = {
  status: "disconnected",
  reason: "authentication-failed",
  asks: "oauth",
  signIn: "expired",
  tools: [],
  leftOut: [],
};

/** A server that is as the test says, and how often it was looked at. */
async function registryOf(more: Readonly<Record<string, unknown>> = {}) {
  const stage = { is: CONNECTED, probes: 0 };
  const prober: Prober = {
    probe: async () => ((stage.probes += 1), stage.is),
    call: async () => Promise.reject(new Error("not here")),
  };
  const registry = await testRegistry({ prober });
  open.push(registry);
  await registry.create({ key: "orders", url: "https://orders.example/mcp", ...more });
  stage.probes = 0;
  registry.checks.start();
  return { registry, stage };
}

describe("a server that answers, and refuses calls", () => {
  const refusal: Fault = { kind: "authentication", message: "Orders: it refused our credentials", beforeSending: false, status: 401 };

  it("needs a sign-in until a call is answered, however often its list is read", async () => {
    const { registry, stage } = await registryOf();
    const { statuses, directory } = registry;
    directory.saw("orders", refusal, "call");
    expect(statuses.of("orders")).toMatchObject({
      status: "disconnected",
      reason: "authentication-failed",
      signIn: "refused",
      toolCount: 1,
    });
    directory.saw("orders", undefined, "list");
    directory.saw("orders", undefined, "personal");
    registry.clock.move(5 * MINUTE_MS);
    await waitFor(() => stage.probes === 1 && registry.clock.waits.length === 1);
    await registry.servers.test(ADMIN, "orders", SIGNAL);
    expect(statuses.of("orders")).toMatchObject({ status: "disconnected", signIn: "refused" });
    directory.saw("orders", undefined, "call");
    expect(statuses.of("orders").status).toBe("connected");
    expect(statuses.of("orders").signIn).toBeUndefined();
  });

  it("is looked at with fresh eyes after a change of its settings, and after another sign-in", async () => {
    const { registry } = await registryOf();
    registry.directory.saw("orders", refusal, "call");
    await registry.servers.update(ADMIN, "orders", { callTimeoutMs: 9_000 }, { ifVersion: undefined, signal: SIGNAL });
    expect(registry.statuses.of("orders").status).toBe("connected");
    registry.directory.saw("orders", refusal, "call");
    registry.checks.soon("orders", "Ada");
    await waitFor(() => registry.statuses.of("orders").status === "connected");
  });

  it("is shown so where the shared account's sign-in ended, also though it was connected before", async () => {
    const { registry, stage } = await registryOf({ auth: { kind: "oauth" } });
    stage.is = EXPIRED;
    registry.clock.move(5 * MINUTE_MS);
    await waitFor(() => registry.statuses.of("orders").signIn === "expired");
    expect(registry.statuses.of("orders").status).toBe("disconnected");
    registry.directory.saw("orders", undefined, "personal");
    expect(registry.statuses.of("orders").status).toBe("disconnected");
  });
});
