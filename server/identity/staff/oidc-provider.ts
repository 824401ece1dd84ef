import type { GenericOAuthConfig } from "better-auth/plugins/generic-oauth";
import * as z from "zod";

/** The OpenID Connect provider that staff sign in with. */
export interface OidcSettings {
  readonly name?: string | undefined;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  /** Separated by spaces. */
  readonly scope: string;
}

export const OIDC_PROVIDER_ID = "oidc";

const LONGEST_ANSWER = 256 * 1024;

const discoverySchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url({ protocol: /^https?$/ }),
  token_endpoint: z.url({ protocol: /^https?$/ }),
  userinfo_endpoint: z.url({ protocol: /^https?$/ }),
});
const tokenSchema = z.object({ access_token: z.string().min(1), id_token: z.string() });
const claimsSchema = z.object({
  iss: z.string(),
  sub: z.string().min(1),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.number(),
});
const userSchema = z.object({
  sub: z.string().min(1),
  email: z.email(),
  email_verified: z.union([z.boolean(), z.stringbool()]).default(false),
  name: z.string().optional(),
});

/**
 * The provider in the form that the sign-in library takes. Every request to it is made here, through `guardedFetch`.
 * The ID token comes straight from the token endpoint, so its issuer, audience and time are checked and its signature
 * is not (OpenID Connect Core 3.1.3.7, item 6). PKCE binds the code to the browser. Throws if the provider cannot be
 * reached or is not the configured one.
 */
export async function oidcProvider(settings: OidcSettings, guardedFetch: typeof fetch): Promise<GenericOAuthConfig> {
  const { issuer, clientId, clientSecret } = settings;
  const discovery = await read(guardedFetch, `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`, {}, discoverySchema);
  if (discovery.issuer.replace(/\/$/, "") !== issuer.replace(/\/$/, ""))
    throw new Error(`The sign-in provider at ${issuer} calls itself ${discovery.issuer}. Set staff.oidc.issuer to exactly that.`);

  return {
    providerId: OIDC_PROVIDER_ID,
    name: settings.name ?? "Single sign-on",
    clientId,
    clientSecret,
    authorizationUrl: discovery.authorization_endpoint,
    tokenUrl: discovery.token_endpoint,
    scopes: settings.scope.split(" ").filter((scope) => scope !== ""),
    pkce: true,
    disableSignUp: true,
    accountSubject: ({ profile }) => String(profile["sub"]),
    async getToken({ code, redirectURI, codeVerifier }) {
      const body = new URLSearchParams({ grant_type: "authorization_code", code, redirect_uri: redirectURI });
      if (codeVerifier !== undefined) body.set("code_verifier", codeVerifier);
      const headers: Record<string, string> = { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" };
      if (clientSecret === undefined) body.set("client_id", clientId);
      else headers["Authorization"] = `Basic ${Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`).toString("base64")}`;
      const tokens = await read(guardedFetch, discovery.token_endpoint, { method: "POST", headers, body }, tokenSchema);
      return { accessToken: tokens.access_token, idToken: tokens.id_token };
    },
    async getUserInfo({ accessToken, idToken }) {
      const claims = claimsSchema.parse(payloadOf(idToken ?? ""));
      const audience = [claims.aud].flat();
      if (claims.iss !== discovery.issuer || !audience.includes(clientId) || claims.exp * 1000 < Date.now())
        throw new Error("The sign-in provider's ID token is for another client, or too old.");
      const headers = { Authorization: `Bearer ${accessToken ?? ""}`, Accept: "application/json" };
      const user = await read(guardedFetch, discovery.userinfo_endpoint, { headers }, userSchema);
      if (user.sub !== claims.sub) throw new Error("The sign-in provider's answers are about two different people.");
      return { sub: user.sub, id: user.sub, email: user.email, emailVerified: user.email_verified, name: user.name ?? user.email };
    },
  };
}

async function read<Schema extends z.ZodType>(
  guardedFetch: typeof fetch,
  url: string,
  init: RequestInit,
  schema: Schema,
): Promise<z.output<Schema>> {
  const response = await guardedFetch(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(10_000) });
  const text = await response.text();
  if (!response.ok || text.length > LONGEST_ANSWER) throw new Error(`The sign-in provider answered ${response.status} at ${url}.`);
  return schema.parse(JSON.parse(text));
}

function payloadOf(token: string): unknown {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
}

/** RFC 6749, 2.3.1: the parts of the Basic header are form-encoded first. */
function formEncoded(text: string): string {
  return new URLSearchParams({ text }).toString().slice("text=".length);
}
