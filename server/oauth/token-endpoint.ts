import * as z from "zod";
import type { AuthorizationServer } from "./authorization-server.ts";
import { originOf } from "./authorization-server.ts";
import { splitScopes } from "./challenge.ts";
import type { OAuthClient } from "./client-registration.ts";
import { postForm, type Fetch, type OAuthAnswer } from "./oauth-http.ts";
import { SignInError } from "./sign-in-error.ts";

/** The answer to a token request. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** Undefined: the server does not say. */
  readonly expiresInMs: number | undefined;
  /** Undefined: the requested ones. */
  readonly scopes: readonly string[] | undefined;
}

/** A number, as a text too. Nothing else says how long: an empty text is no zero. */
const seconds = z.union([z.number(), z.string().trim().min(1).transform(Number)]).pipe(z.number().min(0));
const tokenSchema = z.object({
  access_token: z
    .string()
    .min(1)
    .max(64_000)
    .regex(/^[\x21-\x7E]+$/),
  // Required, and forgotten by some: what else could it be.
  token_type: z.string().max(100).default("Bearer"),
  refresh_token: z
    .string()
    .max(64_000)
    .transform((token) => token || undefined)
    .optional(),
  expires_in: seconds.optional().catch(undefined),
  scope: z
    .union([
      z.string().max(30_000),
      z
        .array(z.string().max(1_000))
        .max(500)
        .transform((scopes) => scopes.join(" ")),
    ])
    .optional(),
});
const errorSchema = z.object({
  error: z
    .string()
    .max(200)
    .regex(/^[\x20-\x7E]+$/),
});
/** A year: longer promises are not relied on. */
const LONGEST_MS = 365 * 24 * 3_600_000;

/**
 * Sends a request to the token endpoint (RFC 6749 section 3.2). Throws `SignInError` with the server's `error` as its
 * code.
 */
export async function requestTokens(
  fetch: Fetch,
  server: AuthorizationServer,
  client: OAuthClient,
  parameters: Readonly<Record<string, string>>,
): Promise<Tokens> {
  const form = new URLSearchParams(parameters);
  const headers = authenticate(client, server.tokenAuthMethods, form);
  const answer = await postForm(fetch, server.tokenEndpoint, form, headers);
  if (!isSuccess(answer)) throw refusal(answer, server);
  const parsed = tokenSchema.safeParse(answer.json);
  if (!parsed.success) {
    if (errorSchema.safeParse(answer.json).success) throw refusal(answer, server);
    throw new SignInError("metadata", `${originOf(server.issuer)} answered the token request with something that cannot be read.`);
  }
  const { access_token: accessToken, token_type: type, refresh_token: refreshToken, expires_in: expiresIn, scope } = parsed.data;
  if (type.toLowerCase() !== "bearer") {
    throw new SignInError(
      "metadata",
      `${originOf(server.issuer)} gives tokens of the unknown type ${type}; only Bearer tokens can be used.`,
    );
  }
  return {
    accessToken,
    refreshToken,
    expiresInMs: expiresIn === undefined ? undefined : Math.min(expiresIn * 1000, LONGEST_MS),
    scopes: scope === undefined || scope === "" ? undefined : splitScopes(scope),
  };
}

/** Asks the authorization server to revoke a token (RFC 7009), if it supports that. Throws `SignInError`. */
export async function revokeToken(
  fetch: Fetch,
  server: AuthorizationServer,
  client: OAuthClient,
  token: { readonly value: string; readonly hint: "access_token" | "refresh_token" },
): Promise<void> {
  if (server.revocationEndpoint === undefined) return;
  const form = new URLSearchParams({ token: token.value, token_type_hint: token.hint });
  const headers = authenticate(client, server.revocationAuthMethods ?? server.tokenAuthMethods, form);
  const answer = await postForm(fetch, server.revocationEndpoint, form, headers);
  if (!isSuccess(answer)) throw refusal(answer, server);
}

function isSuccess({ status }: OAuthAnswer): boolean {
  return status >= 200 && status <= 299;
}

/** Adds the client's proof to the form or the headers (RFC 6749 section 2.3.1). */
function authenticate(client: OAuthClient, supported: readonly string[] | undefined, form: URLSearchParams): Record<string, string> {
  const { id, secret } = client;
  const method = authMethodOf(client, supported);
  if (secret === undefined || method === "none") {
    form.set("client_id", id);
    return {};
  }
  if (method === "client_secret_post") {
    form.set("client_id", id);
    form.set("client_secret", secret);
    return {};
  }
  const credentials = Buffer.from(`${formEncode(id)}:${formEncode(secret)}`, "utf8").toString("base64");
  return { authorization: `Basic ${credentials}` };
}

function authMethodOf({ secret, authMethod }: OAuthClient, supported: readonly string[] | undefined): string {
  if (secret === undefined) return "none";
  const known = ["client_secret_basic", "client_secret_post", "none"];
  if (authMethod !== undefined && known.includes(authMethod) && (supported?.includes(authMethod) ?? true)) return authMethod;
  // If the server does not say, it must at least support Basic.
  if (supported === undefined) return "client_secret_basic";
  return known.find((method) => supported.includes(method)) ?? "client_secret_post";
}

function formEncode(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}

function refusal({ status, json }: OAuthAnswer, server: AuthorizationServer): SignInError {
  const parsed = errorSchema.safeParse(json);
  const code = parsed.success ? parsed.data.error : undefined;
  const passing = status >= 500 || status === 429 || code === "temporarily_unavailable" || code === "server_error";
  const said = code === undefined ? `${status}` : `${status}, ${code}`;
  return new SignInError(
    passing ? "unreachable" : "refused",
    `${originOf(server.issuer)} refused the sign-in (${said}).`,
    code === undefined ? {} : { code },
  );
}
