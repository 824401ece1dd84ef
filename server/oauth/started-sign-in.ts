import * as z from "zod";
import { originOf } from "./authorization-server.ts";
import type { OAuthClient } from "./client-registration.ts";
import { SignInError } from "./sign-in-error.ts";

/** A sign-in on its way through a browser. Everything in it is a secret until it is over. */
export const startedSchema = z.object({
  authorizationUrl: z.string(),
  state: z.string(),
  verifier: z.string(),
  issuer: z.string(),
  issParameter: z.boolean(),
  resource: z.string(),
  scopes: z.array(z.string()),
  client: z.object({ id: z.string(), secret: z.string().optional(), redirectUri: z.string(), authMethod: z.string().optional() }),
});
export type StartedSignIn = z.output<typeof startedSchema>;

/** RFC 9207: an answer of a different authorization server than the one that was asked is refused. */
export function checkIssuer(started: StartedSignIn, iss: string | undefined): void {
  if (iss === undefined ? !started.issParameter : iss === started.issuer) return;
  throw new SignInError("refused", `The answer to the sign-in did not come from ${originOf(started.issuer)}. Nothing was connected.`);
}

export function clientRecord({ id, secret, redirectUri, authMethod }: OAuthClient): StartedSignIn["client"] {
  return { id, redirectUri, ...(secret === undefined ? {} : { secret }), ...(authMethod === undefined ? {} : { authMethod }) };
}
