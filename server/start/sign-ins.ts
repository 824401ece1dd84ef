import type { Connections, ConnectionsOptions } from "../oauth/connections.ts";
import type { SignIns } from "../conversation/ports/sign-ins.ts";
import type { Prober } from "../tools/probe/prober.ts";
import type { Authorizations } from "../tools/mcp/servers/ports.ts";
import { lazily } from "../foundation/lazily.ts";

/** Sign-ins at MCP servers, loaded when somebody first needs one: most servers never do. */
export interface LazyConnections {
  readonly load: () => Promise<Connections>;
  readonly authorizations: Authorizations;
  readonly signIns: SignIns;
}

export function lazyConnections(options: ConnectionsOptions): LazyConnections {
  const load = lazily(async () => (await import("../oauth/connections.ts")).createConnections(options));
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
