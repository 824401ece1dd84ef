import type { TurnErrorCode } from "../../../protocol/errors.ts";
import type { EventDraft } from "../../../protocol/events.ts";
import type { Run } from "./run.ts";
import { endOpen, notKept, turnEnded } from "./turn-drafts.ts";

/**
 * Ends the run's turn, and what is open in it, in one append; `before` is written first. Without a turn nothing
 * happens.
 */
export async function endTurn(
  run: Run,
  outcome: "done" | "stopped" | "failed",
  more: { before?: readonly EventDraft[]; error?: TurnErrorCode; cause?: string } = {},
): Promise<void> {
  const turn = run.state.turn;
  if (turn === undefined) return;
  const { before = [], error } = more;
  await run.append([...before, ...endOpen(turn), turnEnded(turn, outcome, more)], { forgetResults: notKept(turn) });
  run.ports.meter.turnEnded(run.conversation.assistant, error ?? outcome, turn.activeMs);
}
