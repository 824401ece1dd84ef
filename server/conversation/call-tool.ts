import type { EventOf } from "../../protocol/events.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Assistants } from "./ports/assistants.ts";
import { assistantName, type Conversation, type Store } from "./ports/store.ts";
import type { Tool, Tools } from "./ports/tools.ts";

export interface CallToolPorts {
  readonly store: Pick<Store, "readFrom">;
  readonly assistants: Pick<Assistants, "find">;
  readonly tools: Pick<Tools, "open" | "rest">;
  readonly clock: Pick<Clock, "after">;
}

/** Whoever waits for it looks at a screen. */
const LONGEST_MS = 10_000;

/**
 * The tool that a call means, as its conversation has it at this moment; the one that the run of the call will find.
 * Undefined: it is not there, or no longer what the model saw.
 */
export async function toolOfCall(
  { store, assistants, tools, clock }: CallToolPorts,
  conversation: Conversation,
  call: EventOf<"tool-call-proposed">,
): Promise<Tool | undefined> {
  const assistant = assistants.find(assistantName(conversation));
  if (assistant === undefined) return undefined;
  const { id: conversationId, customerId, openSeq } = conversation;
  const [open] = await store.readFrom(conversationId, openSeq, 1);
  const sessionId = (open?.type === "message-received" ? open.sessionId : undefined) ?? conversationId;
  const controller = new AbortController();
  const callOff = clock.after(LONGEST_MS, () => controller.abort("time"));
  try {
    const toolbox = await tools.open({ assistant, conversationId, customerId, sessionId, signal: controller.signal });
    return toolbox.tools.find(({ name, definitionHash }) => name === call.name && definitionHash === call.definitionHash);
  } finally {
    callOff();
    tools.rest(conversationId);
  }
}
