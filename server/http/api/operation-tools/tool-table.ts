/** Which operations of the API are tools of Frontdesk's own MCP server. */
import { CALL_TOOLS, CONVERSATION_TOOLS } from "./conversation-tools.ts";
import { ASSISTANT_TOOLS, SERVER_TOOLS } from "./setup-tools.ts";
import { DOWNLOAD, MORE, type ToolEntry } from "./tool-entry.ts";

const OTHER_TOOLS: readonly ToolEntry[] = [
  {
    name: "who_am_i",
    title: "Who am I",
    operation: "readSelf",
    description: "Says which key this is, and which actions it may take.",
    does: "reads",
  },
  {
    name: "read_usage",
    title: "Read usage",
    operation: "readUsage",
    description: "Reads what assistants used by day, model and tool: tokens, costs, calls, and their budgets.",
    does: "reads",
    without: DOWNLOAD,
  },
  {
    name: "list_audit_log",
    title: "List the audit log",
    operation: "listAuditLog",
    description: `Lists who changed what, the newest first. ${MORE}`,
    does: "reads",
    without: DOWNLOAD,
  },
];

/** In the order in which clients list them. */
export const TOOL_TABLE: readonly ToolEntry[] = [...CONVERSATION_TOOLS, ...CALL_TOOLS, ...ASSISTANT_TOOLS, ...SERVER_TOOLS, ...OTHER_TOOLS];
