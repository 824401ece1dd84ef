import type { EventOf } from "../../../protocol/events.ts";
import type { Run } from "./run.ts";

/** A task may take as long as its server says, and where it does not say, no longer than this. */
const LONGEST_TASK_MS = 24 * 60 * 60_000;

/** What is left of the turn's time, with what the calls of this step that run here have used of it. */
export function remainingMs({ assistant, state, inFlight }: Run): number {
  const { activeMs = 0, longestCallMs = 0 } = state.turn ?? {};
  const running = [...inFlight]
    .filter(([callId]) => taskOf(state, callId) === undefined)
    .map(([callId, flight]) => flight.elapsedMs() + (state.turn?.calls.get(callId)?.spentMs ?? 0));
  const begun = Math.max(0, Math.max(0, ...running) - longestCallMs);
  return Math.max(0, (assistant?.turnTimeoutMs ?? 0) - activeMs - begun);
}

/**
 * Sets the turn's time limit for the calls that run here, which pauses while a person is asked, and the limit of each
 * task; wakes the run at `wakeAt`. Returns what calls all of that off.
 */
export function limitWaiting(run: Run, wakeAt: number | undefined): () => void {
  const { clock } = run.ports;
  const callsOff: (() => void)[] = [];
  const at = (moment: number, then: () => void) => callsOff.push(clock.after(Math.max(0, moment - clock.now()), then));
  if (wakeAt !== undefined) at(wakeAt, () => run.poke());
  for (const [callId, flight] of run.inFlight) {
    const task = taskOf(run.state, callId);
    if (task !== undefined) at(task.at + LONGEST_TASK_MS, () => flight.cancel("time"));
  }
  const flights = [...run.inFlight].filter(([callId]) => taskOf(run.state, callId) === undefined).map(([, flight]) => flight);
  if (flights.length > 0 && ![...run.inFlight.values()].some((flight) => flight.asking))
    at(clock.now() + remainingMs(run), () => flights.forEach((flight) => flight.cancel("time")));
  return () => callsOff.forEach((callOff) => callOff());
}

/** Whether a call is under way here whose answer would be lost with this run. */
export function awaitsResults({ state, inFlight }: Run): boolean {
  return [...inFlight.keys()].some((callId) => taskOf(state, callId) === undefined);
}

/** The task that a call goes on with, if it has become one. */
function taskOf(state: Run["state"], callId: string): EventOf<"tool-call-task"> | undefined {
  const call = state.turn?.calls.get(callId);
  return call?.goesOnWith === "task" ? call.task : undefined;
}
