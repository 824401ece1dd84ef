import type { Actor } from "../../../protocol/events.ts";
import type { DecisionName, ParsedRequest } from "../../../protocol/frames.ts";
import { approvalDecision, type Deciding } from "./approval-decision.ts";
import { connectionDecision } from "./connection-decision.ts";
import type { Decision, Waiting } from "./decide.ts";
import { inputDecision } from "./input-decision.ts";

/** What each request with which a customer decides makes of itself. */
const CUSTOMER_DECISIONS: {
  readonly [N in DecisionName]: (request: ParsedRequest<N>, by: Actor, deciding: Deciding) => Decision<Waiting>;
} = {
  "approval-decide": approvalDecision,
  "connection-decide": connectionDecision,
  "input-decide": inputDecision,
};

export function customerDecision<N extends DecisionName>(
  name: N,
  request: ParsedRequest<N>,
  by: Actor,
  deciding: Deciding,
): Decision<Waiting> {
  return CUSTOMER_DECISIONS[name](request, by, deciding);
}
