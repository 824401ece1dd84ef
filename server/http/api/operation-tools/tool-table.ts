/**
 * Which operations of the API are tools of Frontdesk's own MCP server. What a tool takes and needs is the operation's;
 * here is what a model has to be told of it.
 */
export interface ToolEntry {
  readonly name: string;
  readonly title: string;
  /** The `operationId` of its route. */
  readonly operation: string;
  readonly description: string;
  /**
   * `reads`: it changes nothing. `changes`: what the staff alone sees, and can take back. `acts`: it reaches customers or
   * what is live, or cannot be taken back; off unless the operator names it.
   */
  readonly does: "reads" | "changes" | "acts";
  /** The same call again changes nothing more. */
  readonly isIdempotent?: boolean;
  /** Words of people or servers outside come in, or it reaches them. */
  readonly isOpen?: boolean;
  /** Parameters of the operation that a model has no use for. */
  readonly without?: readonly string[];
  /** A field of the body that is an id of the sender's own, made anew for each call. */
  readonly ownId?: string;
}

const MORE = "`next` of the answer, given back as `cursor`, leads on.";
const DOWNLOAD = ["format", "of"];

const CONVERSATIONS: readonly ToolEntry[] = [
  {
    name: "find_conversations",
    title: "Find conversations",
    operation: "listConversations",
    description: `Lists conversations between customers and assistants, the newest first. Narrow it by assistant, customer, time, tag, tool, outcome of a call, who it is given to, or a view of the inbox; \`q\` finds words in messages, answers, notes and results. ${MORE}`,
    does: "reads",
    isOpen: true,
  },
  {
    name: "read_conversation",
    title: "Read a conversation",
    operation: "readConversation",
    description: "Reads what the inbox knows of one conversation: customer, assistant, tags, who answers. Its events are in read_trace.",
    does: "reads",
    isOpen: true,
  },
  {
    name: "read_trace",
    title: "Read a conversation's trace",
    operation: "readEvents",
    description: `Reads the events of a conversation in order, the newest page first: messages, answers, tool calls with arguments and results, approvals, notes. \`next\`, given back as \`cursor\`, leads to the events before them. Long texts are cut; read_call_result has a call's whole result.`,
    does: "reads",
    isOpen: true,
  },
  {
    name: "read_call_result",
    title: "Read a call's result",
    operation: "readCallResult",
    description: "Reads the result of one tool call, as far as it was kept.",
    does: "reads",
    isOpen: true,
  },
  {
    name: "count_inbox",
    title: "Count the inbox",
    operation: "readInboxCounts",
    description: "Counts the conversations of each view of the inbox, and those that are unread.",
    does: "reads",
  },
  {
    name: "list_assignees",
    title: "List assignees",
    operation: "listAssignees",
    description: "Lists the people and groups that a conversation can be given to with change_inbox.",
    does: "reads",
  },
  {
    name: "list_canned_replies",
    title: "List canned replies",
    operation: "listCannedReplies",
    description: `Lists the texts that the staff keeps for replies. ${MORE}`,
    does: "reads",
  },
  {
    name: "write_note",
    title: "Write a note",
    operation: "writeNote",
    description: "Adds a note to a conversation for the staff. No customer and no assistant reads it.",
    does: "changes",
  },
  {
    name: "change_inbox",
    title: "Change a conversation's place in the inbox",
    operation: "changeInbox",
    description: "Gives a conversation to somebody, tags it, ranks it or puts it off. What is left out stays as it is.",
    does: "changes",
    isIdempotent: true,
  },
  {
    name: "close_conversation",
    title: "Close a conversation",
    operation: "closeConversation",
    description: "Closes a conversation: nothing more is to be done in it. The customer's next message opens it again.",
    does: "changes",
    isIdempotent: true,
  },
  {
    name: "reopen_conversation",
    title: "Reopen a conversation",
    operation: "reopenConversation",
    description: "Opens a closed conversation again.",
    does: "changes",
    isIdempotent: true,
  },
  {
    name: "draft_reply",
    title: "Draft a reply",
    operation: "draftReply",
    description: "Asks the conversation's assistant what it would write now. Nothing of it is kept or sent; it costs tokens.",
    does: "changes",
    isOpen: true,
  },
  {
    name: "join_conversation",
    title: "Join a conversation",
    operation: "joinConversation",
    description: "From now on this key answers the customer and the assistant is silent. The customer sees its name.",
    does: "acts",
    isOpen: true,
    isIdempotent: true,
  },
  {
    name: "send_reply",
    title: "Reply to a customer",
    operation: "sendReply",
    description: "Writes to the customer, in Markdown. The key has to have joined the conversation. It cannot be taken back.",
    does: "acts",
    isOpen: true,
    ownId: "messageId",
  },
  {
    name: "hand_back",
    title: "Hand back to the assistant",
    operation: "handBack",
    description: "Lets the assistant answer again. `summary` is told to its model, `answer` lets it answer the last message.",
    does: "acts",
    isOpen: true,
  },
];

const APPROVALS: readonly ToolEntry[] = [
  {
    name: "list_pending_approvals",
    title: "List pending approvals",
    operation: "listWaitingApprovals",
    description: `Lists the tool calls that wait for a decision, each with its arguments, who may decide (\`mayDecide\`: whether this key may), its risks and its \`argumentsHash\`. ${MORE}`,
    does: "reads",
    isOpen: true,
  },
  {
    name: "read_pending_approval",
    title: "Read a pending approval",
    operation: "readWaitingApproval",
    description: "Reads one call that waits for a decision, with the newest events of its conversation and the tool's schema.",
    does: "reads",
    isOpen: true,
  },
  {
    name: "decide_approval",
    title: "Decide an approval",
    operation: "decideApproval",
    description:
      "Approves or rejects one call that waits. `argumentsHash` has to be the one that was read with the arguments: what was not seen cannot be approved. An approved call really runs, once; `arguments` replaces its arguments whole.",
    does: "acts",
    isOpen: true,
    isIdempotent: true,
  },
  {
    name: "settle_call",
    title: "Settle a call of unknown outcome",
    operation: "settleCall",
    description: "Says how a call that ended unknown really ended. ok and failed are told to the customer and the model.",
    does: "acts",
    isOpen: true,
    isIdempotent: true,
  },
  {
    name: "list_activity",
    title: "List tool calls",
    operation: "listActivity",
    description: `Lists tool calls of all conversations, the newest first, with outcome, duration and who approved. ${MORE}`,
    does: "reads",
    isOpen: true,
    without: DOWNLOAD,
  },
];

const ASSISTANTS: readonly ToolEntry[] = [
  {
    name: "list_assistants",
    title: "List assistants",
    operation: "listAssistants",
    description: `Lists the assistants that this key may see. ${MORE}`,
    does: "reads",
  },
  {
    name: "read_assistant",
    title: "Read an assistant",
    operation: "readAssistant",
    description: "Reads the settings of an assistant as they are live: prompt, model, limits. Keys and other secrets are masked.",
    does: "reads",
  },
  {
    name: "list_assistant_versions",
    title: "List an assistant's versions",
    operation: "listVersions",
    description: `Lists the published versions of an assistant, with who published them. ${MORE}`,
    does: "reads",
  },
  {
    name: "check_assistants",
    title: "Check assistants",
    operation: "listAssistantsHealth",
    description: "Says of each assistant what hinders it, such as a server that is down, a missing key or a page that was turned away.",
    does: "reads",
  },
  {
    name: "list_connectors",
    title: "List an assistant's servers",
    operation: "listConnectors",
    description: `Lists the servers that an assistant takes tools from, each with its status. ${MORE}`,
    does: "reads",
    isOpen: true,
  },
  {
    name: "read_connector",
    title: "Read an assistant's permissions at a server",
    operation: "readConnector",
    description: "Reads what an assistant may do with each tool of one server: always allowed, needs approval, or disabled.",
    does: "reads",
    isOpen: true,
  },
  {
    name: "read_assistant_draft",
    title: "Read an assistant's draft",
    operation: "readDraft",
    description: "Reads the draft of an assistant, with what differs from what is live. Without a draft, what is live.",
    does: "reads",
  },
  {
    name: "change_assistant_draft",
    title: "Change an assistant's draft",
    operation: "changeDraft",
    description:
      "Changes fields in the draft of an assistant; begins one where there is none. Customers notice nothing until somebody publishes it. `version` is that of read_assistant_draft.",
    does: "changes",
    isIdempotent: true,
  },
  {
    name: "publish_assistant_draft",
    title: "Publish an assistant's draft",
    operation: "publishDraft",
    description: "Makes the draft of an assistant live, as a new version. `version` is that of read_assistant_draft.",
    does: "acts",
    isOpen: true,
  },
  {
    name: "create_assistant",
    title: "Create an assistant",
    operation: "createAssistant",
    description: "Makes an assistant that belongs to this key. It is live at once for the websites in `allowedOrigins`.",
    does: "acts",
    isOpen: true,
  },
  {
    name: "change_assistant",
    title: "Change a live assistant",
    operation: "changeAssistant",
    description:
      "Changes fields of an assistant, live at once; null takes one back to its default. `version` is that of read_assistant. change_assistant_draft is the careful way.",
    does: "acts",
    isOpen: true,
    isIdempotent: true,
  },
  {
    name: "remove_assistant",
    title: "Remove an assistant",
    operation: "removeAssistant",
    description: "Takes an assistant off its websites, with its connectors, versions and draft. `version` is that of read_assistant.",
    does: "acts",
    isOpen: true,
    isIdempotent: true,
  },
  {
    name: "change_connector",
    title: "Change an assistant's permissions at a server",
    operation: "changeConnector",
    description: "Changes what an assistant may do with the tools of a server, from its next call on. `version` is that of read_connector.",
    does: "acts",
    isOpen: true,
    isIdempotent: true,
  },
];

const SERVERS: readonly ToolEntry[] = [
  {
    name: "list_mcp_servers",
    title: "List MCP servers",
    operation: "listMcpServers",
    description: `Lists the MCP servers that this key may use, with their status. ${MORE}`,
    does: "reads",
    isOpen: true,
  },
  {
    name: "read_mcp_server",
    title: "Read an MCP server",
    operation: "readMcpServer",
    description: "Reads the settings and status of an MCP server. The values of headers and other secrets are masked.",
    does: "reads",
    isOpen: true,
  },
  {
    name: "list_mcp_server_tools",
    title: "List an MCP server's tools",
    operation: "listMcpTools",
    description: `Lists the tools of an MCP server as they were accepted, with what changed since. ${MORE}`,
    does: "reads",
    isOpen: true,
  },
  {
    name: "test_mcp_server",
    title: "Test an MCP server",
    operation: "testMcpServer",
    description: "Connects to an MCP server now, and says how that went and which tools it has.",
    does: "changes",
    isOpen: true,
    isIdempotent: true,
  },
  {
    name: "create_mcp_server",
    title: "Set up an MCP server",
    operation: "createMcpServer",
    description: "Sets up a remote MCP server and connects to it. No assistant has it until a connector is added.",
    does: "acts",
    isOpen: true,
  },
  {
    name: "change_mcp_server",
    title: "Change an MCP server",
    operation: "changeMcpServer",
    description: "Changes settings of an MCP server. A new address needs every secret again. `version` is that of read_mcp_server.",
    does: "acts",
    isOpen: true,
    isIdempotent: true,
  },
  {
    name: "accept_mcp_tool",
    title: "Accept a tool's definition",
    operation: "acceptMcpTool",
    description: "Accepts a new or changed tool of an MCP server, named by the hash of the definition that was read.",
    does: "acts",
    isOpen: true,
    isIdempotent: true,
  },
  {
    name: "remove_mcp_server",
    title: "Remove an MCP server",
    operation: "removeMcpServer",
    description: "Deletes an MCP server with its tools, shares and sign-ins. Not possible while an assistant has it.",
    does: "acts",
    isIdempotent: true,
  },
];

const AROUND: readonly ToolEntry[] = [
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
export const TOOL_TABLE: readonly ToolEntry[] = [...CONVERSATIONS, ...APPROVALS, ...ASSISTANTS, ...SERVERS, ...AROUND];
