import { betterAuth } from "better-auth/minimal";
import { genericOAuth, type GenericOAuthConfig } from "better-auth/plugins/generic-oauth";
import { basePathOf } from "../../foundation/base-path.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { DocumentStore } from "../../documents/ports.ts";
import { accountDocuments } from "./account-documents.ts";
import type { OidcSettings } from "./oidc-provider.ts";
import type { PasswordHashing } from "./password-account.ts";
import { personBody } from "./person-record.ts";
import { cookiePrefix } from "./session-cookie.ts";

export const SESSION_SECONDS = 7 * 24 * 60 * 60;
/** A session that is used after this long gets its whole time again. */
export const SESSION_RENEWED_SECONDS = 24 * 60 * 60;

export interface StaffAccountsPorts {
  readonly documents: DocumentStore;
  readonly clock: Pick<Clock, "now" | "id">;
  readonly log: Log;
  /** Signs the cookies. `createAuthenticate` gets the same one. */
  readonly sessionSecret: string;
  /** How browsers reach the server. */
  readonly publicUrl: string;
  readonly ownOrigins: () => readonly string[];
  readonly oidc?: OidcSettings;
  readonly passwords: PasswordHashing;
  /** The guarded fetch, for the identity provider. */
  readonly fetch: typeof fetch;
}

export interface SignInLibrary {
  handle(request: Request): Promise<Response>;
  /** The id of the person with this address. */
  personOf(email: string): Promise<string | undefined>;
}

/** The sign-in library as we set it up: what it may do, where it keeps its rows, and who is let in. */
export function openSignInLibrary(ports: StaffAccountsPorts, provider: GenericOAuthConfig | undefined): SignInLibrary {
  const { documents, clock, log, publicUrl } = ports;
  const library = betterAuth({
    appName: "Frontdesk",
    // With a path in it, the library would leave out `basePath`.
    baseURL: new URL(publicUrl).origin,
    basePath: authPathOf(publicUrl),
    secret: ports.sessionSecret,
    trustedOrigins: () => [...ports.ownOrigins()],
    database: accountDocuments({ documents, now: () => clock.now() }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 10,
      maxPasswordLength: 128,
      autoSignIn: false,
      password: ports.passwords,
    },
    session: { expiresIn: SESSION_SECONDS, updateAge: SESSION_RENEWED_SECONDS, cookieCache: { enabled: false } },
    user: { deleteUser: { enabled: false }, changeEmail: { enabled: false } },
    account: {
      // The browser keeps, encrypted, what a sign-in at the provider needs until it comes back. So nobody can fill the
      // database by starting many.
      storeStateStrategy: "cookie",
      // An invited person is recognised by their address, if the provider says that it is theirs.
      accountLinking: { enabled: true, requireLocalEmailVerified: false, trustedProviders: [] },
    },
    // Ours counts failures only, for each network.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    advanced: cookiesAndIds(clock, publicUrl),
    databaseHooks: {
      session: {
        create: {
          before: async (session) => ((await isAdmitted(ports, session.userId)) ? undefined : false),
          after: (session) => noteSignIn(ports, session.userId),
        },
      },
    },
    // The library's own lines may contain what people typed, so only its message is logged.
    logger: { level: "error", log: (_level, message) => log.warn({ message }, "The sign-in of staff reported a fault.") },
    plugins: provider === undefined ? [] : [genericOAuth({ config: [provider] })],
  });

  return {
    handle: (request) => library.handler(request),
    async personOf(email) {
      const { internalAdapter } = await library.$context;
      return (await internalAdapter.findUserByEmail(email))?.user.id;
    },
  };
}

/** Where browsers sign in, as the path is outside. */
export function authPathOf(publicUrl: string): string {
  return `${basePathOf(publicUrl)}/api/auth`;
}

/** Where the session is, and how rows are named: the same for everybody who reads sessions. */
export function cookiesAndIds(clock: Pick<Clock, "id">, publicUrl: string) {
  const isHttps = publicUrl.startsWith("https:");
  const basePath = basePathOf(publicUrl);
  return {
    // Stated here, because the library skips these checks where NODE_ENV is "test".
    disableOriginCheck: false,
    disableCSRFCheck: false,
    // The library would put `__Secure-` before any name, so it gets the whole name, and `secure` is said below.
    cookiePrefix: cookiePrefix({ isHttps, basePath }),
    useSecureCookies: false,
    defaultCookieAttributes: { httpOnly: true, sameSite: "lax", secure: isHttps, path: basePath || "/" },
    database: { generateId: () => clock.id() },
    ipAddress: { disableIpTracking: true },
  } as const;
}

async function isAdmitted({ documents, clock }: StaffAccountsPorts, userId: string): Promise<boolean> {
  const person = await documents.get("person", userId, clock.now());
  return person !== undefined && !personBody.parse(person.body).disabled;
}

async function noteSignIn({ documents, clock }: StaffAccountsPorts, userId: string): Promise<void> {
  const person = await documents.get("person", userId, clock.now());
  if (person === undefined) return;
  const body = personBody.parse(person.body);
  const at = clock.now();
  const joined = { do: "replace", kind: "person", id: userId, body: { ...body, joinedAt: at }, ifVersion: person.version } as const;
  await documents.write(body.joinedAt === undefined ? [joined] : [], {
    at,
    audit: [{ by: { kind: "person", id: userId, name: body.name }, action: "session.sign-in", target: { kind: "person", id: userId } }],
  });
}
