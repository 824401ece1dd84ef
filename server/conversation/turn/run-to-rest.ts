import type { Live } from "../journal/live.ts";
import { ApprovalTakenError, JournalMovedError, LeaseLostError } from "../ports/errors.ts";
import type { Run } from "./run.ts";
import { Turn, type Rest } from "./turn.ts";
import { endOpen, notKept, turnEnded } from "./turn-drafts.ts";

/**
 * Makes the moves of a run until it has given its lease back, and lets everybody who listens hear what is passing.
 * `onRest` is called each time before it checks whether the journal has grown meanwhile. Answers how the run rests.
 */
export async function runToRest(run: Run, live: Live, onRest: () => void): Promise<Rest> {
  for (;;) {
    const rest = await runMoves(run, live);
    // Whoever appends from now on is not seen by this run, so its wish for another one must stand.
    if (run.released) return rest;
    await run.begun();
    onRest();
    if (await release(run, rest)) return rest;
    await run.catchUp();
  }
}

async function runMoves(run: Run, live: Live): Promise<Rest> {
  try {
    const moves = new Turn(run).moves();
    for (let next = await moves.next(); ; next = await moves.next()) {
      if (next.done === true) return next.value;
      if (next.value.kind === "text") live.text(next.value.frame);
      else live.progress(next.value.frame);
    }
  } catch (error) {
    if (error instanceof LeaseLostError || run.state.turn === undefined) throw error;
    // Something that nobody foresaw: the customer sees that it failed, and the conversation goes on with the next
    // message.
    const cause = error instanceof Error ? error.message : String(error);
    run.ports.log.error({ conversationId: run.id, error: error instanceof Error ? error.stack : cause }, "A turn failed.");
    run.cancelCalls("time");
    await endFailed(run, cause);
    return runMoves(run, live);
  }
}

async function endFailed(run: Run, cause: string): Promise<void> {
  for (let turn = run.state.turn; turn !== undefined; turn = run.state.turn) {
    try {
      const events = [...endOpen(turn), turnEnded(turn, "failed", { error: "internal", cause })];
      await run.append(events, { forgetResults: notKept(turn) });
    } catch (error) {
      // Somebody decided in the same moment: what they wrote is in the journal now, so look again.
      if (!(error instanceof ApprovalTakenError || error instanceof JournalMovedError)) throw error;
      await run.catchUp();
    }
  }
}

function release(run: Run, rest: Rest): Promise<boolean> {
  const { seq, openSeq } = run.state;
  return run.ports.store.releaseLease(run.lease, {
    seenSeq: rest.kind === "left" ? Number.MAX_SAFE_INTEGER : seq,
    openSeq,
    runnable: rest.kind === "left",
    ...(rest.kind === "waiting" && rest.wakeAt !== undefined ? { wakeAt: rest.wakeAt } : {}),
  });
}
