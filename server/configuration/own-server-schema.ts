import * as z from "zod";

/**
 * The tools of Frontdesk's own server that are off unless they are named: they reach customers, change what is live, or
 * cannot be taken back. The rest of them is in `server/http/api/operation-tools/tool-table.ts`.
 */
export const ACTING_TOOLS = [
  "join_conversation",
  "send_reply",
  "hand_back",
  "decide_approval",
  "settle_call",
  "publish_assistant_draft",
  "create_assistant",
  "change_assistant",
  "remove_assistant",
  "change_connector",
  "create_mcp_server",
  "change_mcp_server",
  "accept_mcp_tool",
  "remove_mcp_server",
] as const;

export const ownServerSchema = z.strictObject({
  enabled: z.boolean().default(true).describe("false: there is nothing at /mcp/frontdesk."),
  allow: z
    .array(z.enum(ACTING_TOOLS))
    .default([])
    .describe("Tools that reach customers, change what is live, or cannot be taken back: each is off unless it is named here."),
});
