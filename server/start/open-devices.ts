import type { Assistant } from "../conversation/ports/assistant.ts";
import { deviceEntrance, type DeviceEntrance } from "../live/device/device-gateway.ts";
import { derive } from "../guard/secrets/server-secret.ts";
import { EndpointGate } from "../setup/endpoints/endpoint-gate.ts";
import { TokenSeal } from "../setup/endpoints/endpoint-token.ts";
import { StoredEndpoints } from "../setup/endpoints/stored-endpoints.ts";
import { devicePins } from "../setup/mcp-servers/device-pins.ts";
import type { ToolPins } from "../setup/mcp-servers/tool-pins.ts";
import { ConnectedDevices } from "../tools/devices/connected-devices.ts";
import type { Base } from "./open-base.ts";
import type { Storage } from "./open-storage.ts";

/** Devices that bring tools, and the door that they come in by. */
export interface OpenedDevices {
  readonly devices: ConnectedDevices;
  readonly stored: StoredEndpoints;
  readonly seal: TokenSeal;
  readonly entrance: DeviceEntrance;
  readonly close: () => void;
}

interface Needs extends Base, Storage {
  readonly pins: ToolPins;
  readonly assistantNow: (key: string) => Assistant | undefined;
}

export function openDevices({ documents, clock, log, secret, settings, version, pins, assistantNow }: Needs): OpenedDevices {
  const devices = new ConnectedDevices({ pins: devicePins(pins, clock), clock, log, clientVersion: version });
  const stored = new StoredEndpoints({ documents, clock });
  const seal = new TokenSeal(derive(secret, "endpoint-tokens"));
  const hasAssistant = (key: string): boolean => assistantNow(key) !== undefined;
  const gate = new EndpointGate({ documents, stored, seal, devices, hasAssistant, now: () => clock.now(), log });
  const entrance = deviceEntrance({ enter: (...device) => gate.enter(...device), trustedProxies: settings.trustedProxies, clock, log });
  return { devices, stored, seal, entrance, close: () => gate.close() };
}
