import type { Usage } from "../../../protocol/events.ts";
import type { Assistant } from "../ports/assistant.ts";
import { costOf } from "../ports/cost.ts";
import type { ModelRequest } from "../ports/model.ts";
import { promptTokens, requestTokens } from "../prompt/prompt.ts";
import type { EarlyStream } from "./early-stream.ts";
import type { StepEnd } from "./model-step.ts";
import type { RunPorts } from "./run-ports.ts";

type BudgetPorts = Pick<RunPorts, "budgets">;

/** Counts what a model took and no event says. */
export function countUnwritten({ budgets }: BudgetPorts, assistant: Assistant, usage: Usage): void {
  if (usage.inputTokens === undefined && usage.outputTokens === undefined) return;
  budgets?.usedUnwritten(assistant, usage, costOf(usage, assistant.model.prices).cost);
}

/**
 * A stream that was cut says nothing of what it took, and has taken it all the same: whoever stops each answer would
 * never reach the budget. So it is guessed from what was sent and what was said. Where the server stops in between, its
 * next process counts the prompt (`countPrompt`), and this one only what was said.
 */
export function countCut(ports: BudgetPorts, assistant: Assistant, request: ModelRequest, end: StepEnd): void {
  if (end.kind === "finished" || end.usage.inputTokens !== undefined) return;
  if (end.kind === "failed" && end.text === "") return;
  const outputTokens = promptTokens([{ role: "user", text: end.text }]);
  const isLeft = end.kind === "interrupted" && (end.by === "shutdown" || end.by === "lease");
  countUnwritten(ports, assistant, { inputTokens: isLeft ? 0 : requestTokens(request), outputTokens });
}

/** What was asked early and is used by nobody. */
export function countUnused(
  ports: BudgetPorts,
  assistant: Assistant,
  request: ModelRequest,
  { text, usage, failed }: Pick<EarlyStream, "text" | "usage" | "failed">,
): void {
  if (usage !== undefined) return countUnwritten(ports, assistant, usage);
  if (failed && text === "") return;
  countUnwritten(ports, assistant, { inputTokens: requestTokens(request), outputTokens: promptTokens([{ role: "user", text }]) });
}

/** A process that is gone had asked for a step, and nobody knows what came of it but that its prompt was sent. */
export function countPrompt(ports: BudgetPorts, assistant: Assistant, request: ModelRequest): void {
  countUnwritten(ports, assistant, { inputTokens: requestTokens(request), outputTokens: 0 });
}
