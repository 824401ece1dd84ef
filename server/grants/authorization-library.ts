import { randomBytes } from "node:crypto";
import { oauthProvider, type OAuthOptions } from "@better-auth/oauth-provider";
import { isAPIError } from "better-auth/api";
import { betterAuth } from "better-auth/minimal";
import { basePathOf } from "../foundation/base-path.ts";
import { sha256Hex } from "../foundation/canonical-json.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import { libraryDatabase } from "../identity/staff/account-documents.ts";
import { cookiesAndIds, SESSION_SECONDS, SESSION_RENEWED_SECONDS } from "../identity/staff/sign-in-library.ts";
import { clientDocuments } from "./client-documents.ts";
import { ACCESS_PREFIX, REFRESH_PREFIX } from "./grant-record.ts";
import type { ProgramRows } from "./program-rows.ts";
import { SCOPES } from "./scopes.ts";

export interface AuthorizationLibraryPorts {
  readonly rows: ProgramRows;
  readonly clock: Pick<Clock, "now" | "id">;
  readonly log: Log;
  /** Signs the cookies of staff. */
  readonly sessionSecret: string;
  readonly publicUrl: string;
  readonly ownOrigins: () => readonly string[];
  /** The guarded fetch, for descriptions of programs. */
  readonly fetch: typeof fetch;
}

const ACCESS_SECONDS = 60 * 60;
const REFRESH_SECONDS = 30 * 24 * 60 * 60;
/** How long a person may take over the question, and a program over its code. */
const CODE_SECONDS = 10 * 60;
/** An answer that was lost on the way may be asked for again. */
const REPLAY_SECONDS = 30;

/**
 * The sign-in library with its OAuth provider: the same accounts and sessions as the staff's sign-in, behind `/oauth2`
 * instead of `/api/auth`. Access tokens are random and kept as hashes, so that they are over when we say so.
 */
export function openAuthorizationLibrary(ports: AuthorizationLibraryPorts): { handle(request: Request): Promise<Response> } {
  const { rows, clock, log, publicUrl } = ports;
  const page = `${publicUrl}/console/allow`;
  const options: OAuthOptions<string[]> = {
    scopes: [...SCOPES],
    grantTypes: ["authorization_code", "refresh_token"],
    // A token would be good for its hour, whatever happens meanwhile.
    disableJwtPlugin: true,
    storeTokens: { hash: async (token) => sha256Hex(token) },
    generateOpaqueAccessToken: randomToken,
    generateRefreshToken: randomToken,
    prefix: { opaqueAccessToken: ACCESS_PREFIX, refreshToken: REFRESH_PREFIX },
    accessTokenExpiresIn: ACCESS_SECONDS,
    refreshTokenExpiresIn: REFRESH_SECONDS,
    refreshTokenReuseInterval: REPLAY_SECONDS,
    codeExpiresIn: CODE_SECONDS,
    allowDynamicClientRegistration: true,
    allowUnauthenticatedClientRegistration: true,
    allowPublicClientPrelogin: true,
    // Whoever may use a server decides, and not which program asks.
    enforcePerClientResources: false,
    loginPage: page,
    consentPage: page,
    extensions: [{ clientDiscovery: clientDocuments(ports, () => options as OAuthOptions) }],
  };
  const library = betterAuth({
    appName: "Frontdesk",
    baseURL: new URL(publicUrl).origin,
    basePath: basePathOf(publicUrl) || "/",
    secret: ports.sessionSecret,
    trustedOrigins: () => [...ports.ownOrigins()],
    database: libraryDatabase(rows),
    session: { expiresIn: SESSION_SECONDS, updateAge: SESSION_RENEWED_SECONDS, cookieCache: { enabled: false } },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    advanced: cookiesAndIds(clock, publicUrl),
    onAPIError: {
      errorURL: page,
      // A refusal is the answer to whoever asked, and no fault. The library would write it past our log.
      onError: (error) => {
        if (!isAPIError(error)) log.error({ error: String(error) }, "The sign-in of programs failed here.");
      },
    },
    logger: { level: "error", log: (_level, message) => log.warn({ message }, "The sign-in of programs reported a fault.") },
    // Its types do not fit each other where optional properties are exact.
    plugins: [oauthProvider(options) as never],
  });
  return { handle: (request) => library.handler(request) };
}

function randomToken(): string {
  return randomBytes(32).toString("base64url");
}
