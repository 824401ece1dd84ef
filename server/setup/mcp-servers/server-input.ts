import * as z from "zod";
import { authKindSchema, oauthFields, remoteFields, serverNameSchema } from "../../tools/mcp/servers/server-fields.ts";
import { headersPatchSchema } from "../../tools/mcp/servers/server-headers.ts";
import { changeable } from "./changeable.ts";
import { accessSchema, identifierSchema } from "./server-record.ts";

const LOCAL_ONLY =
  "A server that is started as a program (stdio) can only be declared in the configuration file. For a remote server, send its address as url.";

/** Listed only so that the API can say why it is refused, rather than that the key is unknown. */
const localFields = {
  command: z.never(LOCAL_ONLY).optional().meta({ description: LOCAL_ONLY }),
  args: z.never(LOCAL_ONLY).optional(),
  env: z.never(LOCAL_ONLY).optional(),
} as const;

/** A new server, as the API takes it. */
export const serverInputSchema = z
  .strictObject({
    key: identifierSchema.describe("The identifier, which the names of its tools begin with for the model. Unique."),
    ...remoteFields,
    access: accessSchema.default("restricted"),
    ...localFields,
  })
  .meta({
    examples: [
      { key: "orders", name: "Orders", url: "https://orders.example/mcp", headers: { Authorization: "Bearer …" } },
      { key: "crm", url: "https://crm.example/mcp", auth: { kind: "oauth" } },
    ],
  });
export type ServerInput = z.output<typeof serverInputSchema>;

/** A change: what is absent stays as it is; null removes what may be absent. */
export const serverPatchSchema = z
  .strictObject({
    ...changeable(remoteFields),
    key: identifierSchema.optional().describe("A new identifier. Only possible while nothing uses the server."),
    name: serverNameSchema.optional(),
    url: remoteFields.url
      .optional()
      .describe("A new address needs every stored header value and the client's secret again, and ends the connections."),
    headers: headersPatchSchema.optional().describe("By name. null removes one; what is not named stays."),
    auth: z.strictObject({ kind: authKindSchema.optional(), oauth: z.strictObject(changeable(oauthFields)).optional() }).optional(),
    access: accessSchema.optional(),
    ...localFields,
  })
  .meta({ examples: [{ headers: { "X-Key": "…", "X-Old": null } }, { callTimeoutMs: 60_000 }] });
export type ServerPatch = z.output<typeof serverPatchSchema>;
