import type { EventOf } from "../../../protocol/events.ts";
import { askForPersonTool } from "../people/ask-for-person-tool.ts";
import { type Assistant, peopleOf, permissionOf } from "../ports/assistant.ts";
import type { CustomerFacts } from "../ports/customer-facts.ts";
import type { Conversation } from "../ports/store.ts";
import type { Tool, Toolbox } from "../ports/tools.ts";
import { findToolsTool } from "../prompt/find-tools-tool.ts";
import { offeredTools, type OwnTools } from "../prompt/offered-tools.ts";
import type { PromptHistory } from "../prompt/prompt-history.ts";
import { readResultTool } from "../prompt/read-result-tool.ts";
import { boundTool } from "./bound-arguments.ts";
import type { RunPorts } from "./run-ports.ts";

export interface ToolsPlace {
  readonly ports: Pick<RunPorts, "tools" | "store" | "journal" | "clock" | "facts">;
  readonly conversation: Conversation;
  /** The message that is answered. */
  readonly message: Pick<EventOf<"message-received">, "sessionId" | "spoken"> | undefined;
  /** How much of a result of the running turn is kept. */
  readonly keepOf: Parameters<typeof readResultTool>[3];
  readonly signal: AbortSignal;
}

/** The tools of a conversation at one moment. */
export interface OpenedTools {
  /** What the site says of the customer. */
  readonly facts: CustomerFacts | undefined;
  readonly toolbox: Toolbox;
  /** Those of servers that are not disabled. */
  readonly tools: readonly Tool[];
  /** Those that views may call, disabled ones too. */
  readonly forViews: readonly Tool[];
  readonly ours: OwnTools;
  /** Our own that are offered beside whatever else is. */
  readonly always: readonly Tool[];
  /** Those that a call may mean, disabled ones too: such a call is refused as disabled. */
  readonly all: readonly Tool[];
}

export async function openTools(place: ToolsPlace, assistant: Assistant): Promise<OpenedTools> {
  const { ports, conversation, message, keepOf, signal } = place;
  const { id: conversationId, customerId } = conversation;
  const { sessionId = conversationId, spoken } = message ?? {};
  const facts = await factsFor(assistant, customerId, ports);
  const toolbox = await ports.tools.open({
    assistant,
    conversationId,
    customerId,
    sessionId,
    ...(spoken === undefined ? {} : { voiceCallId: spoken.voiceCallId }),
    ...(facts === undefined ? {} : { facts }),
    signal,
  });
  const bind = new Map(assistant.connectors.map((connector) => [connector.server, connector.bind]));
  const bound = toolbox.tools.map((tool) => boundTool(tool, bind.get(tool.reference.server), facts));
  const known = bound.filter((tool) => isFor(tool, "model"));
  const forViews = bound.filter((tool) => tool.reference.source === "mcp" && isFor(tool, "app"));
  // The model does not know of a tool that is off for this assistant.
  const tools = known.filter(({ reference }) => permissionOf(assistant, reference.server, reference.tool).permission !== "disabled");
  const ours = { findTools: findToolsTool(tools), readResult: readResultTool(ports.store, conversationId, assistant.resultBytes, keepOf) };
  const people = peopleOf(assistant);
  const always = people === undefined ? [] : [askForPersonTool(ports, conversation, people)];
  const all = known.length === 0 ? always : [...known, ours.findTools, ours.readResult, ...always];
  return { facts, toolbox, tools, forViews, ours, always, all };
}

/** Whether the model, or a view, may call it at all: what its server says. */
function isFor({ audience }: Tool, who: "model" | "app"): boolean {
  return audience === undefined || audience.includes(who);
}

/** What the model is offered of them in its next step. */
export function offeredNow({ tools, ours, always }: OpenedTools, assistant: Assistant, history: PromptHistory): readonly Tool[] {
  const found = tools.length === 0 ? [] : offeredTools(tools, ours, assistant, history.toolsFound());
  return always.length === 0 ? found : [...found, ...always];
}

/** Nothing where no site says anything. */
async function factsFor(
  { identity, connectors }: Assistant,
  customerId: string,
  { facts }: Pick<RunPorts, "facts">,
): Promise<CustomerFacts | undefined> {
  const isAsked = (identity !== undefined && identity.mode !== "off") || connectors.some(({ bind }) => bind !== undefined);
  return isAsked ? facts?.(customerId) : undefined;
}
