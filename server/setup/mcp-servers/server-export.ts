import { isRemote } from "../../tools/mcp/servers/settings.ts";
import type { ListedServer } from "./server-directory.ts";

export const EXPORT_FORMATS = ["mcpServers", "vapi"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface McpServersExport {
  readonly mcpServers: Readonly<
    Record<
      string,
      {
        readonly type: "http" | "sse";
        readonly url: string;
        readonly headers?: Readonly<Record<string, string>>;
        /** Ours; other products pass over it. */
        readonly protocol?: "2026-07-28" | "legacy";
      }
    >
  >;
}
export interface VapiExport {
  readonly tools: readonly {
    readonly type: "mcp";
    readonly function: { readonly name: string };
    readonly server: { readonly url: string; readonly headers?: Readonly<Record<string, string>> };
    readonly metadata: { readonly protocol: "shttp" | "sse" };
  }[];
}

/**
 * Servers as other products read them, without secrets: an address is shown with scheme and host only, and named
 * placeholders stand for the rest and for the values of headers. Programs (stdio) and servers whose secrets cannot be
 * opened are left out.
 */
export function exportServers(servers: readonly ListedServer[], format: ExportFormat): McpServersExport | VapiExport {
  const shown = servers.flatMap(({ key, entry }) => {
    if (entry === undefined || !isRemote(entry.settings) || !URL.canParse(entry.settings.url)) return [];
    const { url, headers, transport, protocol } = entry.settings;
    const sse = transport === "sse" || (transport !== "streamable-http" && new URL(url).pathname.replace(/\/+$/, "").endsWith("/sse"));
    return [
      {
        key,
        url: placeholderUrl(key, url),
        headers: placeholderHeaders(key, Object.keys(headers)),
        sse,
        pinned: protocol === "auto" ? {} : { protocol },
      },
    ];
  });
  if (format === "vapi")
    return {
      tools: shown.map(({ key, url, headers, sse }) => ({
        type: "mcp",
        function: { name: key },
        server: { url, ...headers },
        metadata: { protocol: sse ? "sse" : "shttp" },
      })),
    };
  return {
    mcpServers: Object.fromEntries(
      shown.map(({ key, url, headers, sse, pinned }) => [key, { type: sse ? "sse" : "http", url, ...headers, ...pinned }]),
    ),
  };
}

function placeholderUrl(key: string, url: string): string {
  const { origin, pathname, search } = new URL(url);
  const hidden = pathname !== "/" || search !== "";
  return hidden ? `${origin}/\${${constant(key)}_URL_REST}` : `${origin}/`;
}

function placeholderHeaders(key: string, names: readonly string[]): { readonly headers?: Readonly<Record<string, string>> } {
  if (names.length === 0) return {};
  return { headers: Object.fromEntries(names.map((name) => [name, `\${${constant(key)}_${constant(name)}}`])) };
}

function constant(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
}
