import { afterAll, beforeAll, expect, it } from "vitest";
import { oauthServerOf } from "../../server/oauth/oauth-settings.ts";
import { systemClock } from "../../server/start/system-clock.ts";
import { createGuardedFetch } from "../../server/guard/network/guarded-fetch.ts";
import { createProber } from "../../server/tools/probe/probe-server.ts";
import { isRemote } from "../../server/tools/mcp/servers/settings.ts";
import { connectionsStage, STAFF } from "../support/connections-stage.ts";
import { type ProviderPeer, startProvider } from "../support/oauth-process.ts";
import { waitFor } from "../support/wait-for.ts";
import { ADMIN, SIGNAL, testRegistry } from "./registry-harness.ts";

let peer: ProviderPeer;
beforeAll(async () => {
  const service = { client_id: "service", client_secret: "service-secret", token_endpoint_auth_method: "client_secret_basic" };
  peer = await startProvider({ clients: [{ ...service, grant_types: ["client_credentials"], redirect_uris: [], response_types: [] }] });
});
afterAll(() => peer.stop());

it("a server with a sign-in says what is missing, and shows its tools as soon as its shared account is connected", async () => {
  const stage = connectionsStage([], {
    servers: (key) => {
      const settings = registry.directory.find(key)?.settings;
      return settings !== undefined && isRemote(settings) ? oauthServerOf(settings) : undefined;
    },
    onShared: (server, by) => registry.checks.soon(server, by.name),
  });
  const guarded = createGuardedFetch({ allowPrivate: ["localhost", "127.0.0.1"] });
  const prober = createProber({ fetch: guarded, clock: systemClock, authorizations: stage.authorizations });
  const registry = await testRegistry({ prober });
  const oauth = { grant: "client_credentials", clientId: "service", clientSecret: "service-secret", scope: "orders:read" };
  const made = await registry.create({ key: "orders", url: peer.url, connectTimeoutMs: 30_000, auth: { kind: "oauth", oauth } });
  expect(made.server.status).toMatchObject({ status: "disconnected", reason: "authentication-failed", asks: "oauth" });
  expect(made.server.status.advice).toContain("POST /api/v1/mcp-servers/orders/connections");
  expect(made.tools).toEqual([]);

  registry.checks.start();
  expect(await stage.shared.begin("orders", STAFF)).toMatchObject({ status: "connected" });
  await waitFor(() => registry.statuses.of("orders").status === "connected");
  // Whoever connected it has set it up: its first tools are taken as reviewed, like those of a server with headers.
  expect(await registry.toolRows.ofServer(ADMIN, "orders", { limit: 200 })).toMatchObject([
    { name: "refund", state: "accepted", acceptedBy: STAFF.name },
    { name: "whoami", state: "accepted", acceptedBy: STAFF.name },
  ]);

  // Its provider ends the sign-in without telling anybody.
  await peer.revokeAll();
  const tested = await registry.servers.test(ADMIN, "orders", SIGNAL);
  expect(tested.server.status).toMatchObject({ status: "connected" });
  await registry.close();
});

it("a server with OAuth that lists its tools to anybody needs a sign-in all the same", async () => {
  const openPeer = await startProvider({ openList: true });
  const stage = connectionsStage([], { servers: () => undefined });
  const guarded = createGuardedFetch({ allowPrivate: ["localhost", "127.0.0.1"] });
  const registry = await testRegistry({
    prober: createProber({ fetch: guarded, clock: systemClock, authorizations: stage.authorizations }),
  });
  const made = await registry.create({ key: "orders", url: openPeer.url, connectTimeoutMs: 30_000, auth: { kind: "oauth" } });
  expect(made.server.status).toMatchObject({ status: "disconnected", reason: "authentication-failed", asks: "oauth", signIn: "first" });
  expect(made.tools.map(({ name }) => name)).toEqual(["refund", "whoami"]);
  await registry.close();
  await openPeer.stop();
});
