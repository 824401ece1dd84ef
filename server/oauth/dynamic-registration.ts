import * as z from "zod";
import { type AuthorizationServer, originOf } from "./authorization-server.ts";
import { type Appearance, clientMetadata } from "./client-metadata.ts";
import { type Fetch, postJson } from "./oauth-http.ts";
import type { OAuthServerSettings } from "./oauth-settings.ts";
import { SignInError } from "./sign-in-error.ts";

/** What an authorization server answers to a registration (RFC 7591). */
export const registrationSchema = z.object({
  client_id: z.union([z.string().min(1).max(2_000), z.number().transform(String)]),
  client_secret: z.string().max(4_000).optional(),
  /** Seconds since 1970; 0: never. */
  client_secret_expires_at: z
    .union([z.number(), z.string().trim().min(1).transform(Number).pipe(z.number())])
    .optional()
    .catch(undefined),
  token_endpoint_auth_method: z.string().max(100).optional(),
});
export type Registration = z.output<typeof registrationSchema>;

/** Registers this program as a client (RFC 7591). Throws `SignInError` with what a person can do instead. */
export async function registerDynamically(
  ports: { readonly fetch: Fetch; readonly publicUrl: () => string; readonly appearance?: Appearance },
  settings: OAuthServerSettings,
  server: AuthorizationServer,
  redirectUri: string,
): Promise<Registration> {
  const endpoint = server.registrationEndpoint;
  if (endpoint === undefined) {
    throw new SignInError(
      "client",
      `${originOf(server.issuer)} does not let clients register by themselves. ${askPerson(settings, redirectUri)}`,
    );
  }
  const method = authMethodToRegister(server.tokenAuthMethods);
  // Without scopes: what a client is registered for cannot grow later, when a tool needs more.
  const body = { ...clientMetadata(ports.publicUrl(), redirectUri, ports.appearance ?? {}), token_endpoint_auth_method: method };
  const { status, json } = await postJson(ports.fetch, endpoint, body);
  const parsed = registrationSchema.safeParse(json);
  if (status < 200 || status > 299 || !parsed.success) {
    throw new SignInError(
      "client",
      `${originOf(server.issuer)} did not register this program as a client (${status}). ${askPerson(settings, redirectUri)}`,
    );
  }
  return { token_endpoint_auth_method: method, ...parsed.data };
}

/** A public client where that is possible: a secret that every copy of a program gets by asking proves nothing. */
function authMethodToRegister(supported: readonly string[] | undefined): string {
  const wanted = ["none", "client_secret_basic", "client_secret_post"];
  return wanted.find((method) => supported?.includes(method) ?? false) ?? (supported === undefined ? "client_secret_basic" : "none");
}

function askPerson(settings: OAuthServerSettings, redirectUri: string): string {
  return `Register a client there by hand, with the redirect address ${redirectUri}, and enter its id in the settings of ${settings.name}.`;
}
