import type { OwnServer, Tools } from "../conversation/ports/tools.ts";
import type { Entrance } from "../live/entrance.ts";
import type { Upgrades } from "../live/upgrades.ts";
import type { OwnServerTools } from "../setup/assistants/usable-servers.ts";
import { usableDeviceTools } from "../setup/assistants/usable-device-tools.ts";
import type { HttpToolRegistry } from "../setup/http-tools/http-tools.ts";
import type { ToolPins } from "../setup/mcp-servers/tool-pins.ts";
import type { Device } from "../tools/devices/connected-devices.ts";
import type { Sightings } from "../sightings/sightings.ts";
import type { ConnectedPages } from "../tools/page/connected-pages.ts";
import type { Base } from "./open-base.ts";
import type { OpenedDevices } from "./open-devices.ts";
import type { Part } from "./open-parts.ts";

/**
 * One of our own sources of tools. `close` ends what it holds even if no answer ever loaded it, such as open sockets.
 */
export interface OwnTools extends Pick<Part, "close">, OwnServerTools {
  /** Runs with the first answer that needs tools. */
  readonly load: () => Promise<Tools>;
  /** Where its peers come in over a socket. */
  readonly entrance?: OwnEntrance;
}

interface OwnEntrance extends Entrance {
  readonly paths: readonly string[];
}

type Needs = Pick<Base, "clock" | "log"> & {
  readonly fetch: typeof fetch;
  readonly httpTools: HttpToolRegistry;
  readonly pins: ToolPins;
  readonly devices: OpenedDevices;
  readonly pages: ConnectedPages;
  readonly sightings: Pick<Sightings, "toolsOf">;
};

/** Every source of tools that is ours, by its key. MCP servers are no part of it: staff set them up. */
export function openOwnTools({
  fetch,
  clock,
  log,
  httpTools,
  pins,
  pages,
  sightings,
  devices: { devices, stored: endpoints, entrance, close },
}: Needs): Readonly<Record<OwnServer, OwnTools>> {
  const { stored } = httpTools;
  return {
    http: {
      usableTools: () => stored.usableTools(),
      load: async () => (await import("../tools/http/http-tools.ts")).createHttpTools({ fetch, clock, log, definitions: stored }),
    },
    device: {
      usableTools: (assistant) => usableDeviceTools(pins, assistant),
      status: (assistant) => deviceStatus(devices.of(assistant)),
      load: async () => {
        const { createDeviceTools } = await import("../tools/devices/device-tools.ts");
        return createDeviceTools({ devices, isEnabled: (assistant) => endpoints.isEnabled(assistant), clock, log });
      },
      entrance,
      close,
    },
    page: {
      usableTools: (assistant) => sightings.toolsOf(assistant).map((name) => ({ name, readOnly: false, state: "accepted" })),
      load: async () => (await import("../tools/page/page-tools.ts")).createPageTools({ pages, log }),
    },
  };
}

function deviceStatus(devices: readonly Device[]): ReturnType<NonNullable<OwnServerTools["status"]>> {
  if (devices.some(({ standing }) => standing !== "silent")) return { status: "connected" };
  const detail = devices.length === 0 ? "No device is connected." : "What is connected does not answer.";
  return { status: "disconnected", detail };
}

export function addEntrances(upgrades: Pick<Upgrades, "add">, sources: readonly OwnTools[]): void {
  for (const { entrance } of sources) for (const path of entrance?.paths ?? []) upgrades.add(path, entrance!);
}
