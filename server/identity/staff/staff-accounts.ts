import type { GenericOAuthConfig } from "better-auth/plugins/generic-oauth";
import * as z from "zod";
import type { AuditActor, AuditDraft } from "../../documents/ports.ts";
import type { Staff } from "./actions.ts";
import { actorOf } from "./actor-of.ts";
import { type OidcSettings, oidcProvider } from "./oidc-provider.ts";
import { Sessions } from "./sessions.ts";
import { authPathOf, openSignInLibrary, type SignInLibrary, type StaffAccountsPorts } from "./sign-in-library.ts";

/** Signing in and out, below `/api/auth`. */
export interface StaffAccounts {
  /** `signedIn` is the owner of the request's session. If the request signs in, that session ends. */
  handle(request: Request, signedIn: Staff | undefined): Promise<Response>;
}

/** After these, the browser has another session. */
const SIGN_INS: ReadonlySet<string> = new Set(["/sign-in/email", "/callback/oidc"]);
const PROVIDER_RETRY_MS = 30_000;
const NOBODY: AuditActor = { kind: "system", id: "nobody", name: "nobody" };

/**
 * Staff accounts by better-auth: passwords (scrypt), sessions, and an OpenID Connect provider if one is configured.
 * Nobody can register. Loading this file loads the library, so import it late.
 */
export async function createStaffAccounts(ports: StaffAccountsPorts): Promise<StaffAccounts> {
  const { documents, clock } = ports;
  let opened = await open();

  /**
   * While the identity provider cannot be reached, passwords still work, and the provider is tried again after a while.
   */
  async function open(): Promise<{ readonly library: SignInLibrary; readonly retryAt: number | undefined }> {
    const provider = ports.oidc && (await reachProvider(ports.oidc, ports));
    const isComplete = ports.oidc === undefined || provider !== undefined;
    return { library: openSignInLibrary(ports, provider), retryAt: isComplete ? undefined : clock.now() + PROVIDER_RETRY_MS };
  }

  const sessions = new Sessions({ documents, clock });
  const audit = (entry: AuditDraft): Promise<void> => documents.write([], { at: clock.now(), audit: [entry] });

  return {
    async handle(request, signedIn) {
      const path = new URL(request.url).pathname.slice(authPathOf(ports.publicUrl).length);
      const typed = path === "/sign-in/email" ? await typedEmail(request) : undefined;
      if (opened.retryAt !== undefined && opened.retryAt <= clock.now()) opened = await open();
      const response = await opened.library.handle(request);
      if (typed !== undefined && response.status >= 400) {
        await audit({ by: NOBODY, action: "session.refused", target: { kind: "person", id: await knownPerson(typed) } });
      }
      if (signedIn !== undefined && SIGN_INS.has(path) && givesSession(response)) await sessions.endReplaced(signedIn);
      if (path === "/sign-out" && response.ok && signedIn !== undefined) {
        await audit({ by: actorOf(signedIn), action: "session.sign-out", target: { kind: "person", id: signedIn.id } });
      }
      if (path === "/change-password" && response.ok && signedIn !== undefined) {
        await audit({ by: actorOf(signedIn), action: "person.set-password", target: { kind: "person", id: signedIn.id } });
      }
      return withoutToken(response);
    },
  };

  /**
   * The id of the person with this address. Unknown addresses are not kept, because people type passwords into the
   * wrong field.
   */
  async function knownPerson(email: string): Promise<string> {
    return (await opened.library.personOf(email)) ?? "unknown";
  }
}

/** Whether the answer signs the browser in. */
function givesSession(response: Response): boolean {
  return response.headers.getSetCookie().some((line) => /^[\w-]*frontdesk\.session_token=[^;]/.test(line));
}

async function reachProvider(
  settings: OidcSettings,
  { fetch: guardedFetch, log }: StaffAccountsPorts,
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

/** The session's token belongs in the cookie, where scripts cannot read it, and nowhere else. */
async function withoutToken(response: Response): Promise<Response> {
  if (!/json/.test(response.headers.get("content-type") ?? "")) return response;
  const text = await response.text();
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  const clean = text === "" ? text : JSON.stringify(JSON.parse(text), (key, value: unknown) => (key === "token" ? undefined : value));
  return new Response(clean === "" ? null : clean, { status: response.status, headers });
}
