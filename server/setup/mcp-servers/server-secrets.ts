import type { SecretBox } from "../../guard/secrets/secret-box.ts";
import type { McpServerSettings, OAuthSettings, RemoteServerSettings } from "../../tools/mcp/servers/settings.ts";
import type { ServerEntry } from "../../tools/mcp/servers/ports.ts";
import type { ServerRecord } from "./server-record.ts";

/** Where a server's secrets lie; each is sealed for exactly its place. */
export const secretPlaces = {
  url: (key: string): string => `mcp-server/${key}/url`,
  header: (key: string, name: string): string => `mcp-server/${key}/headers/${name}`,
  clientSecret: (key: string): string => `mcp-server/${key}/auth/oauth/clientSecret`,
} as const;

/** A record with everything legible in it. Never leaves the process. */
export type OpenRecord = ServerRecord;

/** Throws `SecretBoxError`. */
export function openRecord(key: string, record: ServerRecord, box: SecretBox): OpenRecord {
  return mapSecrets(key, record, (text, place) => box.open(text, place));
}

export function sealRecord(key: string, record: OpenRecord, box: SecretBox): ServerRecord {
  return mapSecrets(key, record, (text, place) => box.seal(text, place));
}

function mapSecrets(key: string, record: ServerRecord, map: (text: string, place: string) => string): ServerRecord {
  const { oauth } = record.auth;
  return {
    ...record,
    url: map(record.url, secretPlaces.url(key)),
    headers: Object.fromEntries(Object.entries(record.headers).map(([name, value]) => [name, map(value, secretPlaces.header(key, name))])),
    auth: {
      ...record.auth,
      ...(oauth?.clientSecret === undefined
        ? {}
        : { oauth: { ...oauth, clientSecret: map(oauth.clientSecret, secretPlaces.clientSecret(key)) } }),
    },
  };
}

/** The record as the MCP host takes it. */
export function settingsOf(key: string, record: OpenRecord): RemoteServerSettings {
  const { name, description, icon, url, transport, headers, auth, callTimeoutMs, connectTimeoutMs, isolation } = record;
  const { trusted, samplingTokens, results, newTools } = record;
  return {
    key,
    name,
    ...(description === undefined ? {} : { description }),
    ...(icon === undefined ? {} : { icon }),
    url,
    transport,
    headers,
    ...(auth.kind === "oauth" ? { auth: oauthSettings(auth.oauth) } : {}),
    timeoutMs: callTimeoutMs,
    connectTimeoutMs,
    isolation,
    trusted,
    samplingTokens,
    results,
    newTools,
  };
}

function oauthSettings(oauth: ServerRecord["auth"]["oauth"]): OAuthSettings {
  const { grant = "authorization_code", clientId, clientSecret, scope, redirectUrl } = oauth ?? {};
  return {
    type: "oauth",
    grant,
    ...(clientId === undefined ? {} : { clientId }),
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(scope === undefined ? {} : { scope }),
    ...(redirectUrl === undefined ? {} : { redirectUrl }),
  };
}

/** `revision` is another one when connections and lists made under the earlier settings must go. */
export function entryOf(settings: McpServerSettings, revision: string): ServerEntry {
  const remote = "url" in settings ? settings : undefined;
  const named = Object.keys(remote?.headers ?? {}).length > 0;
  return {
    settings,
    revision,
    trusted: settings.trusted ?? false,
    auth: remote?.auth !== undefined ? "oauth" : named ? "headers" : "none",
    samplingTokens: settings.samplingTokens ?? 0,
    results: settings.results ?? "full",
  };
}
