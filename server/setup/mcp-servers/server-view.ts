import * as z from "zod";
import { authKindSchema, localFields, oauthFields, remoteFields } from "../../tools/mcp/servers/server-fields.ts";
import { isRemote, type McpServerSettings, type ServerAuth } from "../../tools/mcp/servers/settings.ts";
import { shown } from "./changeable.ts";
import { maskedUrl } from "./masked-url.ts";
import type { ListedServer } from "./server-directory.ts";
import { accessSchema, keptRedirectUrl, type ServerRecord } from "./server-record.ts";
import { serverStatusSchema, type ServerStatus } from "./server-status.ts";
import { stateOf, type ToolPin } from "./tool-pin.ts";

const { clientSecret: _secret, ...oauthShown } = { ...shown(oauthFields), redirectUrl: keptRedirectUrl.optional() };

/** A server as staff may see it: without secrets, and with only the host of its address. */
export const serverViewSchema = z.object({
  ...shown(remoteFields),
  key: z.string(),
  source: z.enum(["api", "file"]).describe("file: declared in the configuration file, so it is changed there."),
  name: z.string(),
  url: z.string().describe("Scheme and host, with … for the rest. For a local server, the program."),
  transport: z.enum(["auto", "streamable-http", "sse", "stdio"]),
  isolation: localFields.isolation.unwrap(),
  headers: z.array(z.string()).describe("The names. Values are never shown."),
  auth: z.object({ kind: authKindSchema, oauth: z.object({ ...oauthShown, hasClientSecret: z.boolean() }).optional() }),
  access: accessSchema,
  fault: z.string().optional().describe("Why it cannot be used at all, for example because its secrets cannot be opened."),
  status: serverStatusSchema,
  tools: z.object({
    total: z.int().describe("Tools that the server has."),
    enabled: z.int(),
    changed: z.int().describe("Hidden from the model until somebody accepts them again."),
    new: z.int().describe("Nobody has looked at them yet."),
    proposed: z.int().describe("What customers' own lists have besides, which nobody has accepted."),
  }),
  createdAt: z.number().optional(),
  updatedAt: z.number().optional(),
});
export type ServerView = z.output<typeof serverViewSchema>;

export function serverView(
  server: ListedServer,
  status: ServerStatus,
  pins: ReadonlyMap<string, ToolPin>,
  proposed: ReadonlyMap<string, unknown>,
): ServerView {
  const states = [...pins.values()].map((pin) => ({ pin, state: stateOf(pin) })).filter(({ state }) => state !== "gone");
  const tools = {
    total: states.length,
    enabled: states.filter(({ pin }) => pin.enabled).length,
    changed: states.filter(({ state }) => state === "changed").length,
    new: states.filter(({ state }) => state === "new").length,
    proposed: proposed.size,
  };
  if (server.source === "file")
    return { key: server.key, source: "file", ...settingsView(server.entry.settings), access: "restricted", status, tools };
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

/** The settings, masked for people and the audit log. `settings`: the same unsealed, if that is possible. */
export function recordView(record: ServerRecord, settings: { readonly url: string } | McpServerSettings | undefined): Settable {
  const { revision: _revision, ...set } = record;
  return { ...set, ...masked(record), url: settings !== undefined && "url" in settings ? maskedUrl(settings.url) : "…" };
}

function settingsView(settings: McpServerSettings): Omit<Settable, "access"> {
  if (isRemote(settings)) {
    const { key: _key, ...set } = settings;
    return { ...set, ...masked(settings), url: maskedUrl(settings.url) };
  }
  const { key: _key, command, args: _args, env: _env, ...set } = settings;
  return { ...set, url: command, transport: "stdio", protocol: "legacy", headers: [], auth: { kind: "none" } };
}

function masked({ headers, auth }: { readonly headers: object; readonly auth: ServerAuth }): Pick<Settable, "headers" | "auth"> {
  if (auth.oauth === undefined) return { headers: Object.keys(headers), auth: { kind: auth.kind } };
  const { clientSecret, ...oauth } = auth.oauth;
  return { headers: Object.keys(headers), auth: { kind: auth.kind, oauth: { ...oauth, hasClientSecret: clientSecret !== undefined } } };
}
