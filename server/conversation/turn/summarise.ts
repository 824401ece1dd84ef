import type { Assistant } from "../ports/assistant.ts";
import { costOf } from "../ports/cost.ts";
import { joinSignals } from "./join-signals.ts";
import { modelStep } from "./model-step.ts";
import type { ModelRequest } from "../ports/model.ts";
import { modelRequest, requestTokens, summaryRequest, type PromptParts } from "../prompt/prompt.ts";
import type { Run } from "./run.ts";
import { countCut, countUnwritten } from "./unwritten-usage.ts";

/** How many of the newest turns are always in the prompt in full. */
const KEEP_TURNS = 3;

/**
 * The request for the next step, made to fit `budgetTokens`: when the conversation is longer, its older turns are
 * summarised once, and the summary kept as an event; when a single turn is too long, its tool results are shortened
 * again.
 */
export async function fittingRequest(run: Run, parts: PromptParts, budgetTokens: number): Promise<ModelRequest> {
  let request = modelRequest(parts);
  for (const keep of [KEEP_TURNS, 1]) {
    if (requestTokens(request) <= budgetTokens) return request;
    if (await writeSummary(run, parts.assistant, keep)) request = modelRequest(parts);
  }
  return requestTokens(request) <= budgetTokens ? request : dropOldest(modelRequest(parts, true), budgetTokens);
}

/** The last resort: whole turns are left out at the front, never the newest one. */
function dropOldest(request: ModelRequest, budgetTokens: number): ModelRequest {
  let current = request;
  while (requestTokens(current) > budgetTokens) {
    const first = current.messages.findIndex((message) => message.role !== "system");
    const second = current.messages.findIndex((message, index) => index > first && message.role === "user");
    if (second < 0) return current;
    current = { ...current, messages: [...current.messages.slice(0, first), ...current.messages.slice(second)] };
  }
  return current;
}

/** True when a summary was written. A model that cannot summarise costs nothing but the attempt. */
async function writeSummary(run: Run, assistant: Assistant, keep: number): Promise<boolean> {
  const older = run.history.older(keep);
  if (older === undefined) return false;
  const model = await run.ports.models.of(assistant.model);
  const request = summaryRequest(assistant, run.history.summary, older.messages);
  const place = { conversationId: run.id, turnId: run.state.turn?.turnId ?? "", step: -1 };
  const { signal, forget } = joinSignals(run.leaving, run.stopping);
  const step = modelStep(model, request, place, { signal, now: () => run.ports.clock.now() });
  let next = await step.next();
  while (next.done !== true) next = await step.next();
  forget();
  const end = next.value;
  if (end.kind !== "finished" || end.text.trim() === "") {
    countCut(run.ports, assistant, request, end);
    countUnwritten(run.ports, assistant, end.usage);
    run.ports.log.warn(
      { conversationId: run.id, cause: end.kind === "failed" ? end.error.message : end.kind },
      "The older part of a conversation could not be summarised; it is left out of the prompt where it does not fit.",
    );
    return false;
  }
  const { throughSeq, foreign, foundTools } = older;
  await run.append([
    {
      type: "summary-written",
      throughSeq,
      text: end.text.trim(),
      ...(foreign ? { foreign } : {}),
      ...(foundTools.length === 0 ? {} : { foundTools: [...foundTools] }),
      model: assistant.model.model,
      usage: end.usage,
      ...costOf(end.usage, assistant.model.prices),
    },
  ]);
  return true;
}
