import { InvalidError, type Fault } from "../../foundation/invalid-error.ts";
import type { ServerInput, ServerPatch } from "./server-input.ts";
import type { OpenRecord } from "./server-secrets.ts";

type Auth = OpenRecord["auth"];
type OAuth = NonNullable<Auth["oauth"]>;

/** The record of a new server, with everything legible in it. */
export function newRecord(input: ServerInput): OpenRecord {
  const { key, url, headers, auth, name, description, icon, transport, connectTimeoutMs, callTimeoutMs, isolation } = input;
  const { results, newTools, trusted, samplingTokens, access } = input;
  const kind = auth?.kind ?? (Object.keys(headers).length > 0 ? "headers" : "none");
  if (kind !== "oauth" && auth?.oauth !== undefined)
    throw new InvalidError([
      { path: "/auth/oauth", message: `This is for OAuth, and the authentication is "${kind}". Choose "oauth", or leave it out.` },
    ]);
  if (kind === "oauth") refuseImpossible(auth?.oauth ?? {});
  return {
    name: name ?? key,
    ...(description === undefined ? {} : { description }),
    ...(icon === undefined ? {} : { icon }),
    url,
    transport,
    connectTimeoutMs,
    callTimeoutMs,
    isolation,
    headers,
    auth: { kind, ...(kind === "oauth" ? { oauth: defined({ grant: "authorization_code" as const, ...auth?.oauth }) } : {}) },
    results,
    newTools,
    trusted,
    samplingTokens,
    access,
    revision: 1,
  };
}

export interface PatchedRecord {
  readonly record: OpenRecord;
  /** Other connections and lists than before are needed. */
  readonly reconnects: boolean;
  /** It is at another address, so what it was trusted with must go. */
  readonly moved: boolean;
}

/**
 * The record after a change. A server that moves keeps none of its secrets: each one that the change neither gives again nor takes away is a fault, since
 * otherwise whoever may change the address could have them sent anywhere. Throws `InvalidError`.
 */
export function patchedRecord(before: OpenRecord, patch: ServerPatch): PatchedRecord {
  const moved = patch.url !== undefined && patch.url !== before.url;
  if (moved) refuseKeptSecrets(before, patch);
  const { key: _, url = before.url, headers = {}, auth, description, icon, command: _c, args: _a, env: _e, ...plain } = patch;
  const nextHeaders = patchedHeaders(before.headers, headers);
  const nextAuth = patchedAuth(before.auth, auth, Object.keys(nextHeaders).length > 0);
  const { description: oldDescription, icon: oldIcon, ...rest } = before;
  const keptDescription = description === undefined ? oldDescription : (description ?? undefined);
  const keptIcon = icon === undefined ? oldIcon : (icon ?? undefined);
  const record: OpenRecord = {
    ...rest,
    ...defined(plain),
    ...(keptDescription === undefined ? {} : { description: keptDescription }),
    ...(keptIcon === undefined ? {} : { icon: keptIcon }),
    url,
    headers: nextHeaders,
    auth: nextAuth,
  };
  const reconnects = wiring(record) !== wiring(before);
  return { record: reconnects ? { ...record, revision: before.revision + 1 } : record, reconnects, moved };
}

function refuseKeptSecrets(before: OpenRecord, patch: ServerPatch): void {
  const given = new Set(Object.keys(patch.headers ?? {}).map((name) => name.toLowerCase()));
  const faults: Fault[] = Object.keys(before.headers)
    .filter((name) => !given.has(name.toLowerCase()))
    .map((name) => ({
      path: `/headers/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`,
      message: `The address is another one, so the value of ${name} is needed again. Send it, or null to do without.`,
    }));
  const stays = (patch.auth?.kind ?? before.auth.kind) === "oauth";
  if (stays && before.auth.oauth?.clientSecret !== undefined && patch.auth?.oauth?.clientSecret === undefined)
    faults.push({
      path: "/auth/oauth/clientSecret",
      message: "The address is another one, so the client's secret is needed again. Send it, or null to do without.",
    });
  if (faults.length > 0) throw new InvalidError(faults);
}

function patchedHeaders(before: Readonly<Record<string, string>>, patch: Readonly<Record<string, string | null>>): Record<string, string> {
  const named = new Set(Object.keys(patch).map((name) => name.toLowerCase()));
  return Object.fromEntries([
    ...Object.entries(before).filter(([name]) => !named.has(name.toLowerCase())),
    ...Object.entries(patch).flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, value]])),
  ]);
}

function patchedAuth(before: Auth, patch: ServerPatch["auth"], hasHeaders: boolean): Auth {
  const asked = patch?.kind ?? before.kind;
  // Headers are a kind of authentication by being there.
  const kind = asked === "none" && hasHeaders ? "headers" : asked;
  if (kind !== "oauth") {
    if (patch?.oauth !== undefined)
      throw new InvalidError([{ path: "/auth/oauth", message: `This is for OAuth, and the authentication is "${kind}".` }]);
    return { kind };
  }
  const old: OAuth = before.oauth ?? { grant: "authorization_code" };
  const change = patch?.oauth ?? {};
  const merged = Object.fromEntries(
    Object.entries({ ...old, ...defined(change) }).filter(([, value]) => value !== null && value !== undefined),
  ) as unknown as OAuth;
  const oauth = { ...merged, grant: change.grant ?? old.grant };
  if (patch !== undefined) refuseImpossible(oauth);
  return { kind, oauth };
}

/** Parts of a sign-in of which one needs the other; the configuration file is told the same. */
function refuseImpossible({ grant, clientId, clientSecret, redirectUrl }: Partial<OAuth>): void {
  const faults: Fault[] = [];
  const needsClient = (what: string): void =>
    void faults.push({ path: "/auth/oauth/clientId", message: `Expected the client id that the ${what}.` });
  if (clientId === undefined && clientSecret !== undefined) needsClient("client's secret belongs to");
  if (clientId === undefined && redirectUrl !== undefined) needsClient("redirect address was registered with");
  if (grant === "client_credentials" && clientSecret === undefined)
    faults.push({ path: "/auth/oauth/clientSecret", message: "Expected the secret that client_credentials signs in with." });
  if (faults.length > 0) throw new InvalidError(faults);
}

/** Everything that decides how the server is spoken with, as one text. Holds secrets. */
function wiring({ url, headers, transport, auth, connectTimeoutMs, callTimeoutMs, isolation }: OpenRecord): string {
  return JSON.stringify([url, Object.entries(headers), transport, auth, connectTimeoutMs, callTimeoutMs, isolation]);
}

function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/** Which secrets have another value than before, as the audit log names them. */
export function secretsReplaced(before: OpenRecord, after: OpenRecord): readonly string[] {
  const headers = Object.entries(after.headers).filter(
    ([name, value]) => Object.hasOwn(before.headers, name) && before.headers[name] !== value,
  );
  const { clientSecret } = after.auth.oauth ?? {};
  return [
    ...(before.url === after.url ? [] : ["url"]),
    ...headers.map(([name]) => `headers.${name}`),
    ...(clientSecret === undefined || clientSecret === before.auth.oauth?.clientSecret ? [] : ["auth.oauth.clientSecret"]),
  ];
}
