import type { Connections, ConnectionsOptions } from "../connections/connections.ts";
import type { SignIns } from "../conversation/ports.ts";
import type { Prober } from "../registry/servers/prober.ts";
import type { Authorizations } from "../tools/ports.ts";
import { lazily } from "../lazily.ts";

/** Sign-ins at MCP servers, loaded when somebody first needs one: most servers never do. */
export interface LazyConnections {
  readonly load: () => Promise<Connections>;
  readonly authorizations: Authorizations;
  readonly signIns: SignIns;
}

export function lazyConnections(options: ConnectionsOptions): LazyConnections {
  const load = lazily(async () => (await import("../connections/connections.ts")).createConnections(options));
  return {
    load,
    authorizations: {
      token: async (...request) => (await load()).authorizations.token(...request),
      refused: async (...request) => (await load()).authorizations.refused(...request),
    },
    signIns: {
      begin: async (request) => (await load()).signIns.begin(request),
      list: async (...request) => (await load()).signIns.list(...request),
      remove: async (...request) => (await load()).signIns.remove(...request),
    },
  };
}

/** Speaking with servers outside of conversations; the MCP client is loaded when it is first done. */
export function lazyProber(load: () => Promise<Prober>): Prober {
  const prober = lazily(load);
  return {
    probe: async (...request) => (await prober()).probe(...request),
    call: async (...request) => (await prober()).call(...request),
  };
}
