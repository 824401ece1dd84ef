/** An endpoint with everything real but the database and the time, and devices that come to it. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { Assistant, ToolPermission } from "../../../server/conversation/ports/assistant.ts";
import type { CallContext, Tool, Toolbox, ToolResult } from "../../../server/conversation/ports/tools.ts";
import type { Log } from "../../../server/foundation/log.ts";
import { DEFAULT_LINE_LIMITS, Limits } from "../../../server/guard/limits/limits.ts";
import { createMemoryLimiters } from "../../../server/guard/limits/memory-limiters.ts";
import { deviceEntrance } from "../../../server/live/device/device-gateway.ts";
import { Upgrades } from "../../../server/live/upgrades.ts";
import { EndpointGate } from "../../../server/setup/endpoints/endpoint-gate.ts";
import { TokenSeal } from "../../../server/setup/endpoints/endpoint-token.ts";
import { Endpoints } from "../../../server/setup/endpoints/endpoints.ts";
import { StoredEndpoints } from "../../../server/setup/endpoints/stored-endpoints.ts";
import { devicePins } from "../../../server/setup/mcp-servers/device-pins.ts";
import { ToolPins } from "../../../server/setup/mcp-servers/tool-pins.ts";
import { ConnectedDevices, type Device } from "../../../server/tools/devices/connected-devices.ts";
import { createDeviceTools } from "../../../server/tools/devices/device-tools.ts";
import { ADMIN } from "../../http/api/api-harness.ts";
import { alwaysAllow, assistant } from "../../support/desk-assistant.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { createMemoryDocuments } from "../../support/memory-documents.ts";
import { waitFor } from "../../support/wait-for.ts";
import { WireDevice, type WireDeviceOptions } from "./wire-device.ts";

export async function openDeviceStage() {
  const clock = new ManualClock();
  const documents = createMemoryDocuments();
  const logged: { readonly message: string; readonly fields: Readonly<Record<string, unknown>> }[] = [];
  const write = (fields: Readonly<Record<string, unknown>>, message: string): void => void logged.push({ message, fields });
  const log: Log = { info: write, warn: write, error: write };
  const assistants = new Map<string, Assistant>([["shop", withDevices({ "*": alwaysAllow })]]);
  const pins = new ToolPins({ documents, clock, log });
  const devices = new ConnectedDevices({ pins: devicePins(pins, clock), clock, log });
  const stored = new StoredEndpoints({ documents, clock });
  const seal = new TokenSeal(Buffer.alloc(32, 7));
  const hasAssistant = (key: string): boolean => assistants.has(key);
  const gate = new EndpointGate({ documents, stored, seal, devices, hasAssistant, now: () => clock.now(), log });
  const entrance = deviceEntrance({ enter: (...device) => gate.enter(...device), trustedProxies: 0, clock, log });
  const limits = new Limits({ limiters: createMemoryLimiters(), limits: DEFAULT_LINE_LIMITS });
  const upgrades = new Upgrades({ limits, trustedProxies: 0, isStopping: () => false, clock, log });
  for (const path of entrance.paths) upgrades.add(path, entrance);
  const httpServer = createServer();
  upgrades.attach(httpServer);
  await new Promise<void>((resolve) => httpServer.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    gate.close();
    httpServer.closeAllConnections();
    httpServer.close();
  });
  const address = `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`;
  const endpoints = new Endpoints({
    stored,
    seal,
    devices,
    pins,
    checkManaged: async () => undefined,
    assistant: (key) => assistants.get(key),
    publicUrl: () => address,
    clock,
  });
  const tools = createDeviceTools({ devices, isEnabled: (key) => stored.isEnabled(key), clock, log });
  await endpoints.set(ADMIN, "shop", true);
  const open = (more: { readonly voiceCallId?: string } = {}): Promise<Toolbox> =>
    tools.open({
      assistant: assistants.get("shop")!,
      conversationId: "one",
      customerId: "one",
      sessionId: "one",
      signal: new AbortController().signal,
      ...more,
    });
  const stage = {
    address,
    /** Nobody listens there any more. */
    stop: () => {
      httpServer.closeAllConnections();
      httpServer.close();
    },
    clock,
    documents,
    logged,
    assistants,
    devices,
    endpoints,
    pins,
    gate,
    tools,
    open,
    token: (name = "Shop window") => endpoints.create(ADMIN, "shop", name),
    /** Connects one, with a token of its own where none is given. */
    connect: async (options: WireDeviceOptions & { readonly url?: string } = {}): Promise<WireDevice> =>
      new WireDevice(options.url ?? (await stage.token()).url, options),
    /** Waits until so many devices have introduced themselves. */
    ready: (count: number): Promise<readonly Device[]> =>
      waitFor(() => {
        const named = devices.of("shop");
        const ready = named.filter(
          ({ tools: own, fault, leftOut, standing }) =>
            standing === "answering" && (own.length > 0 || fault !== undefined || leftOut.length > 0),
        );
        return ready.length >= count ? ready : undefined;
      }),
    names: async (): Promise<readonly string[]> => (await open()).tools.map(({ name }) => name),
    tool: (name: string): Promise<Tool> => waitFor(async () => (await open()).tools.find((one) => one.name === name)),
    call: async (name: string, input: Record<string, unknown> = {}, context: Partial<CallContext> = {}): Promise<ToolResult> =>
      (await (await stage.tool(name)).call(input, contextOf(context))) as ToolResult,
  };
  return stage;
}

export function withDevices(permissions: Readonly<Record<string, ToolPermission>>): Assistant {
  return assistant({ key: "shop", connectors: [{ server: "device", permissions }] });
}

export function contextOf(more: Partial<CallContext> = {}): CallContext {
  return {
    callId: "call-1",
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ask: async () => ({ kind: "input", action: "decline" }),
    sample: async () => ({ kind: "refused", cause: "no" }),
    onTask: async () => undefined,
    ...more,
  };
}
