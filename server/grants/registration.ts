/** What a program that registers itself may say, and what is made of it. */
import * as z from "zod";
import { knownScopes, SCOPES } from "./scopes.ts";

const LONGEST_ADDRESS = 2_000;
const MOST_REDIRECTS = 20;

/** Whatever else a program says of itself is left out. */
const askedSchema = z.object({
  redirect_uris: z.array(z.string().max(LONGEST_ADDRESS)).min(1).max(MOST_REDIRECTS),
  client_name: z.string().max(200).optional().catch(undefined),
  application_type: z.enum(["web", "native"]).optional().catch(undefined),
  scope: z.string().max(LONGEST_ADDRESS).optional().catch(undefined),
});

export interface Registration {
  /** For the provider's library. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** What it may ask for. */
  readonly scopes: readonly string[];
}

/**
 * Every program is a public one: it gets no secret, and proves with PKCE that it is the one that began. A program whose
 * redirects are not all on the web is a native one, even where it does not say so: most say nothing. What would end the
 * whole registration is left out: a scope that there is not, and a redirect that any program could claim. Undefined: it
 * cannot be read.
 */
export function readRegistration(body: unknown): Registration | undefined {
  const parsed = askedSchema.safeParse(body);
  if (!parsed.success) return undefined;
  const { client_name: name, application_type: type, scope } = parsed.data;
  const redirects = ownRedirects(parsed.data.redirect_uris);
  const isWeb = redirects.every((uri) => uri.startsWith("https://"));
  const scopes = scope === undefined ? SCOPES : withOffline(knownScopes(scope));
  return {
    metadata: {
      redirect_uris: redirects,
      ...(name === undefined ? {} : { client_name: name }),
      application_type: type ?? (isWeb ? "web" : "native"),
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      scope: scopes.join(" "),
    },
    scopes,
  };
}

/**
 * Without an app's own schemes that are no domain in reverse, such as `cursor:`, where there are others: some programs
 * name all the ways that they know at once.
 */
export function ownRedirects(redirects: readonly string[]): readonly string[] {
  const own = redirects.filter((redirect) => !isAnybodys(redirect));
  return own.length === 0 ? redirects : own;
}

function isAnybodys(redirect: string): boolean {
  const scheme = URL.parse(redirect)?.protocol;
  return scheme !== undefined && scheme !== "https:" && scheme !== "http:" && !scheme.includes(".");
}

/** Programs add it when they ask, having registered without it. One that names nothing that there is has all. */
function withOffline(named: readonly string[]): readonly string[] {
  return named.length === 0 ? SCOPES : SCOPES.filter((scope) => scope === "offline_access" || named.includes(scope));
}
