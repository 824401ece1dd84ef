import type { IncomingMessage } from "node:http";
import { lazily } from "../foundation/lazily.ts";
import { authorizationServerMetadata, resourceMetadata } from "../grants/metadata.ts";
import { type CountWindow, type Limiters, PER_MINUTE } from "../guard/limits/limiters.ts";
import { derive } from "../guard/secrets/server-secret.ts";
import type { Mount } from "../http/application.ts";
import { createIsOurs, createReachable, reachedOrigin } from "../publish/door/reachable.ts";
import type { Base } from "./open-base.ts";
import type { Published } from "./open-published.ts";
import type { Setup } from "./open-setup.ts";
import type { Storage } from "./open-storage.ts";
import type { StaffApi } from "./staff-api.ts";

type Parts = Base & Storage & Setup & { readonly api: StaffApi; readonly published: Published };

/** Of one network: several people with several programs may be behind it. */
const REQUESTS_PER_MINUTE = 240;
const REGISTRATIONS_PER_HOUR = 60;
const PER_HOUR: CountWindow = { windowMs: 60 * 60_000 };

/** Signing in of programs that use published servers. The authorization server is loaded with the first of them. */
export function openPrograms(parts: Parts): readonly Mount[] {
  const { address, settings, configuration, limiters, setup, api, log } = parts;
  const reach = { origins: address.origins, trustedProxies: settings.trustedProxies, allowPrivate: configuration.network.allowPrivate };
  const serverIdIn = createServerIdIn(parts, createIsOurs(reach));
  const reachable = createReachable(reach);
  const programs = lazily(() => loadPrograms(parts, serverIdIn));
  const metadataAt = (path: string, request: IncomingMessage): Readonly<Record<string, unknown>> | undefined => {
    if (reachable(request) !== undefined) return undefined;
    const { basePath, url: publicUrl } = address;
    if (path === "/oauth-authorization-server" || path === `/oauth-authorization-server${basePath}`)
      return authorizationServerMetadata(publicUrl());
    const resource = path.startsWith("/oauth-protected-resource/") ? path.slice("/oauth-protected-resource".length) : "";
    const id = serverIdIn(`${publicUrl()}${resource.slice(resource.startsWith(`${basePath}/`) ? basePath.length : 0)}`);
    const server = id === undefined ? undefined : setup.published.find(id);
    if (id === undefined || server === undefined || server === "deleted") return undefined;
    return resourceMetadata(`${reachedOrigin(request, reach)}${basePath}/mcp/${id}`, publicUrl());
  };
  return [
    {
      path: "/oauth2",
      load: async () =>
        (await import("../http/pages/program-routes.ts")).programRoutes({
          programs,
          authenticate: (request) => api.authenticate(request),
          unreachable: reachable,
          limits: {
            requests: counting(limiters, { name: "oauth2/requests", window: PER_MINUTE, most: REQUESTS_PER_MINUTE }),
            registrations: counting(limiters, { name: "oauth2/registrations", window: PER_HOUR, most: REGISTRATIONS_PER_HOUR }),
          },
          ownOrigins: address.origins,
          trustedProxies: settings.trustedProxies,
          log,
        }),
    },
    {
      path: "/.well-known",
      load: async () => (await import("../http/pages/well-known-routes.ts")).wellKnownRoutes({ find: metadataAt }),
    },
  ];
}

async function loadPrograms(parts: Parts, serverIdIn: (resource: string) => string | undefined) {
  const { documents, clock, log, lock, setup, fetch, address, secret, published } = parts;
  const { AuthorizationServer } = await import("../grants/authorization-server.ts");
  const server = new AuthorizationServer({
    documents,
    clock,
    log,
    lock,
    live: setup.published,
    grants: setup.grants,
    serverIdIn,
    toolsFor: async (...asked) => (await published.publishedGateway()).toolsFor(...asked),
    sessionSecret: derive(secret, "staff-sessions").toString("base64url"),
    publicUrl: address.url(),
    ownOrigins: address.origins,
    fetch,
  });
  return server;
}

/** The published server that an address is of. Whether there is one is not asked. */
function createServerIdIn({ address }: Parts, isOurs: (url: URL) => boolean): (resource: string) => string | undefined {
  return (resource) => {
    const url = URL.parse(resource);
    const beginning = `${address.basePath}/mcp/`;
    if (url === null || !isOurs(url) || url.search !== "" || url.hash !== "" || !url.pathname.startsWith(beginning)) return undefined;
    return /^([^/]+)\/?$/.exec(url.pathname.slice(beginning.length))?.[1];
  };
}

function counting(
  limiters: Limiters,
  { name, window, most }: { readonly name: string; readonly window: CountWindow; readonly most: number },
) {
  const limiter = limiters.counting(name, window);
  return async (network: string): Promise<number | undefined> => (await limiter.take(network, 1, most))?.retryAfterMs;
}
