import { toolsWords } from "./tools-words.ts";

/** The servers that are ours, and so have no sign-in and no page among the MCP servers. */
export const OWN_SERVERS: Readonly<Record<string, string>> = {
  http: toolsWords.httpTools,
  device: toolsWords.devices,
  page: toolsWords.page,
};

export function isOwn(server: string): boolean {
  return Object.hasOwn(OWN_SERVERS, server);
}
