import { deadlines, HANDLING, type CallState } from "./call-state.ts";
import type { OpenMessage, OpenTurn, TurnState } from "./turn-state.ts";

/** What to do next; see "the journal decides" in docs/architecture.md. */
export type Move =
  /** Nothing is unanswered. */
  | { readonly kind: "idle" }
  | { readonly kind: "begin"; readonly message: OpenMessage }
  /** Stop was pressed, or a person has taken over: end what is open, then the turn. */
  | { readonly kind: "stop"; readonly open: readonly CallState[] }
  /** Calls that were started by a run that is gone: nobody knows how they ended. */
  | { readonly kind: "recover"; readonly calls: readonly CallState[] }
  /** Decide about proposed calls, start approved ones, go on with answered ones, end refused ones. */
  | { readonly kind: "advance"; readonly calls: readonly CallState[] }
  | { readonly kind: "expire"; readonly calls: readonly CallState[] }
  /** Calls are running here, or a person has to decide, sign in or answer until `wakeAt` (absent: nobody has to). */
  | { readonly kind: "wait"; readonly running: boolean; readonly wakeAt?: number }
  | { readonly kind: "ask-model" }
  | { readonly kind: "end" };

/** The turn's next move, from the journal alone; `inFlight` are the calls that this run started. Pure. */
export function nextMove(state: TurnState, inFlight: ReadonlySet<string>, now: number): Move {
  const turn = state.turn;
  if (turn === undefined) {
    const message = state.personAnswers ? undefined : state.messages[0];
    return message === undefined ? { kind: "idle" } : { kind: "begin", message };
  }
  const open = [...turn.calls.values()].filter((call) => call.status !== "ended");
  if (turn.stopRequested) {
    const running = open.some((call) => inFlight.has(call.callId));
    return running ? { kind: "wait", running } : { kind: "stop", open };
  }
  if (open.length > 0) return moveCalls(open, inFlight, now);
  return turn.taken === undefined ? moveModel(turn) : { kind: "stop", open };
}

function moveCalls(open: readonly CallState[], inFlight: ReadonlySet<string>, now: number): Move {
  const orphans = open.filter((call) => HANDLING[call.status].next === "run" && !inFlight.has(call.callId));
  if (orphans.length > 0) return { kind: "recover", calls: orphans };
  const ready = open.filter(isReady);
  if (ready.length > 0) return { kind: "advance", calls: ready };
  const expired = open.filter((call) => deadlines(call).some((expiresAt) => expiresAt <= now));
  if (expired.length > 0) return { kind: "expire", calls: expired };
  const running = open.some((call) => inFlight.has(call.callId));
  const expiries = open.flatMap(deadlines);
  return expiries.length === 0 ? { kind: "wait", running } : { kind: "wait", running, wakeAt: Math.min(...expiries) };
}

/** Whether a run moves the call: not a person, nor the server that makes it. */
function isReady(call: CallState): boolean {
  const { next } = HANDLING[call.status];
  return next !== "rest" && next !== "run" && next !== "over";
}

function moveModel(turn: OpenTurn): Move {
  if (turn.lastStepCut !== undefined) return { kind: "end" };
  return turn.lastStepCalled === false ? { kind: "end" } : { kind: "ask-model" };
}
