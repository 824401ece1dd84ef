import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createGuardedFetch, type GuardedFetchPorts } from "../../server/guard/network/guarded-fetch.ts";

/** The name of the one server that may be reached. It is allowed by name, so that every address stays refused. */
export const HONEST = "honest.example.test";

/**
 * Names are answered as a resolver would that an attacker does not control: the honest one is here, all others lead
 * where nothing may go.
 */
export const resolveHonest: NonNullable<GuardedFetchPorts["resolve"]> = async (hostname) =>
  hostname === HONEST || /localhost$|internal$/.test(hostname)
    ? [{ address: "127.0.0.1", family: 4 }]
    : [{ address: "198.18.0.1", family: 4 }];

/** A guarded fetch that notes what became of every request. */
export interface WatchedFetch {
  readonly fetch: typeof fetch;
  /** Requests that were let out, to anywhere but the honest server. */
  readonly escaped: string[];
  /** How many the guard refused. */
  readonly refusals: () => number;
}

export function watchedFetch(options: Partial<GuardedFetchPorts> = {}): WatchedFetch {
  const guarded = createGuardedFetch({ allowPrivate: [HONEST], resolve: resolveHonest, ...options });
  const escaped: string[] = [];
  let refused = 0;
  return {
    escaped,
    refusals: () => refused,
    fetch: async (input, init) => {
      const address = typeof input === "string" ? input : input instanceof URL ? input.href : input.url;
      try {
        const response = await guarded(input, init);
        if (URL.parse(address)?.hostname !== HONEST) escaped.push(`${address}: ${response.status}`);
        return response;
      } catch (cause) {
        if (cause instanceof Error && cause.name === "FetchRefusedError") refused += 1;
        else if (URL.parse(address)?.hostname !== HONEST) escaped.push(`${address}: ${String(cause)}`);
        throw cause;
      }
    },
  };
}

/** A server that counts. `origin` is how the honest name reaches it, `port` how an attacker would. */
export interface CountingServer {
  readonly origin: string;
  readonly port: number;
  readonly seen: string[];
  listener: RequestListener;
  close(): Promise<void>;
}

export async function countingServer(): Promise<CountingServer> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url ?? "");
    counting.listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const counting: CountingServer = {
    origin: `http://${HONEST}:${port}`,
    port,
    seen,
    listener: (_, response) => response.writeHead(404).end(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return counting;
}
