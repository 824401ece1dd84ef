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
  const { sessionId = conversationId, spoken } = (await openMessage(store, conversationId, openSeq)) ?? {};
  const voice = spoken === undefined ? {} : { voiceCallId: spoken.voiceCallId };
  const controller = new AbortController();
  const callOff = clock.after(LONGEST_MS, () => controller.abort("time"));
  try {
    const toolbox = await tools.open({ assistant, conversationId, customerId, sessionId, ...voice, signal: controller.signal });
    return toolbox.tools.find(({ name, definitionHash }) => name === call.name && definitionHash === call.definitionHash);
  } finally {
    callOff();
    tools.rest(conversationId);
  }
}

/** What was heard of a call may stand before it. */
const BEFORE_MESSAGE = 64;
const BEFORE_MESSAGE_BYTES = 64 * 1024;

async function openMessage(
  store: Pick<Store, "readFrom">,
  conversationId: string,
  openSeq: number,
): Promise<EventOf<"message-received"> | undefined> {
  const open = await store.readFrom(conversationId, openSeq, BEFORE_MESSAGE, BEFORE_MESSAGE_BYTES);
  return open.find((event) => event.type === "message-received");
}
