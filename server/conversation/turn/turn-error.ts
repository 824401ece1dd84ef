import type { TurnErrorCode } from "../../../protocol/errors.ts";
import type { ModelError } from "../ports/model.ts";

/** What a failed model call means for the customer. `said` is whether a part of the answer was already shown. */
export function turnErrorOf(error: ModelError, said: boolean): TurnErrorCode {
  switch (error.kind) {
    case "misconfigured":
      return "model-misconfigured";
    case "context-overflow":
      return "context-too-long";
    case "refused":
      return "model-refused";
    case "rate-limited":
    case "overloaded":
      return said ? "answer-broken" : "model-busy";
    case "broken":
    case "unreachable":
      return said ? "answer-broken" : "model-unavailable";
  }
}
