import { html } from "lit";
import type { Screen } from "../foundation/screen.ts";

const servers: Screen["load"] = async () => {
  await import("../screens/tools/servers/servers-screen.ts");
  return () => html`<desk-mcp-servers></desk-mcp-servers>`;
};
const server: Screen["load"] = async () => {
  await import("../screens/tools/servers/server-screen.ts");
  return (params) => html`<desk-mcp-server key=${params["key"] ?? ""}></desk-mcp-server>`;
};
const httpTool: Screen["load"] = async () => {
  await import("../screens/tools/http/http-tool-screen.ts");
  return (params) => html`<desk-http-tool name=${params["name"] ?? ""}></desk-http-tool>`;
};

/** Servers and HTTP tools; the list of servers is what Tools begins with. */
export const TOOL_SCREENS: readonly Screen[] = [
  { path: "/tools", action: "servers.read", load: servers },
  { path: "/tools/mcp-servers", action: "servers.read", load: servers },
  { path: "/tools/mcp-servers/new", action: "servers.create", load: server },
  {
    path: "/tools/import",
    action: "servers.create",
    load: async () => {
      await import("../screens/tools/servers/import-screen.ts");
      return () => html`<desk-mcp-import></desk-mcp-import>`;
    },
  },
  { path: "/tools/mcp-servers/:key", action: "servers.read", load: server },
  {
    path: "/tools/mcp-servers/:key/tools",
    action: "servers.read",
    load: async () => {
      await import("../screens/tools/tool/server-tools-screen.ts");
      return (params) => html`<desk-mcp-tools key=${params["key"] ?? ""}></desk-mcp-tools>`;
    },
  },
  {
    path: "/tools/mcp-servers/:key/share",
    action: "servers.share",
    load: async () => {
      await import("../screens/tools/sharing/share-screen.ts");
      return (params) => html`<desk-mcp-share key=${params["key"] ?? ""}></desk-mcp-share>`;
    },
  },
  {
    path: "/tools/mcp-servers/:key/tools/:tool",
    action: "servers.read",
    load: async () => {
      await import("../screens/tools/tool/tool-screen.ts");
      return (params) => html`<desk-mcp-tool key=${params["key"] ?? ""} tool=${params["tool"] ?? ""}></desk-mcp-tool>`;
    },
  },
  {
    path: "/tools/http-tools",
    action: "servers.read",
    load: async () => {
      await import("../screens/tools/http/http-tools-screen.ts");
      return () => html`<desk-http-tools></desk-http-tools>`;
    },
  },
  {
    path: "/tools/http-tools-share",
    action: "servers.share",
    load: async () => {
      await import("../screens/tools/http/http-share-screen.ts");
      return () => html`<desk-http-share></desk-http-share>`;
    },
  },
  { path: "/tools/http-tools/new", action: "servers.create", load: httpTool },
  { path: "/tools/http-tools/:name", action: "servers.read", load: httpTool },
];
