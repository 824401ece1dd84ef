import type { SecretBox } from "../../guard/secrets/secret-box.ts";
import type { RemoteServerSettings } from "../../tools/mcp/servers/settings.ts";
import type { ServerRecord } from "./server-record.ts";

/** The places of a server's secrets. Each is sealed for exactly its place. */
export const secretPlaces = {
  url: (key: string): string => `mcp-server/${key}/url`,
  header: (key: string, name: string): string => `mcp-server/${key}/headers/${name}`,
  clientSecret: (key: string): string => `mcp-server/${key}/auth/oauth/clientSecret`,
} as const;

/** A record whose secrets are legible. Never leaves the process. */
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

/** The settings in the form that the MCP host takes. */
export function settingsOf(key: string, { access: _access, revision: _revision, ...settings }: OpenRecord): RemoteServerSettings {
  return { key, ...settings };
}
