import type { Usage } from "../../../protocol/events.ts";
import type { ModelRequest } from "../ports/model.ts";
import { promptTokens, requestTokens } from "./prompt.ts";

/**
 * What a request took whose stream was cut: it says nothing of that, and has taken it all the same. Only a guess, so it
 * is no part of a journal.
 */
export function guessedUsage(request: ModelRequest, text: string): Usage {
  return { inputTokens: requestTokens(request), outputTokens: promptTokens([{ role: "user", text }]) };
}
