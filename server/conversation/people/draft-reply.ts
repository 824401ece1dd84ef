import { RequestError } from "../../../protocol/errors.ts";
import type { Usage } from "../../../protocol/events.ts";
import type { Assistants } from "../ports/assistants.ts";
import type { Budgets } from "../ports/budgets.ts";
import { ModelError, type Models, type PromptMessage } from "../ports/model.ts";
import { assistantName, type Conversation, type Store } from "../ports/store.ts";
import { modelRequest, promptBudget, promptTokens, requestTokens } from "../prompt/prompt.ts";
import { costOf } from "../ports/cost.ts";
import { readHistory } from "../prompt/read-history.ts";

export interface DraftReplyPorts {
  readonly store: Pick<Store, "readFrom">;
  readonly assistants: Assistants;
  readonly models: Models;
  readonly budgets?: Budgets;
}

/** Longer than any reply that a person would send as it is. */
const MOST_CHARACTERS = 8_000;

/**
 * What the assistant would write in the place of a member of the staff: one answer, without tools. Nothing of it is
 * written anywhere; the member reads, changes and sends it, or not. Throws `RequestError` where the model cannot.
 */
export async function draftReply(
  ports: DraftReplyPorts,
  conversation: Conversation,
  { name, signal }: { readonly name: string; readonly signal: AbortSignal },
): Promise<string> {
  const assistant = ports.assistants.find(assistantName(conversation));
  if (assistant === undefined) throw new RequestError("unknown-assistant");
  const history = await readHistory(ports.store, conversation);
  const whole = modelRequest({ assistant, history, tools: [], lastStep: true });
  const messages = fitting([...whole.messages, instruction(name)], promptBudget(assistant));
  const seat = await ports.budgets?.admit(assistant);
  if (seat !== undefined && "cause" in seat) throw new RequestError("draft-failed", { detail: seat.cause });
  const request = { ...whole, messages };
  let text = "";
  let isCounted = false;
  const count = (usage: Usage): void => {
    isCounted = true;
    ports.budgets?.usedUnwritten(assistant, usage, costOf(usage, assistant.model.prices).cost);
  };
  try {
    const model = await ports.models.of(assistant.model);
    for await (const part of model.stream(request, signal)) {
      if (part.type === "text") text += part.text;
      if (part.type === "finish") count(part.usage);
      if (text.length > MOST_CHARACTERS) break;
    }
  } catch (error) {
    if (!(error instanceof ModelError) || signal.aborted) throw error;
    throw new RequestError("draft-failed", { detail: error.message });
  } finally {
    if (!isCounted && (text !== "" || signal.aborted))
      count({ inputTokens: requestTokens(request), outputTokens: promptTokens([{ role: "user", text }]) });
    seat?.close();
  }
  if (text.trim() === "") throw new RequestError("draft-failed", { detail: "The model said nothing." });
  return text.trim().slice(0, MOST_CHARACTERS);
}

function instruction(name: string): PromptMessage {
  return {
    role: "user",
    text: `(Draft the next reply to the customer for ${name}, a member of the team who answers in your place now. Write only the text of the reply, in the customer's language, as ${name} would, without a heading and without saying that it is a draft. Do not claim that anything was done which the conversation does not show.)`,
  };
}

/** A draft is worth no summary: what is oldest is left out where the window is too small. */
function fitting(messages: readonly PromptMessage[], budgetTokens: number): readonly PromptMessage[] {
  let kept = messages;
  while (tokensOf(kept) > budgetTokens) {
    const first = kept.findIndex(({ role }) => role !== "system");
    const second = kept.findIndex(({ role }, index) => index > first && role === "user");
    if (second < 0 || second === kept.length - 1) return kept;
    kept = [...kept.slice(0, first), ...kept.slice(second)];
  }
  return kept;
}

function tokensOf(messages: readonly PromptMessage[]): number {
  return requestTokens({ messages, tools: [], toolChoice: "none", maxOutputTokens: 0 });
}
