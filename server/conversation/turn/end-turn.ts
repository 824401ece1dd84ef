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
  // Nothing else waits: the lease goes back with the turn's end, in one commit. A message that a person has taken over
  // stays open until they answer it.
  const over = run.state.messages.length === 0 && run.inFlight.size === 0 && turn.taken === undefined;
  const release = over ? { release: { seenSeq: run.state.seq } } : {};
  await run.append([...before, ...endOpen(turn), turnEnded(turn, outcome, more)], { forgetResults: notKept(turn), ...release });
  run.leaveSeat();
  run.ports.meter.turnEnded(run.conversation.assistant, error ?? outcome, turn.activeMs);
}
