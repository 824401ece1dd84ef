/** An endpoint, as a server has it, over a database. Prints its port; `/calls` calls each device's tool once. */
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Assistant } from "../../../server/conversation/ports/assistant.ts";
import type { CallContext } from "../../../server/conversation/ports/tools.ts";
import { DEFAULT_LINE_LIMITS, Limits } from "../../../server/guard/limits/limits.ts";
import { createMemoryLimiters } from "../../../server/guard/limits/memory-limiters.ts";
import { deviceEntrance } from "../../../server/live/device/device-gateway.ts";
import { Upgrades } from "../../../server/live/upgrades.ts";
import { EndpointGate } from "../../../server/setup/endpoints/endpoint-gate.ts";
import { TokenSeal } from "../../../server/setup/endpoints/endpoint-token.ts";
import { StoredEndpoints } from "../../../server/setup/endpoints/stored-endpoints.ts";
import { devicePins } from "../../../server/setup/mcp-servers/device-pins.ts";
import { ToolPins } from "../../../server/setup/mcp-servers/tool-pins.ts";
import { openSqliteStore } from "../../../server/store/sqlite/sqlite-store.ts";
import { systemClock as clock } from "../../../server/start/system-clock.ts";
import { ConnectedDevices } from "../../../server/tools/devices/connected-devices.ts";
import { createDeviceTools } from "../../../server/tools/devices/device-tools.ts";

const quiet = { info: () => {}, warn: () => {}, error: () => {} };
const folder = await mkdtemp(join(tmpdir(), "frontdesk-bench-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
process.once("SIGTERM", () => process.exit());
const { documents } = await openSqliteStore({ path: join(folder, "frontdesk.db") });
const pins = new ToolPins({ documents, clock, log: quiet });
const devices = new ConnectedDevices({ pins: devicePins(pins, clock), clock, log: quiet });
const stored = new StoredEndpoints({ documents, clock });
const seal = new TokenSeal(Buffer.alloc(32, 7));
const gate = new EndpointGate({ documents, stored, seal, devices, hasAssistant: () => true, now: () => clock.now(), log: quiet });
const entrance = deviceEntrance({ enter: (...device) => gate.enter(...device), trustedProxies: 0, clock, log: quiet });
const limits = new Limits({
  limiters: createMemoryLimiters(),
  limits: { ...DEFAULT_LINE_LIMITS, connectionsPerAddress: 10_000, connectionsPerMinutePerAddress: 10_000 },
});
const upgrades = new Upgrades({ limits, trustedProxies: 0, isStopping: () => false, clock, log: quiet });
for (const path of entrance.paths) upgrades.add(path, entrance);
const tools = createDeviceTools({ devices, isEnabled: (key) => stored.isEnabled(key), clock, log: quiet });
const assistant = {
  key: "shop",
  connectors: [{ server: "device", permissions: { "*": { permission: "always_allow" } } }],
} as unknown as Assistant;
const nobody = { kind: "system", id: "bench", name: "Bench" } as const;
const audit = { by: nobody, action: "bench", target: { kind: "assistant", id: "shop" } };
await stored.setEnabled("shop", true, audit);
await stored.create({ assistant: "shop", id: "one" }, { name: "Bench", generation: 1, createdAt: 0 }, audit);

const context = { callId: "call", signal: new AbortController().signal, onProgress: () => {} } as unknown as CallContext;
const httpServer = createServer();
upgrades.serve((request, response) => void answer(request.url ?? "").then((body) => response.end(JSON.stringify(body))));
upgrades.attach(httpServer);

async function answer(path: string): Promise<unknown> {
  if (path === "/token") return seal.seal({ assistant: "shop", token: "one", generation: 1 });
  if (path === "/ready") return devices.of("shop").filter(({ tools: own }) => own.length > 0).length;
  const opened = await tools.open({ assistant, conversationId: "c", customerId: "c", sessionId: "s", signal: context.signal });
  const samples: number[] = [];
  for (const tool of opened.tools) {
    const begun = performance.now();
    const result = await tool.call({ order: "1042" }, context);
    if (result.outcome !== "ok") throw new Error(JSON.stringify(result));
    samples.push(performance.now() - begun);
  }
  return samples;
}

httpServer.listen(0, "127.0.0.1", () => console.log((httpServer.address() as AddressInfo).port));
