import type { SignIns } from "../conversation/ports/sign-ins.ts";
import { lazily } from "../foundation/lazily.ts";
import { createStillMay } from "../identity/staff/still-may.ts";
import type { Connections, ConnectionsPorts } from "../oauth/connections.ts";
import type { Authorizations } from "../tools/mcp/servers/ports.ts";
import type { Base } from "./open-base.ts";
import type { Setup } from "./open-setup.ts";
import { appearanceOf } from "./settings.ts";
import type { Storage } from "./open-storage.ts";

type Connected = Parameters<ConnectionsPorts["onConnected"]>[0];
type Shared = Parameters<NonNullable<ConnectionsPorts["onShared"]>>;

/** Sign-ins at MCP servers. They are loaded when somebody first needs one: most servers never do. */
export interface OpenedSignIns {
  readonly connections: () => Promise<Connections>;
  readonly authorizations: Authorizations;
  readonly signIns: SignIns;
  /** Calls back when the sign-in that a conversation waits for is done. */
  readonly whenConnected: (follow: (connected: Connected) => Promise<void>) => void;
  /** Calls back when a server's shared sign-in was made. */
  readonly whenShared: (follow: (...shared: Shared) => void) => void;
}

export function openSignIns({ settings, clock, log, address, wrap, documents, box, setup, fetch }: Base & Storage & Setup): OpenedSignIns {
  const connectedFollowers: ((connected: Connected) => Promise<void>)[] = [];
  const sharedFollowers: ((...shared: Shared) => void)[] = [];
  const stillMay = createStillMay({ documents, clock, adminKey: settings.adminKey });
  const connections = lazily(async () =>
    (await import("../oauth/connections.ts")).createConnections({
      documents,
      box,
      fetch,
      clock,
      log,
      publicUrl: address.url,
      appearance: appearanceOf(settings),
      servers: setup.oauthServer,
      onConnected: async (connected) => {
        for (const follow of connectedFollowers) await follow(connected);
      },
      onShared: (...shared) => {
        for (const follow of sharedFollowers) follow(...shared);
      },
      mayConnect: (by) => stillMay(by, "connections.write"),
    }),
  );
  return {
    connections,
    authorizations: {
      token: async (...request) => (await connections()).authorizations.token(...request),
      refused: async (...request) => (await connections()).authorizations.refused(...request),
    },
    signIns: wrap("signIns", {
      begin: async (request) => (await connections()).signIns.begin(request),
      wasDeclined: async (request) => (await connections()).signIns.wasDeclined(request),
      list: async (...request) => (await connections()).signIns.list(...request),
      remove: async (...request) => (await connections()).signIns.remove(...request),
    }),
    whenConnected: (follow) => void connectedFollowers.push(follow),
    whenShared: (follow) => void sharedFollowers.push(follow),
  };
}
