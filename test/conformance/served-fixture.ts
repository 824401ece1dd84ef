/** The suite's fixture behind the door of a published server, and a way to it for programs that can send no key. */
import { createServer, request, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Staff } from "../../server/identity/staff/actions.ts";
import { AttemptLimits } from "../../server/guard/limits/attempt-limits.ts";
import { createMemoryLimiters } from "../../server/guard/limits/memory-limiters.ts";
import { KeyLimits } from "../../server/publish/door/key-limits.ts";
import { LastRefusals } from "../../server/publish/door/last-refusals.ts";
import { McpGateway } from "../../server/publish/door/mcp-gateway.ts";
import { withOwnServer } from "../../server/publish/tools/own-server.ts";
import { PublishedEndpoint } from "../../server/publish/door/published-endpoint.ts";
import { createReachable } from "../../server/publish/door/reachable.ts";
import { LivePublished } from "../../server/setup/published-servers/live-published.ts";
import { Grants } from "../../server/grants/grants.ts";
import { PublishedKeys } from "../../server/setup/published-servers/published-keys.ts";
import { PublishedServers } from "../../server/setup/published-servers/published-servers.ts";
import { systemClock } from "../../server/start/system-clock.ts";
import { createMemoryDocuments } from "../support/memory-documents.ts";
import { fixtureSurface } from "./fixture-surface.ts";

export interface Served {
  readonly url: string;
  readonly key: string;
  close(): Promise<void>;
}

const ADMIN: Staff = { kind: "person", id: "ada", name: "Ada", roles: ["admin"], groups: [] };
const quiet = { info: () => undefined, warn: () => undefined, error: (...said: unknown[]) => console.error(...said) };

/** The door, the keys, the limits, the eras and the sessions are those of published servers; only the tools are the suite's. */
export async function servedFixture(): Promise<Served> {
  const documents = createMemoryDocuments();
  const clock = systemClock;
  const calls = { first: async () => ({}), list: async () => [] };
  const none = { goodKeys: () => 0, refused: () => undefined, sourceFault: async () => undefined };
  const servers = new PublishedServers({ documents, clock, calls, publicUrl: () => "", ...none });
  const { value } = await servers.create(ADMIN, { name: "Fixture", tools: [], callsPerMinute: 10_000 });
  const { key } = await new PublishedKeys({ documents, clock, servers }).create(ADMIN, value.id, { name: "suite" });
  const live = new LivePublished({ documents, clock, log: quiet, findStaff: async () => ADMIN, mayPublish: async () => true });
  await live.reload();
  const make = await fixtureSurface();
  const endpoint = new PublishedEndpoint(value.id, { make, used: () => undefined, clock, log: quiet });
  const limiters = createMemoryLimiters();
  const gateway = new McpGateway({
    live: withOwnServer({ live, grants: new Grants({ documents, clock, live, findPerson: async () => undefined }) }),
    reachedOrigin: () => "",
    publicUrl: () => "",
    basePath: "",
    endpointOf: () => endpoint,
    limits: new KeyLimits({ limiters, clock }),
    attempts: new AttemptLimits({ limiters, log: quiet }),
    refused: new LastRefusals(clock),
    reachable: createReachable({ origins: () => [], trustedProxies: 0, allowPrivate: [] }),
    trustedProxies: 0,
    isStopping: () => false,
    log: quiet,
  });
  const server = createServer((asked, response) => void gateway.handle(asked, response));
  const url = `${await listening(server)}/${value.id}`;
  return {
    url,
    key,
    close: async () => {
      gateway.close();
      await endpoint.close();
      await closed(server);
    },
  };
}

/** Passes everything on as it comes, with the key: the suite cannot send one. */
export async function withKey({ url, key }: Pick<Served, "url" | "key">): Promise<Pick<Served, "url" | "close">> {
  const target = new URL(url);
  const server = createServer((asked, response) => {
    const to = request(
      {
        host: target.hostname,
        port: target.port,
        path: target.pathname,
        method: asked.method,
        headers: { ...asked.headers, "x-api-key": key },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    to.on("error", () => response.destroy());
    response.on("close", () => to.destroy());
    asked.pipe(to);
  });
  return { url: `${await listening(server)}/mcp`, close: () => closed(server) };
}

async function listening(server: HttpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closed(server: HttpServer): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
