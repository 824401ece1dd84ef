import { toolNames } from "../../tools/definitions/tool-name.ts";
import { noServer } from "./server-access.ts";
import type { ListedServer, RegisteredServers } from "./server-directory.ts";
import type { ServerStatuses } from "./server-status.ts";
import { serverView, type ServerView } from "./server-view.ts";
import type { ToolPins } from "./tool-pins.ts";
import { toolView, type ToolView } from "./tool-view.ts";

export interface ShownServersPorts {
  readonly directory: Pick<RegisteredServers, "get">;
  readonly pins: Pick<ToolPins, "of" | "proposed">;
  readonly statuses: Pick<ServerStatuses, "of">;
}

/** A server with its version, for `ETag`. */
export interface VersionedServer {
  readonly server: ServerView;
  readonly version: number;
}

/** Throws `not-found`. The caller has checked the person's rights, here and below. */
export function knownServer({ directory }: ShownServersPorts, key: string): ListedServer {
  const server = directory.get(key);
  if (server === undefined) throw noServer(key);
  return server;
}

/** With its present status and number of tools. */
export function shownServer({ statuses, pins }: ShownServersPorts, server: ListedServer): ServerView {
  return serverView(server, statuses.of(server.key), pins.of(server.key), pins.proposed(server.key));
}

export function versionedServer(ports: ShownServersPorts, server: ListedServer): VersionedServer {
  return { server: shownServer(ports, server), version: server.source === "api" ? server.document.version : 1 };
}

/** Those that are pinned, and those that only customers' own lists have. Ordered by name. */
export function shownTools({ pins }: Pick<ShownServersPorts, "pins">, key: string): readonly ToolView[] {
  const [pinned, proposed] = [pins.of(key), pins.proposed(key)];
  const tools = [...new Set([...pinned.keys(), ...proposed.keys()])].toSorted();
  const names = toolNames(key, tools);
  return tools.map((tool, index) => toolView(tool, names[index] ?? tool, { pin: pinned.get(tool), proposal: proposed.get(tool) }));
}
