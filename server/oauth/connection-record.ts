import { createHash } from "node:crypto";
import * as z from "zod";
import type { SecretBox } from "../guard/secrets/secret-box.ts";
import type { AuditActor, DocumentChange, StoredDocument } from "../documents/ports.ts";
import type { ConnectionOwner } from "../tools/mcp/servers/ports.ts";

/** A customer's sign-in is deleted along with their token: a year after its last use. */
export const CUSTOMER_KEPT_MS = 365 * 24 * 3_600_000;

const ownerSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("shared") }),
  z.object({ kind: z.literal("customer"), id: z.string() }),
]);

/** The sealed part: only the requests that need it read it. */
const secretsSchema = z.object({
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  clientId: z.string(),
  clientSecret: z.string().optional(),
  authMethod: z.string().optional(),
});
export type ConnectionSecrets = z.output<typeof secretsSchema>;

/** A stored credential, as the database holds it. `secrets` is sealed. Times are milliseconds since 1970. */
const recordSchema = z.object({
  server: z.string(),
  owner: ownerSchema,
  grant: z.enum(["authorization_code", "client_credentials"]),
  status: z.enum(["connected", "expired"]),
  issuer: z.string(),
  /** The resource that the tokens are for. They are sent to nothing else. */
  resource: z.string(),
  /** What the tokens allow, and everything that was ever requested. */
  scopes: z.array(z.string()),
  requested: z.array(z.string()),
  /** When more scopes were requested. */
  stepUps: z.array(z.number()),
  secrets: z.string(),
  /** When these tokens were given, and when the access token ends. */
  issuedAt: z.number(),
  accessEndsAt: z.number().optional(),
  connectedAt: z.number(),
  lastUsedAt: z.number(),
  connectedBy: z.object({ kind: z.enum(["person", "key", "system"]), id: z.string(), name: z.string() }).optional(),
  /** The process that is renewing the tokens: no other one does so before `until`. */
  lease: z.object({ holder: z.string(), until: z.number() }).optional(),
});
export type ConnectionRecord = z.output<typeof recordSchema>;

/** A connection and the version at which it was read. */
export interface Connection {
  readonly id: string;
  readonly version: number;
  readonly record: ConnectionRecord;
}

/** One connection for each server and owner. Another owner's has another id. */
export function connectionId(server: string, owner: ConnectionOwner): string {
  const parts = owner.kind === "shared" ? [server, "shared"] : [server, "customer", owner.id];
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}

export function connectionOf(document: StoredDocument): Connection {
  return { id: document.id, version: document.version, record: recordSchema.parse(document.body) };
}

/** Without `ifVersion`, any version is replaced. */
export function keepConnection(id: string, record: ConnectionRecord, ifVersion?: number): DocumentChange {
  const expiresAt = record.owner.kind === "customer" ? { expiresAt: record.lastUsedAt + CUSTOMER_KEPT_MS } : {};
  const how = ifVersion === undefined ? { orCreate: true } : { ifVersion };
  return { do: "replace", kind: "connection", id, parent: record.server, body: record, ...expiresAt, ...how };
}

export function sealSecrets(box: SecretBox, id: string, secrets: ConnectionSecrets): string {
  return box.seal(JSON.stringify(secrets), placeOf(id));
}

/** Throws `SecretBoxError`. */
export function openSecrets(box: SecretBox, connection: Connection): ConnectionSecrets {
  return secretsSchema.parse(JSON.parse(box.open(connection.record.secrets, placeOf(connection.id))));
}

/** What the audit log keeps: never a token. */
export function auditView({ server, owner, grant, status, issuer, scopes }: ConnectionRecord): Readonly<Record<string, unknown>> {
  return { server, owner, grant, status, issuer, scopes };
}

export const SYSTEM: AuditActor = { kind: "system", id: "frontdesk", name: "Frontdesk" };

function placeOf(id: string): string {
  return `connection/${id}/secrets`;
}
