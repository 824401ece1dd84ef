import { betterAuth } from "better-auth/minimal";
import { genericOAuth, type GenericOAuthConfig } from "better-auth/plugins/generic-oauth";
import * as z from "zod";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { AuditActor, AuditDraft, DocumentStore } from "../../documents/ports.ts";
import { accountDocuments } from "./account-documents.ts";
import { type OidcSettings, oidcProvider } from "./oidc-provider.ts";
import type { PasswordHashing } from "./password-account.ts";
import { personBody } from "./person-record.ts";
import { COOKIE_PREFIX } from "./session-cookie.ts";

export const SESSION_SECONDS = 7 * 24 * 60 * 60;
/** After this long the next look at the session gives it its whole time again. */
const SESSION_RENEWED_SECONDS = 24 * 60 * 60;

export interface StaffAccountsOptions {
  readonly documents: DocumentStore;
  readonly clock: Pick<Clock, "now" | "id">;
  readonly log: Log;
  /** Signs the cookies; the same as `createAuthenticate` is given. */
  readonly sessionSecret: string;
  /** How browsers reach the server. */
  readonly publicUrl: string;
  readonly ownOrigins: () => readonly string[];
  readonly oidc?: OidcSettings;
  readonly passwords: PasswordHashing;
  /** The guarded fetch; for the identity provider. */
  readonly fetch: typeof fetch;
}

/** Signing in and out, below `/api/auth`. */
export interface StaffAccounts {
  /** `signedIn` is who the request's session belongs to, for the audit log. */
  handle(request: Request, signedIn: AuditActor | undefined): Promise<Response>;
}

const PROVIDER_RETRY_MS = 30_000;
const NOBODY: AuditActor = { kind: "system", id: "nobody", name: "nobody" };

type Library = ReturnType<typeof openLibrary>;

/**
 * Staff accounts by better-auth: passwords (scrypt), sessions, and an OpenID Connect provider if one is configured. Nobody can register. Loading this file loads
 * the library, so import it late.
 */
export async function createStaffAccounts(options: StaffAccountsOptions): Promise<StaffAccounts> {
  const { documents, clock } = options;
  let opened = await open();

  /** While the identity provider cannot be reached, passwords still work, and it is tried again after a while. */
  async function open(): Promise<{ readonly auth: Library; readonly retryAt: number | undefined }> {
    const provider = options.oidc && (await reachProvider(options.oidc, options));
    const isComplete = options.oidc === undefined || provider !== undefined;
    return { auth: openLibrary(options, provider), retryAt: isComplete ? undefined : clock.now() + PROVIDER_RETRY_MS };
  }

  const audit = (entry: AuditDraft): Promise<void> => documents.write([], { at: clock.now(), audit: [entry] });

  return {
    async handle(request, signedIn) {
      const path = new URL(request.url).pathname.replace(/^\/api\/auth/, "");
      const typed = path === "/sign-in/email" ? await typedEmail(request) : undefined;
      if (opened.retryAt !== undefined && opened.retryAt <= clock.now()) opened = await open();
      const response = await opened.auth.handler(request);
      if (typed !== undefined && response.status >= 400) {
        await audit({ by: NOBODY, action: "session.refused", target: { kind: "person", id: await knownPerson(typed) } });
      }
      if (path === "/sign-out" && response.ok && signedIn !== undefined) {
        await audit({ by: signedIn, action: "session.sign-out", target: { kind: "person", id: signedIn.id } });
      }
      if (path === "/change-password" && response.ok && signedIn !== undefined) {
        await audit({ by: signedIn, action: "person.set-password", target: { kind: "person", id: signedIn.id } });
      }
      return withoutToken(response);
    },
  };

  /** Whose address it is. Of others nothing is kept: people type passwords into the wrong field. */
  async function knownPerson(email: string): Promise<string> {
    const { user } = (await (await opened.auth.$context).internalAdapter.findUserByEmail(email)) ?? {};
    return user?.id ?? "unknown";
  }
}

function openLibrary(options: StaffAccountsOptions, provider: GenericOAuthConfig | undefined) {
  const { documents, clock, log, publicUrl } = options;
  const isHttps = publicUrl.startsWith("https:");

  const admit = async (userId: string): Promise<boolean> => {
    const person = await documents.get("person", userId, clock.now());
    return person !== undefined && !personBody.parse(person.body).disabled;
  };

  const noteSignIn = async (userId: string): Promise<void> => {
    const person = await documents.get("person", userId, clock.now());
    if (person === undefined) return;
    const body = personBody.parse(person.body);
    const at = clock.now();
    const joined = { do: "replace", kind: "person", id: userId, body: { ...body, joinedAt: at }, ifVersion: person.version } as const;
    await documents.write(body.joinedAt === undefined ? [joined] : [], {
      at,
      audit: [{ by: { kind: "person", id: userId, name: body.name }, action: "session.sign-in", target: { kind: "person", id: userId } }],
    });
  };

  return betterAuth({
    appName: "Frontdesk",
    baseURL: publicUrl,
    basePath: "/api/auth",
    secret: options.sessionSecret,
    trustedOrigins: () => [...options.ownOrigins()],
    database: accountDocuments({ documents, now: () => clock.now() }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 10,
      maxPasswordLength: 128,
      autoSignIn: false,
      password: options.passwords,
    },
    session: { expiresIn: SESSION_SECONDS, updateAge: SESSION_RENEWED_SECONDS, cookieCache: { enabled: false } },
    user: { deleteUser: { enabled: false }, changeEmail: { enabled: false } },
    account: {
      // What a sign-in over the provider needs until it comes back lies encrypted in the browser: nobody fills the database by beginning many.
      storeStateStrategy: "cookie",
      // Somebody who was invited is known by their address, if the provider says that it is theirs.
      accountLinking: { enabled: true, requireLocalEmailVerified: false, trustedProviders: [] },
    },
    // Ours counts failures only, and per network.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    advanced: {
      // Said aloud, as the library leaves the checks out where NODE_ENV is "test".
      disableOriginCheck: false,
      disableCSRFCheck: false,
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: isHttps,
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", secure: isHttps, path: "/" },
      database: { generateId: () => clock.id() },
      ipAddress: { disableIpTracking: true },
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session) => ((await admit(session.userId)) ? undefined : false),
          after: (session) => noteSignIn(session.userId),
        },
      },
    },
    // The library's own lines may have what people typed in them, so only that there was a fault is said.
    logger: { level: "error", log: (_level, message) => log.warn({ message }, "The sign-in of staff reported a fault.") },
    plugins: provider === undefined ? [] : [genericOAuth({ config: [provider] })],
  });
}

async function reachProvider(
  settings: OidcSettings,
  { fetch: guardedFetch, log }: StaffAccountsOptions,
): Promise<GenericOAuthConfig | undefined> {
  try {
    return await oidcProvider(settings, guardedFetch);
  } catch (error) {
    log.warn(
      { error: String(error), issuer: settings.issuer },
      "The staff's identity provider cannot be used right now; passwords still work.",
    );
    return undefined;
  }
}

const typedSchema = z.object({ email: z.string().max(254) });

async function typedEmail(request: Request): Promise<string> {
  const parsed = typedSchema.safeParse(
    await request
      .clone()
      .json()
      .catch(() => undefined),
  );
  return parsed.success ? parsed.data.email.toLowerCase() : "";
}

/** The session's token belongs into the cookie, where scripts cannot read it, and nowhere else. */
async function withoutToken(response: Response): Promise<Response> {
  if (!/json/.test(response.headers.get("content-type") ?? "")) return response;
  const text = await response.text();
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  const clean = text === "" ? text : JSON.stringify(JSON.parse(text), (key, value: unknown) => (key === "token" ? undefined : value));
  return new Response(clean === "" ? null : clean, { status: response.status, headers });
}
