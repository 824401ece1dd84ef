import { RequestError } from "../../../protocol/errors.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { hasList, type Prober } from "../../tools/probe/prober.ts";
import type { RegisteredServers } from "./server-directory.ts";
import type { ServerStatuses } from "./server-status.ts";
import { knownServer, shownTools, type VersionedServer, versionedServer } from "./shown-servers.ts";
import type { ToolPins } from "./tool-pins.ts";
import type { ToolView } from "./tool-view.ts";

export interface TestServerPorts {
  readonly directory: RegisteredServers;
  readonly pins: ToolPins;
  readonly statuses: ServerStatuses;
  readonly prober: Prober;
}

/** What saving or testing a server found. */
export interface TestedServer extends VersionedServer {
  readonly tools: readonly ToolView[];
  readonly leftOut: readonly { readonly tool: string; readonly reason: string }[];
}

/**
 * Tests a server now, and keeps what it found: its status and its tools. The first tools count as reviewed by whoever
 * tests. Throws `server-unusable`, and `version-changed` if the server was saved again in the meantime.
 */
export async function testServer(ports: TestServerPorts, staff: Staff, key: string, signal: AbortSignal): Promise<TestedServer> {
  const { directory, prober, pins, statuses } = ports;
  const server = knownServer(ports, key);
  const { entry } = server;
  if (entry === undefined) throw new RequestError("server-unusable", { detail: server.source === "api" ? (server.fault ?? "") : "" });
  const probe = await prober.probe(entry, signal);
  // Saved again in the meantime, or nobody waits any more: what was found may be about earlier settings.
  if (signal.aborted || directory.find(key)?.revision !== entry.revision) throw new RequestError("version-changed");
  const newTools = entry.settings.newTools ?? "needs_approval";
  if (hasList(probe)) pins.observe(key, probe.tools, { scope: "whole", newTools, takesFirst: true, by: staff.name });
  statuses.tested(key, probe);
  await Promise.all([pins.settled(), statuses.settled()]);
  return { ...versionedServer(ports, knownServer(ports, key)), tools: shownTools(ports, key), leftOut: probe.leftOut };
}
