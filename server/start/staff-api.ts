import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { addressOf } from "../guard/network/address.ts";
import { AttemptLimits } from "../guard/limits/attempt-limits.ts";
import type { Operations } from "../http/api/operations.ts";
import type { Mount } from "../http/application.ts";
import { ApiKeys } from "../identity/staff/api-keys.ts";
import { createAuthenticate } from "../identity/staff/authenticate.ts";
import { FirstAdmin } from "../identity/staff/first-admin.ts";
import { createLastingSignIns, type LastingSignIns } from "../identity/staff/lasting-sign-in.ts";
import { scryptPasswords } from "../identity/staff/password-account.ts";
import { sessionCookieName } from "../identity/staff/session-cookie.ts";
import { lazily } from "../foundation/lazily.ts";
import { derive } from "../guard/secrets/server-secret.ts";
import type { StaffAccounts } from "../identity/staff/staff-accounts.ts";
import type { ApiParts } from "./api-routes.ts";
import { appearanceOf } from "./settings.ts";

/** What staff use over HTTP. */
export interface StaffApi {
  readonly mounts: readonly Mount[];
  readonly firstAdmin: FirstAdmin;
  /** Who a request comes from, by a key or a session. Throws `RequestError` `too-many-attempts`. */
  readonly authenticate: Identity["authenticate"];
  /** Who comes to the staff line. */
  readonly signIns: LastingSignIns;
  /** The operations of the REST API, loaded with the first use of them. */
  readonly operations: () => Promise<Operations>;
}

/**
 * The REST API, the sign-in of staff, the console, and the pages of sign-ins at MCP servers. Each is loaded with its first request.
 */
export function openStaffApi(parts: ApiParts): StaffApi {
  const identity = openIdentity(parts);
  const operations = lazily(() => loadOperations(parts, identity));
  return {
    operations,
    firstAdmin: identity.firstAdmin,
    signIns: identity.signIns,
    authenticate: identity.authenticate,
    mounts: [
      apiMount(parts, identity, operations),
      authMount(parts, identity),
      ...signInMounts(parts),
      pictureMount(parts),
      consoleMount(parts),
    ],
  };
}

interface Identity {
  readonly firstAdmin: FirstAdmin;
  readonly apiKeys: ApiKeys;
  readonly attempts: AttemptLimits;
  readonly signIns: LastingSignIns;
  readonly accounts: () => Promise<StaffAccounts>;
  readonly authenticate: (request: IncomingMessage) => ReturnType<ReturnType<typeof createAuthenticate>>;
}

function openIdentity({ configuration, settings, documents, secret, clock, log, lock, limiters, address, fetch }: ApiParts): Identity {
  const sessionSecret = derive(secret, "staff-sessions").toString("base64url");
  const apiKeys = new ApiKeys({ documents, clock });
  const attempts = new AttemptLimits({ limiters, log });
  const identify = createAuthenticate({ documents, clock, apiKeys, attempts, sessionSecret, place: address, adminKey: settings.adminKey });
  const accounts = lazily(async () =>
    (await import("../identity/staff/staff-accounts.ts")).createStaffAccounts({
      documents,
      clock,
      log,
      sessionSecret,
      publicUrl: address.url(),
      ownOrigins: address.origins,
      passwords: scryptPasswords,
      ...(configuration.staff.oidc === undefined ? {} : { oidc: configuration.staff.oidc }),
      fetch,
    }),
  );
  return {
    firstAdmin: new FirstAdmin({ documents, clock, log, lock, passwords: scryptPasswords }),
    apiKeys,
    attempts,
    accounts,
    signIns: createLastingSignIns({ documents, clock, apiKeys, authenticate: identify, sessionSecret, place: address }),
    authenticate: (request) =>
      identify({
        authorization: request.headers.authorization,
        cookie: request.headers.cookie,
        address: addressOf(request, settings.trustedProxies),
      }),
  };
}

async function loadOperations(parts: ApiParts, { apiKeys, firstAdmin }: Identity): Promise<Operations> {
  const [{ Operations }, { apiRoot }, { makeRoutes }] = await Promise.all([
    import("../http/api/operations.ts"),
    import("../http/api/create-api.ts"),
    import("./api-routes.ts"),
  ]);
  const { documents, box: secrets, clock, address } = parts;
  const routes = await makeRoutes({ ...parts, apiKeys, firstAdmin });
  return new Operations({ routes, documents, secrets, clock, root: () => apiRoot(address.url()) });
}

function apiMount(parts: ApiParts, { authenticate }: Identity, operations: StaffApi["operations"]): Mount {
  const load = async () => {
    const { createApi, DEFAULT_API_LIMITS } = await import("../http/api/create-api.ts");
    return createApi({
      operations: await operations(),
      authenticate,
      log: parts.log,
      limits: DEFAULT_API_LIMITS,
      ownOrigins: parts.address.origins,
      publicUrl: parts.address.url,
      version: parts.version,
    });
  };
  return { path: "/api/v1", load };
}

function authMount({ address, settings, log }: ApiParts, { accounts, authenticate, attempts }: Identity): Mount {
  const { url: publicUrl, origins: ownOrigins } = address;
  const { trustedProxies } = settings;
  const load = async () =>
    (await import("../http/pages/auth-routes.ts")).authRoutes({
      accounts,
      authenticate,
      attempts,
      publicUrl,
      ownOrigins,
      trustedProxies,
      log,
    });
  return { path: "/api/auth", load };
}

function signInMounts({ settings, connections, address }: ApiParts): readonly Mount[] {
  const load = async () => {
    const [http, { clientDocument }, { tickets }] = await Promise.all([
      import("../http/pages/connect-routes.ts"),
      import("../oauth/client-metadata.ts"),
      connections(),
    ]);
    const appearance = appearanceOf(settings);
    const given = { pages: tickets, publicUrl: address.url, clientDocument: (url: string) => clientDocument(url, appearance) };
    return { http, given };
  };
  return [
    {
      path: "/connect",
      load: async () => {
        const { http, given } = await load();
        return http.connectRoutes(given);
      },
    },
    {
      path: "/oauth",
      load: async () => {
        const { http, given } = await load();
        return http.oauthRoutes(given);
      },
    },
  ];
}

function pictureMount({ documents, clock }: ApiParts): Mount {
  const load = async () => {
    const [{ pictureRoutes }, { Pictures }] = await Promise.all([
      import("../http/pages/picture-routes.ts"),
      import("../identity/staff/pictures.ts"),
    ]);
    const pictures = new Pictures({ documents, clock });
    return pictureRoutes({ find: (name) => pictures.find(name) });
  };
  return { path: "/pictures", load };
}

function consoleMount({ folder, address, sandbox }: ApiParts): Mount {
  const load = async () =>
    (await import("../http/console/console-routes.ts")).consoleRoutes({
      folder: join(folder, "dist", "console"),
      basePath: address.basePath,
      sessionCookie: sessionCookieName(address),
      sandbox: sandbox.url,
    });
  return { path: "/console", load };
}
