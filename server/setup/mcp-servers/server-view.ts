import * as z from "zod";
import { maskedUrl } from "./masked-url.ts";
import type { ListedServer } from "./server-directory.ts";
import { oauthFields, serverFields, type ServerRecord } from "./server-record.ts";
import { serverStatusSchema, type ServerStatus } from "./server-status.ts";
import { stateOf, type ToolPin } from "./tool-pin.ts";
import { callTimeoutMs, connectTimeoutMs, isRemote, type McpServerSettings } from "../../tools/mcp/servers/settings.ts";

/** A server as staff may see it: no secret, and of its address the host only. */
export const serverViewSchema = z.object({
  key: z.string(),
  source: z.enum(["api", "file"]).describe("file: declared in the configuration file, so it is changed there."),
  name: z.string(),
  description: z.string().optional(),
  icon: z.string().optional(),
  url: z.string().describe("Scheme and host; … stands for the rest. Of a local server, the program."),
  transport: z.enum(["auto", "streamable-http", "sse", "stdio"]),
  connectTimeoutMs: z.int(),
  callTimeoutMs: z.int(),
  isolation: serverFields.isolation,
  headers: z.array(z.string()).describe("The names. Values are never shown."),
  auth: z.object({
    kind: z.enum(["none", "headers", "oauth"]),
    oauth: z
      .object({
        grant: oauthFields.grant,
        clientId: z.string().optional(),
        hasClientSecret: z.boolean(),
        scope: z.string().optional(),
        redirectUrl: z.string().optional(),
      })
      .optional(),
  }),
  results: serverFields.results,
  newTools: serverFields.newTools,
  trusted: z.boolean(),
  samplingTokens: z.int(),
  access: serverFields.access,
  fault: z.string().optional().describe("Why it cannot be used at all, such as secrets that cannot be opened."),
  status: serverStatusSchema,
  tools: z.object({
    total: z.int().describe("Tools that the server has."),
    enabled: z.int(),
    changed: z.int().describe("Hidden from the model until somebody accepts them again."),
    new: z.int().describe("Not looked at by anybody yet."),
  }),
  createdAt: z.number().optional(),
  updatedAt: z.number().optional(),
});
export type ServerView = z.output<typeof serverViewSchema>;

export function serverView(server: ListedServer, status: ServerStatus, pins: ReadonlyMap<string, ToolPin>): ServerView {
  const states = [...pins.values()].map((pin) => ({ pin, state: stateOf(pin) })).filter(({ state }) => state !== "gone");
  const tools = {
    total: states.length,
    enabled: states.filter(({ pin }) => pin.enabled).length,
    changed: states.filter(({ state }) => state === "changed").length,
    new: states.filter(({ state }) => state === "new").length,
  };
  if (server.source === "file")
    return { key: server.key, source: "file", ...fileView(server.entry.settings), access: "restricted", status, tools };
  const { record, document, entry, fault } = server;
  return {
    key: server.key,
    source: "api",
    ...recordView(record, entry?.settings),
    ...(fault === undefined ? {} : { fault }),
    status,
    tools,
    createdAt: document.createdAt,
    updatedAt: document.updatedAt,
  };
}

type Settable = Omit<ServerView, "key" | "source" | "fault" | "status" | "tools" | "createdAt" | "updatedAt">;

/** What was set, masked: what people and the audit log read. */
export function recordView(record: ServerRecord, settings: McpServerSettings | undefined): Settable {
  const { revision: _, headers, auth, url: __, ...plain } = record;
  return {
    ...plain,
    url: settings !== undefined && isRemote(settings) ? maskedUrl(settings.url) : "…",
    headers: Object.keys(headers),
    auth: { kind: auth.kind, ...(auth.oauth === undefined ? {} : { oauth: oauthView(auth.oauth) }) },
  };
}

function fileView(settings: McpServerSettings): Omit<Settable, "access"> {
  const remote = isRemote(settings) ? settings : undefined;
  const headers = Object.keys(remote?.headers ?? {});
  return {
    name: settings.name,
    ...(settings.description === undefined ? {} : { description: settings.description }),
    ...(settings.icon === undefined ? {} : { icon: settings.icon }),
    url: isRemote(settings) ? maskedUrl(settings.url) : settings.command,
    transport: remote === undefined ? "stdio" : (remote.transport ?? "auto"),
    connectTimeoutMs: connectTimeoutMs(settings),
    callTimeoutMs: callTimeoutMs(settings),
    isolation: settings.isolation ?? "conversation",
    headers,
    auth: remote?.auth === undefined ? { kind: headers.length > 0 ? "headers" : "none" } : { kind: "oauth", oauth: oauthView(remote.auth) },
    results: settings.results ?? "full",
    newTools: settings.newTools ?? "needs_approval",
    trusted: settings.trusted ?? false,
    samplingTokens: settings.samplingTokens ?? 0,
  };
}

function oauthView(oauth: {
  readonly grant?: "authorization_code" | "client_credentials" | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly scope?: string | undefined;
  readonly redirectUrl?: string | undefined;
}): NonNullable<ServerView["auth"]["oauth"]> {
  const { grant = "authorization_code", clientId, clientSecret, scope, redirectUrl } = oauth;
  return {
    grant,
    ...(clientId === undefined ? {} : { clientId }),
    hasClientSecret: clientSecret !== undefined,
    ...(scope === undefined ? {} : { scope }),
    ...(redirectUrl === undefined ? {} : { redirectUrl }),
  };
}
