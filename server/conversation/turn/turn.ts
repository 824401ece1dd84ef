import { ApprovalTakenError, JournalMovedError, PersonAnswersError } from "../ports/errors.ts";
import { Calls } from "./calls.ts";
import { endTurn } from "./end-turn.ts";
import { escalation } from "./escalate.ts";
import { nextMove, type Move } from "./next-move.ts";
import type { Passing } from "./passing.ts";
import type { Run } from "./run.ts";
import { Steps } from "./steps.ts";
import { ToolsAtHand } from "./tools-at-hand.ts";
import { expire } from "./turn-drafts.ts";
import { awaitsResults, limitWaiting } from "./turn-time.ts";

/**
 * Why the generator returned: nothing is open; a person has to decide until `wakeAt`; or it had to leave, and the
 * journal keeps the rest.
 */
export type Rest = { readonly kind: "idle" } | { readonly kind: "waiting"; readonly wakeAt?: number } | { readonly kind: "left" };

/** Somebody else wrote what speaks against the move. */
function isElsewhere(error: unknown): boolean {
  return error instanceof ApprovalTakenError || error instanceof JournalMovedError || error instanceof PersonAnswersError;
}

/**
 * Answers what is open in a conversation: reads the journal, makes the next move, until nothing is open or a person has
 * to decide. It holds nothing that is not in the journal but what is passing, which it yields. Throws `LeaseLostError`,
 * and whatever the store throws.
 */
export class Turn {
  readonly #run: Run;
  readonly #calls: Calls;
  readonly #steps: Steps;

  constructor(run: Run) {
    const tools = new ToolsAtHand(run);
    this.#run = run;
    this.#calls = new Calls(run, tools);
    this.#steps = new Steps(run, tools, this.#calls);
  }

  async *moves(): AsyncGenerator<Passing, Rest> {
    const run = this.#run;
    // A step that is next before this run has done anything was asked for by one that is gone.
    let asksAgain = !run.beganTurn;
    for (;;) {
      if (run.released) return { kind: "idle" };
      if (run.leaving.aborted) {
        // A call that is under way is worth its answer, but for a task, whose end the next run asks for; nothing new
        // begins.
        if (run.leaving.reason === "lease" || !awaitsResults(run)) return { kind: "left" };
        yield* this.#calls.takeIn(await run.mailbox.take());
        continue;
      }
      yield* this.#calls.takeIn(run.mailbox.drain());
      const move = nextMove(run.state, new Set(run.inFlight.keys()), run.ports.clock.now());
      run.isAsking = move.kind === "ask-model";
      if (move.kind === "idle") return { kind: "idle" };
      if (move.kind === "wait" && !move.running) return { kind: "waiting", ...(move.wakeAt === undefined ? {} : { wakeAt: move.wakeAt }) };
      try {
        const isAskedAgain = asksAgain && move.kind === "ask-model";
        asksAgain = false;
        if (move.kind !== "ask-model") {
          yield* this.#make(move);
          continue;
        }
        // Driven here, not in a generator of its own: each one costs something with every token.
        const asking = await this.#steps.begin({ asksAgain: isAskedAgain });
        if (asking === undefined) continue;
        try {
          while (await asking.prepare()) asking.take(yield* asking.speak());
        } finally {
          asking.close();
        }
        await this.#steps.end(asking);
      } catch (error) {
        // Somebody decided or joined in the same moment: what they wrote is in the journal now, so look again.
        if (!isElsewhere(error)) throw error;
        await run.catchUp();
      }
    }
  }

  async *#make(move: Exclude<Move, { kind: "ask-model" }>): AsyncGenerator<Passing, void> {
    const run = this.#run;
    const { clock } = run.ports;
    switch (move.kind) {
      case "idle":
        return;
      case "wait":
        yield* this.#wait(move.wakeAt);
        return;
      case "begin":
        run.armStop();
        await run.begin(clock.id(), move.message.messageId);
        return;
      case "expire":
        await run.append(move.calls.flatMap((call) => expire(call, clock.now(), escalation(call, { assistant: run.assistant, clock }))));
        return;
      case "recover":
        await this.#calls.recover(move.calls);
        return;
      case "advance":
        if (!(await this.#calls.advance(move.calls))) await endTurn(run, "failed", { error: "assistant-removed" });
        return;
      case "stop":
        await endTurn(run, "stopped");
        return;
      case "end":
        await endTurn(run, "done");
        return;
    }
  }

  /**
   * Waits for calls that run here. Leaving waits for other calls than tasks: one that is under way is worth its answer.
   */
  async *#wait(wakeAt: number | undefined): AsyncGenerator<Passing, void> {
    const run = this.#run;
    if (run.state.turn?.stopRequested === true) run.cancelCalls("stop");
    const callOff = limitWaiting(run, wakeAt);
    try {
      yield* this.#calls.takeIn(await run.mailbox.take());
    } finally {
      callOff();
    }
  }
}
