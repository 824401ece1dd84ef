import type { RemoteServerSettings, ServerAuth } from "./settings.ts";

/** Something that is wrong between the parts of a sign-in. `path` begins below `auth`. */
export interface AuthFault {
  readonly path: readonly string[];
  readonly found: string;
  readonly expected: string;
}

/** The sign-in with what was left out: headers, if there are any, are one. */
export function authOf(auth: ServerAuth | undefined, headers: RemoteServerSettings["headers"]): ServerAuth {
  const kind = auth?.kind ?? (Object.keys(headers).length > 0 ? "headers" : "none");
  return kind === "oauth" ? { kind, oauth: { grant: "authorization_code", ...auth?.oauth } } : { kind };
}

/**
 * Parts of a sign-in that need another part, which is missing. Takes what was written, whether it fits the schema or
 * not.
 */
export function authFaults(auth: {
  readonly kind?: unknown;
  readonly oauth?: Readonly<Record<string, unknown>> | undefined;
}): readonly AuthFault[] {
  const { kind, oauth } = auth;
  if (oauth === undefined) return [];
  if (kind === "none" || kind === "headers")
    return [{ path: ["oauth"], found: `a sign-in beside the kind "${kind}"`, expected: 'the kind "oauth", or no sign-in' }];
  const faults: AuthFault[] = [];
  const nothing = (field: string, expected: string): void => void faults.push({ path: ["oauth", field], found: "nothing", expected });
  if (oauth["clientId"] === undefined && oauth["clientSecret"] !== undefined)
    nothing("clientId", "the client id that the clientSecret belongs to");
  if (oauth["clientId"] === undefined && oauth["redirectUrl"] !== undefined)
    nothing("clientId", "the client id that the redirectUrl was registered with");
  if (oauth["grant"] === "client_credentials" && oauth["clientSecret"] === undefined)
    nothing("clientSecret", "the secret that client_credentials signs in with");
  return faults;
}
