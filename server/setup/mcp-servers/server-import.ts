import * as z from "zod";
import { faultWords } from "../../foundation/fault-words.ts";
import { bridgedServer } from "./bridged-server.ts";
import { identifierOf } from "./identifier-of.ts";
import { remoteFields } from "../../tools/mcp/servers/server-fields.ts";
import { headersSchema } from "../../tools/mcp/servers/server-headers.ts";
import { serverInputSchema, type ServerInput } from "./server-input.ts";

const MOST_ENTRIES = 100;

/** The formats of other products. Unknown keys belong to them and are ignored, not refused. */
export const importDocumentSchema = z
  .union([z.record(z.string(), z.unknown()), z.array(z.unknown()).max(MOST_ENTRIES)])
  .describe(
    'An object with mcpServers or servers (Claude, Cursor, VS Code, Windsurf, Gemini, Zed), or Vapi tool entries: one, a list, or {"tools": […]}.',
  );

/** One entry of the import: a server to make, or the reason why it cannot be made. */
export type ImportEntry =
  | { readonly name: string; readonly key: string; readonly input: ServerInput; readonly notes: readonly string[] }
  | { readonly name: string; readonly refused: string };

const remoteSchema = z.object({
  url: z.string(),
  type: z.string().optional(),
  transport: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}),
  description: z.string().optional(),
  /** Ours, as an export writes it; what other products call so is theirs. */
  protocol: remoteFields.protocol.catch("auto"),
});
const vapiSchema = z.object({
  type: z.literal("mcp"),
  function: z.object({ name: z.string().optional() }).optional(),
  name: z.string().optional(),
  server: z.object({ url: z.string(), headers: z.record(z.string(), z.string()).default({}) }),
  metadata: z.object({ protocol: z.enum(["shttp", "sse"]).optional() }).optional(),
});

const TRANSPORTS: Readonly<Record<string, ServerInput["transport"]>> = {
  http: "streamable-http",
  "streamable-http": "streamable-http",
  streamableHttp: "streamable-http",
  streamable_http: "streamable-http",
  shttp: "streamable-http",
  sse: "sse",
};

/**
 * Reads the import as servers to make. A bad entry does not affect the others. `mayRepeat`: two entries may have the
 * same identifier, which somebody then changes. Never throws.
 */
export function readImport(
  document: z.output<typeof importDocumentSchema>,
  { mayRepeat = false }: { readonly mayRepeat?: boolean } = {},
): readonly ImportEntry[] {
  const seen = new Set<string>();
  return listed(document)
    .slice(0, MOST_ENTRIES)
    .map(({ name, entry, vapi }) => {
      const read = vapi ? readVapi(name, entry) : readRemote(name, entry);
      if ("refused" in read) return read;
      if (seen.has(read.key) && !mayRepeat)
        return {
          name,
          refused: `Its identifier would be "${read.key}", which another entry of this import already has. Rename one of them.`,
        };
      seen.add(read.key);
      return read;
    });
}

interface Listed {
  readonly name: string;
  readonly entry: unknown;
  readonly vapi: boolean;
}

function listed(document: z.output<typeof importDocumentSchema>): readonly Listed[] {
  if (Array.isArray(document)) return document.map((entry, index) => vapiEntry(entry, index));
  const inner = isObject(document["mcp"]) ? document["mcp"] : {};
  const servers = document["mcpServers"] ?? document["servers"] ?? document["context_servers"] ?? inner["servers"] ?? inner["mcpServers"];
  if (isObject(servers)) return Object.entries(servers).map(([name, entry]) => ({ name, entry, vapi: false }));
  if (Array.isArray(document["tools"])) return document["tools"].map((entry: unknown, index) => vapiEntry(entry, index));
  if (document["type"] === "mcp") return [vapiEntry(document, 0)];
  return [{ name: "(the whole)", entry: document, vapi: true }];
}

function vapiEntry(entry: unknown, index: number): Listed {
  const parsed = vapiSchema.safeParse(entry);
  const name = parsed.success ? (parsed.data.name ?? parsed.data.function?.name ?? hostName(parsed.data.server.url)) : "";
  return { name: name === "" ? `entry ${index + 1}` : name, entry, vapi: true };
}

function hostName(url: string): string {
  if (!URL.canParse(url)) return "";
  // "orders" says which server `mcp.orders.example` is; many names begin with "mcp".
  const labels = new URL(url).hostname.split(".").filter((label) => !/^(?:mcp|api|www|\d+)$/.test(label));
  return labels[0] ?? "";
}

function readVapi(name: string, entry: unknown): ImportEntry {
  const parsed = vapiSchema.safeParse(entry);
  if (!parsed.success) {
    const kind = isObject(entry) && typeof entry["type"] === "string" ? entry["type"] : undefined;
    if (kind !== undefined && kind !== "mcp") return { name, refused: `It is a tool of the type "${kind}", not an MCP server.` };
    return {
      name,
      refused: `It has neither mcpServers nor servers, and it is not a tool entry with "type": "mcp" and a server with a url.`,
    };
  }
  const { server, metadata } = parsed.data;
  return made(name, {
    url: server.url,
    headers: server.headers,
    transport: metadata?.protocol === undefined ? "auto" : TRANSPORTS[metadata.protocol],
  });
}

function readRemote(name: string, given: unknown): ImportEntry {
  const entry = isObject(given) ? remoteEntry(given) : given;
  if (isObject(entry) && (entry["command"] !== undefined || entry["type"] === "stdio"))
    return { name, refused: "It is started as a program (stdio). Such servers can only be declared in the configuration file." };
  const parsed = remoteSchema.safeParse(entry);
  if (!parsed.success) return { name, refused: `It is not the entry of a remote server: ${firstIssue(parsed.error)}` };
  const { url, headers, description, protocol } = parsed.data;
  const kind = parsed.data.type ?? parsed.data.transport;
  const transport = kind === undefined ? "auto" : TRANSPORTS[kind];
  if (transport === undefined) return { name, refused: `Its transport "${kind}" is unknown. Use http, streamable-http or sse.` };
  const read = made(name, { url, headers, transport, protocol, ...(description === undefined ? {} : { description }) });
  return "refused" in read || !isObject(given) ? read : { ...read, notes: [...read.notes, ...notesOn(given)] };
}

/** The names that products have for the same: `serverUrl` (Windsurf), `httpUrl` (Gemini), and programs that only pass on. */
function remoteEntry(entry: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (entry["httpUrl"] !== undefined) return { ...entry, url: entry["httpUrl"], type: "http" };
  if (entry["url"] === undefined && entry["serverUrl"] !== undefined) return { ...entry, url: entry["serverUrl"] };
  const bridged = bridgedServer(entry);
  if (bridged === undefined) return entry;
  const { transport, ...remote } = bridged;
  return { ...remote, ...(transport === undefined ? {} : { type: transport }) };
}

/** What the other product had besides, which is decided anew here. */
function notesOn(entry: Readonly<Record<string, unknown>>): readonly string[] {
  const notes: string[] = [];
  if (entry["command"] !== undefined) notes.push("The program between was left out: its server is reached directly.");
  if (entry["disabled"] === true || entry["enabled"] === false)
    notes.push("It is turned off there. Here an assistant has it only once you add it.");
  const allowed = ["alwaysAllow", "autoApprove", "trust"].filter((field) => entry[field] !== undefined);
  if (allowed.length > 0) notes.push(`${allowed.join(", ")} was left out: each assistant says what it may do.`);
  if (entry["oauth"] !== undefined || entry["auth"] !== undefined)
    notes.push("Its sign-in was left out: choose OAuth as its authentication.");
  return notes;
}

function made(
  name: string,
  settings: { url: string; headers: Record<string, string>; transport: unknown; protocol?: unknown; description?: string },
): ImportEntry {
  const key = identifierOf(name);
  if (key === "") return { name, refused: "Its name has no letters to make an identifier from. Rename it." };
  const placeholders = placeholdersOf([settings.url, ...Object.values(settings.headers)]);
  if (placeholders.length > 0)
    return {
      name,
      refused: `Its ${placeholders.join(", ")} is a placeholder that only the other product can fill. Write the value instead.`,
    };
  const headers = headersSchema.safeParse(settings.headers);
  if (!headers.success) return { name, refused: `Its headers cannot be sent: ${firstIssue(headers.error)}` };
  const input = serverInputSchema.safeParse({ ...settings, key, name: name.slice(0, 100), headers: headers.data });
  if (!input.success) return { name, refused: firstIssue(input.error) };
  return { name, key, input: input.data, notes: key === name ? [] : [`Its identifier is "${key}".`] };
}

/** `${input:token}`, `${TOKEN}`: a value would be sent as these very characters. */
function placeholdersOf(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.flatMap((text) => text.match(/\$\{[^}]{1,100}\}/g) ?? []))];
}

function firstIssue(error: z.ZodError): string {
  const [fault] = faultWords(error.issues);
  return fault === undefined ? "it cannot be read" : `${fault.path.length === 0 ? "" : `${fault.path.join(".")}: `}${fault.message}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
