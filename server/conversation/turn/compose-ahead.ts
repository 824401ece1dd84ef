import type { Spoken } from "../../../protocol/voice-events.ts";
import { isAside } from "../ports/asides.ts";
import type { Assistant } from "../ports/assistant.ts";
import type { ModelRequest } from "../ports/model.ts";
import type { Conversation } from "../ports/store.ts";
import type { PromptHistory } from "../prompt/prompt-history.ts";
import { modelRequest, promptBudget, requestTokens } from "../prompt/prompt.ts";
import { readHistory } from "../prompt/read-history.ts";
import { offeredNow, openTools } from "./opened-tools.ts";
import type { RecentHistories } from "./recent-histories.ts";
import type { RunPorts } from "./run-ports.ts";
import { stepParts } from "./step-parts.ts";

export interface AheadMessage {
  readonly text: string;
  readonly sessionId: string;
  readonly spoken: Pick<Spoken, "voiceCallId">;
}

export interface AheadPlace {
  readonly ports: RunPorts;
  readonly recent: Pick<RecentHistories, "peek">;
  readonly conversation: Conversation;
  readonly assistant: Assistant;
  readonly signal: AbortSignal;
}

/** More of them are not expected between two messages. */
const MOST_ASIDES = 200;
/** No id of a client is one. */
const [TURN, MESSAGE] = ["turn ahead", "message ahead"];

/**
 * The first request of the turn that would answer the message, were it written now; from the journal alone, which stays
 * as it is. Undefined: something else would be done first.
 */
export async function composeAhead(place: AheadPlace, { text, sessionId, spoken }: AheadMessage): Promise<ModelRequest | undefined> {
  const { ports, conversation, assistant, signal } = place;
  if (conversation.person !== undefined) return undefined;
  const history = await historyNow(place);
  if (history === undefined) return undefined;
  const [seq, at] = [conversation.lastSeq + 1, ports.clock.now()];
  const message = { seq, at, messageId: MESSAGE, text, sessionId, spoken } as const;
  history.apply({ ...message, type: "message-received", by: { kind: "customer", id: conversation.customerId } });
  history.apply({ seq: seq + 1, at, type: "turn-started", turnId: TURN, messageId: MESSAGE });
  const opened = await openTools({ ports, conversation, message, keepOf: () => undefined, signal }, assistant);
  const tools = offeredNow(opened, assistant, history);
  const request = modelRequest(stepParts({ assistant, turn: { turnId: TURN, steps: 0 }, history, tools, facts: opened.facts }));
  return requestTokens(request) <= promptBudget(assistant) ? request : undefined;
}

/** Undefined: something is unanswered. */
async function historyNow({ ports: { store }, recent, conversation }: AheadPlace): Promise<PromptHistory | undefined> {
  const { id, openSeq } = conversation;
  const open = await store.readFrom(id, openSeq, MOST_ASIDES + 1);
  if (open.length > MOST_ASIDES || !open.every(isAside)) return undefined;
  const known = recent.peek(id, openSeq - 1)?.copy();
  if (known === undefined) return readHistory(store, conversation);
  for (const event of open) known.apply(event);
  return known;
}
