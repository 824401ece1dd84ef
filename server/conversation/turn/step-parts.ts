import type { Assistant } from "../ports/assistant.ts";
import type { CustomerFacts } from "../ports/customer-facts.ts";
import type { Tool } from "../ports/tools.ts";
import { customerNote } from "../prompt/customer-note.ts";
import type { PromptHistory } from "../prompt/prompt-history.ts";
import type { PromptParts } from "../prompt/prompt.ts";
import type { OpenTurn } from "./turn-state.ts";

export interface StepParts {
  readonly assistant: Assistant;
  readonly turn: Pick<OpenTurn, "turnId" | "steps">;
  readonly history: PromptHistory;
  readonly tools: readonly Tool[];
  /** What the site says of the customer. */
  readonly facts: CustomerFacts | undefined;
}

/** What the request for the next step of a turn is made of. */
export function stepParts({ assistant, turn, history, tools, facts }: StepParts): PromptParts {
  const customer = customerNote(assistant, facts);
  return {
    assistant,
    history,
    tools,
    lastStep: turn.steps >= assistant.maxSteps - 1,
    aloud: assistant.voice?.style !== "plain" && history.isAloud(turn.turnId),
    ...(customer === undefined ? {} : { customer }),
  };
}
