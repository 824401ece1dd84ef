import { type Connections, createConnections, type ConnectionsPorts } from "../../server/oauth/connections.ts";
import type { OAuthServerSettings } from "../../server/oauth/oauth-settings.ts";
import type { Connected } from "../../server/oauth/sign-in-tickets.ts";
import { systemClock } from "../../server/start/system-clock.ts";
import type { Clock } from "../../server/foundation/clock.ts";
import type { Log } from "../../server/foundation/log.ts";
import { createSecretBox } from "../../server/guard/secrets/secret-box.ts";
import { createGuardedFetch } from "../../server/guard/network/guarded-fetch.ts";
import { createMemoryDocuments, type MemoryDocuments } from "./memory-documents.ts";
import { OAuthVisitor } from "./oauth-visitor.ts";

export const PUBLIC_URL = "http://localhost:4400";
export const STAFF = { kind: "person", id: "person-0001", name: "Ada" } as const;

/** Connections for tests, with a clock that can be moved on and everything that was said. */
export interface ConnectionsStage extends Connections {
  readonly documents: MemoryDocuments;
  readonly connected: Connected[];
  /** Servers whose shared sign-in was made. */
  readonly sharedMade: string[];
  readonly logged: string[];
  readonly settings: Map<string, OAuthServerSettings>;
  advance(ms: number): void;
  /** Signs a customer in by hand, as the browser would, and answers with the connection's id. */
  signIn(server: string, customerId: string, scopes?: readonly string[]): Promise<string>;
}

export function connectionsStage(servers: readonly OAuthServerSettings[], options: Partial<ConnectionsPorts> = {}): ConnectionsStage {
  const documents = createMemoryDocuments();
  const settings = new Map(servers.map((server) => [server.key, server]));
  const connected: Connected[] = [];
  const sharedMade: string[] = [];
  const logged: string[] = [];
  let moved = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + moved };
  const say = (fields: unknown, message: string): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { info: say, warn: say, error: say };
  const connections = createConnections({
    documents,
    box: createSecretBox({ keys: [Buffer.alloc(32, 7)] }),
    fetch: createGuardedFetch({ allowPrivate: ["localhost", "127.0.0.1"] }),
    clock,
    log,
    publicUrl: () => PUBLIC_URL,
    servers: (key) => settings.get(key),
    onConnected: (one) => void connected.push(one),
    onShared: (server) => void sharedMade.push(server),
    mayConnect: async () => true,
    ...options,
  });
  return {
    ...connections,
    documents,
    connected,
    sharedMade,
    logged,
    settings,
    advance: (ms) => void (moved += ms),
    async signIn(server, customerId, scopes = []) {
      const found = settings.get(server);
      if (found === undefined) throw new Error(`No server ${server}.`);
      const owner = { kind: "customer", id: customerId } as const;
      const started = await connections.flow.start({ settings: found, owner, scopes });
      const back = await new OAuthVisitor().signIn(started.authorizationUrl, started.client.redirectUri);
      const code = back.searchParams.get("code");
      if (code === null || back.searchParams.get("state") !== started.state) throw new Error(`No code came back: ${back.search}`);
      const iss = back.searchParams.get("iss") ?? undefined;
      return connections.flow.finish({ settings: found, owner, by: { kind: "system", id: "test", name: "Test" } }, started, { code, iss });
    },
  };
}
