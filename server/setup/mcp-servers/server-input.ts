import * as z from "zod";
import { DEFAULT_CALL_TIMEOUT_MS, DEFAULT_CONNECT_TIMEOUT_MS } from "../../tools/mcp/servers/settings.ts";
import { headersPatchSchema, headersSchema } from "./server-headers.ts";
import { identifierSchema, oauthFields, serverFields, serverUrlSchema } from "./server-record.ts";

const LOCAL_ONLY =
  "A server that is started as a program (stdio) can only be declared in the configuration file. Give the address of a remote one as url.";

/** Named only so that whoever tries is told why, and not just that the key is unknown. */
const localFields = {
  command: z.never(LOCAL_ONLY).optional().meta({ description: LOCAL_ONLY }),
  args: z.never(LOCAL_ONLY).optional(),
  env: z.never(LOCAL_ONLY).optional(),
} as const;

const clientSecret = z.string().min(1).max(4000).describe("Write-only.");

const oauthInput = z.strictObject({
  grant: oauthFields.grant.default("authorization_code"),
  clientId: oauthFields.clientId.optional(),
  clientSecret: clientSecret.optional(),
  scope: oauthFields.scope.optional(),
  redirectUrl: oauthFields.redirectUrl.optional(),
});

const oauthPatch = z.strictObject({
  grant: oauthFields.grant.optional(),
  clientId: oauthFields.clientId.nullable().optional(),
  clientSecret: clientSecret.nullable().optional(),
  scope: oauthFields.scope.nullable().optional(),
  redirectUrl: oauthFields.redirectUrl.nullable().optional(),
});

const authKind = z
  .enum(["none", "headers", "oauth"])
  .describe("How it knows who we are: not at all, by headers (API key), or by OAuth 2.0.");

/** A new server, as the API takes it. */
export const serverInputSchema = z
  .strictObject({
    key: identifierSchema.describe("The identifier: what the model's names of its tools begin with. Unique."),
    name: serverFields.name.optional().describe("What people read; the identifier, when absent."),
    url: serverUrlSchema.describe("The server's whole address. Kept and shown like a secret."),
    description: serverFields.description.optional(),
    icon: serverFields.icon.optional(),
    transport: serverFields.transport.default("auto"),
    connectTimeoutMs: serverFields.connectTimeoutMs.default(DEFAULT_CONNECT_TIMEOUT_MS),
    callTimeoutMs: serverFields.callTimeoutMs.default(DEFAULT_CALL_TIMEOUT_MS),
    isolation: serverFields.isolation.default("conversation"),
    headers: headersSchema.default({}).describe("Sent with every request. Write-only: only the names are shown."),
    auth: z.strictObject({ kind: authKind, oauth: oauthInput.optional() }).optional(),
    results: serverFields.results.default("full"),
    newTools: serverFields.newTools.default("needs_approval"),
    trusted: serverFields.trusted.default(false),
    samplingTokens: serverFields.samplingTokens.default(0),
    access: serverFields.access.default("restricted"),
    ...localFields,
  })
  .meta({
    examples: [
      { key: "orders", name: "Orders", url: "https://orders.example/mcp", headers: { Authorization: "Bearer …" } },
      { key: "crm", url: "https://crm.example/mcp", auth: { kind: "oauth" } },
    ],
  });
export type ServerInput = z.output<typeof serverInputSchema>;

/** A change: what is absent stays as it is, null takes an optional thing away. */
export const serverPatchSchema = z
  .strictObject({
    key: identifierSchema.optional().describe("Another identifier; only while nothing uses the server."),
    name: serverFields.name.optional(),
    url: serverUrlSchema
      .optional()
      .describe("Another address needs every stored header value and the client's secret again, and ends its connections."),
    description: serverFields.description.nullable().optional(),
    icon: serverFields.icon.nullable().optional(),
    transport: serverFields.transport.optional(),
    connectTimeoutMs: serverFields.connectTimeoutMs.optional(),
    callTimeoutMs: serverFields.callTimeoutMs.optional(),
    isolation: serverFields.isolation.optional(),
    headers: headersPatchSchema.optional().describe("By name; null takes one away, what is not named stays."),
    auth: z.strictObject({ kind: authKind.optional(), oauth: oauthPatch.optional() }).optional(),
    results: serverFields.results.optional(),
    newTools: serverFields.newTools.optional(),
    trusted: serverFields.trusted.optional(),
    samplingTokens: serverFields.samplingTokens.optional(),
    access: serverFields.access.optional(),
    ...localFields,
  })
  .meta({ examples: [{ headers: { "X-Key": "…", "X-Old": null } }, { callTimeoutMs: 60_000 }] });
export type ServerPatch = z.output<typeof serverPatchSchema>;
