/** Joins what staff use: the REST API, signing in, one-time links, and the pages of sign-ins at MCP servers. All of it is loaded with its first request. */
import type { IncomingMessage } from "node:http";
import type { Configuration } from "../configuration/read-configuration.ts";
import type { StaffDesk } from "../conversation/staff-desk.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import { addressOf } from "../guard/network/address.ts";
import { AttemptLimits } from "../guard/limits/attempt-limits.ts";
import type { Limiters } from "../guard/limits/limiters.ts";
import type { SecretBox } from "../guard/secrets/secret-box.ts";
import type { Mount } from "../http/application.ts";
import type { Route } from "../http/api/route.ts";
import { ApiKeys } from "../identity/staff/api-keys.ts";
import { createAuthenticate } from "../identity/staff/authenticate.ts";
import { FirstAdmin } from "../identity/staff/first-admin.ts";
import { scryptPasswords } from "../identity/staff/password-account.ts";
import type { Prober } from "../tools/probe/prober.ts";
import type { OpenedSqlite } from "../store/sqlite/sqlite-store.ts";
import { lazily } from "../foundation/lazily.ts";
import type { Owners } from "./owners.ts";
import type { LazyConnections } from "./sign-ins.ts";

export interface ApiPartOptions {
  readonly configuration: Configuration;
  readonly owners: Owners;
  readonly connections: LazyConnections;
  readonly prober: Prober;
  readonly limiters: Limiters;
  readonly journal: Pick<OpenedSqlite, "find" | "readBefore" | "readResult" | "findApproval" | "conversations">;
  readonly desk: StaffDesk;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly log: Log;
  /** The guarded one. */
  readonly fetch: typeof fetch;
  /** Signs the cookies of staff. */
  readonly sessionSecret: string;
  readonly adminKey: string | undefined;
  readonly publicUrl: () => string;
  readonly ownOrigins: () => readonly string[];
  readonly isHttps: boolean;
  readonly trustedProxies: number;
  readonly version: string;
}

export interface ApiPart {
  readonly mounts: readonly Mount[];
  readonly firstAdmin: FirstAdmin;
}

export function apiPart(options: ApiPartOptions): ApiPart {
  const { configuration, owners, connections, clock, log, publicUrl, ownOrigins, isHttps, sessionSecret, adminKey, trustedProxies } =
    options;
  const { documents } = owners;
  const firstAdmin = new FirstAdmin({ documents, clock, log, lock: owners.lock, passwords: scryptPasswords });
  const apiKeys = new ApiKeys({ documents, clock });
  const attempts = new AttemptLimits({ limiters: options.limiters, log });
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
      fetch: options.fetch,
    }),
  );
  const routes = lazily(() => loadRoutes(options, { apiKeys, firstAdmin }));
  const pages = async () => {
    const [http, { clientDocument }, { tickets }] = await Promise.all([
      import("../http/pages/connect-routes.ts"),
      import("../oauth/client-metadata.ts"),
      connections.load(),
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
            secrets: options.box,
            clock,
            log,
            limits: DEFAULT_API_LIMITS,
            ownOrigins,
            publicUrl,
            version: options.version,
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

/** Every operation of the API. */
async function loadRoutes(
  options: ApiPartOptions,
  identity: { readonly apiKeys: ApiKeys; readonly firstAdmin: FirstAdmin },
): Promise<readonly Route[]> {
  const { makeRoutes } = await import("./routes.ts");
  return makeRoutes(options, identity);
}
