/** Joins what staff use: the REST API, signing in, one-time links, and the pages of sign-ins at MCP servers. All of it is loaded with its first request. */
import type { IncomingMessage } from "node:http";
import { addressOf } from "../guard/network/address.ts";
import { AttemptLimits } from "../guard/limits/attempt-limits.ts";
import type { Mount } from "../http/application.ts";
import { ApiKeys } from "../identity/staff/api-keys.ts";
import { createAuthenticate } from "../identity/staff/authenticate.ts";
import { FirstAdmin } from "../identity/staff/first-admin.ts";
import { scryptPasswords } from "../identity/staff/password-account.ts";
import { lazily } from "../foundation/lazily.ts";
import { derive } from "../guard/secrets/server-secret.ts";
import type { ApiParts } from "./api-routes.ts";

export interface StaffApi {
  readonly mounts: readonly Mount[];
  readonly firstAdmin: FirstAdmin;
}

export function openStaffApi(parts: ApiParts): StaffApi {
  const { configuration, settings, setup, clock, log, lock, address, fetch } = parts;
  const { adminKey, trustedProxies } = settings;
  const { isHttps, url: publicUrl, origins: ownOrigins } = address;
  const { documents } = setup;
  const sessionSecret = derive(parts.secret, "staff-sessions").toString("base64url");
  const firstAdmin = new FirstAdmin({ documents, clock, log, lock, passwords: scryptPasswords });
  const apiKeys = new ApiKeys({ documents, clock });
  const attempts = new AttemptLimits({ limiters: parts.limiters, log });
  const identify = createAuthenticate({ documents, clock, apiKeys, attempts, sessionSecret, isHttps, adminKey });
  const authenticate = (request: IncomingMessage) =>
    identify({
      authorization: request.headers.authorization,
      cookie: request.headers.cookie,
      address: addressOf(request, trustedProxies),
    });

  const accounts = lazily(async () =>
    (await import("../identity/staff/staff-accounts.ts")).createStaffAccounts({
      documents,
      clock,
      log,
      sessionSecret,
      publicUrl: publicUrl(),
      ownOrigins,
      passwords: scryptPasswords,
      ...(configuration.staff.oidc === undefined ? {} : { oidc: configuration.staff.oidc }),
      fetch,
    }),
  );
  const routes = lazily(async () => (await import("./api-routes.ts")).makeRoutes({ ...parts, apiKeys, firstAdmin }));
  const pages = async () => {
    const [http, { clientDocument }, { tickets }] = await Promise.all([
      import("../http/pages/connect-routes.ts"),
      import("../oauth/client-metadata.ts"),
      parts.connections(),
    ]);
    return { http, given: { pages: tickets, publicUrl, clientDocument } };
  };

  return {
    firstAdmin,
    mounts: [
      {
        path: "/api/v1",
        load: async () => {
          const { createApi, DEFAULT_API_LIMITS } = await import("../http/api/create-api.ts");
          return createApi({
            routes: await routes(),
            authenticate,
            documents,
            secrets: parts.box,
            clock,
            log,
            limits: DEFAULT_API_LIMITS,
            ownOrigins,
            publicUrl,
            version: parts.version,
          });
        },
      },
      {
        path: "/api/auth",
        load: async () =>
          (await import("../http/pages/auth-routes.ts")).authRoutes({
            accounts,
            authenticate,
            attempts,
            publicUrl,
            ownOrigins,
            trustedProxies,
            log,
          }),
      },
      {
        path: "/connect",
        load: async () => {
          const { http, given } = await pages();
          return http.connectRoutes(given);
        },
      },
      {
        path: "/oauth",
        load: async () => {
          const { http, given } = await pages();
          return http.oauthRoutes(given);
        },
      },
    ],
  };
}
