import type { EventOf, JournalEvent } from "../../../protocol/events.ts";

/** A question of the server to the customer. */
export interface InputState {
  readonly requested: EventOf<"input-requested">;
  readonly answered?: EventOf<"input-decided">;
}

export type CallStatus =
  /** It is decided next: at first, and again after a sign-in. */
  | "proposed"
  /** A person has to decide. */
  | "waiting"
  | "approved"
  | "rejected"
  | "expired"
  | "withdrawn"
  /** The customer has to sign in. */
  | "connecting"
  | "not-connected"
  | "started"
  /** The server asked and keeps nothing; nothing is held here either. */
  | "paused"
  /** All that it asked is answered: it goes on next. */
  | "answered"
  | "ended";

/** What a run, and the end of a turn, do with a call in one status. */
interface Handling {
  /**
   * What the run does next. `rest`: nothing, a person moves it. `run`: its request is under way here, or else the run
   * that made it is gone and it is recovered. `over`: nothing ever. The rest are the ways on of `Calls.advance`.
   */
  readonly next: "rest" | "run" | "over" | "admit" | "resume" | "go-on" | "refuse-unconnected";
  /** What a person was asked and may not have answered yet: it has a deadline, and is closed with the call. */
  readonly asks: "approval" | "sign-in" | "questions" | "nothing";
  /**
   * How the call ends if its turn ends first. `refused` says that nothing was done, so only a call that never left may
   * end so.
   */
  readonly left: "refused" | "given-up" | "unknown" | "as-it-is";
}

/** For each status, all that others do by status. */
export const HANDLING: { readonly [status in CallStatus]: Handling } = {
  proposed: { next: "admit", asks: "nothing", left: "refused" },
  waiting: { next: "rest", asks: "approval", left: "refused" },
  approved: { next: "resume", asks: "nothing", left: "refused" },
  rejected: { next: "resume", asks: "nothing", left: "refused" },
  expired: { next: "resume", asks: "nothing", left: "refused" },
  withdrawn: { next: "resume", asks: "nothing", left: "refused" },
  connecting: { next: "rest", asks: "sign-in", left: "refused" },
  "not-connected": { next: "refuse-unconnected", asks: "nothing", left: "refused" },
  started: { next: "run", asks: "questions", left: "unknown" },
  paused: { next: "rest", asks: "questions", left: "given-up" },
  answered: { next: "go-on", asks: "nothing", left: "given-up" },
  ended: { next: "over", asks: "nothing", left: "as-it-is" },
};

export interface CallState {
  readonly callId: string;
  readonly proposed: EventOf<"tool-call-proposed">;
  readonly status: CallStatus;
  readonly approval?: EventOf<"approval-requested">;
  readonly decision?: EventOf<"approval-decided">;
  /** Members of the staff who approved while others have to as well. */
  readonly given?: readonly EventOf<"approval-given">[];
  /** What the staff made of the arguments when they approved. */
  readonly edited?: Readonly<Record<string, unknown>>;
  /** The newest sign-in that was asked for, and how often one was. */
  readonly connection?: EventOf<"connection-requested">;
  readonly connectionDecision?: EventOf<"connection-decided">;
  readonly connections: number;
  /** By request id. */
  readonly inputs: ReadonlyMap<string, InputState>;
  readonly samplings: ReadonlyMap<string, EventOf<"sampling-ended">>;
  /** The newest pause, and how many there were. */
  readonly pause?: EventOf<"tool-call-paused">;
  readonly pauses: number;
  readonly task?: EventOf<"tool-call-task">;
  /**
   * What the call goes on with when it is made again: the answers to its newest pause, or its task. Absent: it begins.
   */
  readonly goesOnWith?: "answers" | "task";
  readonly ended?: EventOf<"tool-call-ended">;
  /** The person who answers wants it ended: it is not made again. */
  readonly cancelRequested?: true;
  /** How often it was started. */
  readonly attempts: number;
  /** Time that its parts took until now; waiting for a person costs nothing. */
  readonly spentMs: number;
}

export function proposedCall(proposed: EventOf<"tool-call-proposed">): CallState {
  return {
    callId: proposed.callId,
    proposed,
    status: "proposed",
    connections: 0,
    inputs: new Map(),
    samplings: new Map(),
    pauses: 0,
    attempts: 0,
    spentMs: 0,
  };
}

/** The call after one more event of its own. A second decision about the same request changes nothing. */
export function callAfter(call: CallState, event: JournalEvent): CallState {
  if (call.status === "ended") return call;
  switch (event.type) {
    case "approval-requested":
      return { ...call, status: "waiting", approval: event, given: [] };
    case "approval-given":
      return { ...call, given: [...(call.given ?? []), event] };
    case "approval-decided":
      return {
        ...call,
        status: event.decision,
        decision: event,
        ...(event.decision === "approved" && event.arguments !== undefined ? { edited: event.arguments } : {}),
      };
    case "connection-requested":
      return { ...call, status: "connecting", connection: event, connections: call.connections + 1 };
    case "connection-decided":
      if (call.status !== "connecting" || call.connection?.requestId !== event.requestId) return call;
      return { ...call, status: event.decision === "connected" ? "proposed" : "not-connected", connectionDecision: event };
    case "tool-call-started":
      return { ...call, status: "started", attempts: event.attempt };
    case "input-requested":
      return { ...call, inputs: new Map(call.inputs).set(event.requestId, { requested: event }) };
    case "input-decided": {
      const input = call.inputs.get(event.requestId);
      if (input === undefined || input.answered !== undefined) return call;
      return answeredIfAll({ ...call, inputs: new Map(call.inputs).set(event.requestId, { ...input, answered: event }) });
    }
    case "sampling-ended":
      return { ...call, samplings: new Map(call.samplings).set(event.requestId, event) };
    case "tool-call-paused":
      return answeredIfAll({
        ...call,
        status: "paused",
        pause: event,
        pauses: call.pauses + 1,
        spentMs: call.spentMs + (event.durationMs ?? 0),
      });
    case "tool-call-resumed":
      return { ...call, status: "started", goesOnWith: "answers" };
    case "tool-call-task":
      return { ...call, task: event, goesOnWith: "task" };
    case "call-cancel-requested":
      return { ...call, cancelRequested: true };
    case "tool-call-ended":
      return { ...call, status: "ended", ended: event };
    default:
      return call;
  }
}

/** The call with the arguments that it is made with. */
export function asItRuns({ proposed, edited }: Pick<CallState, "proposed" | "edited">): EventOf<"tool-call-proposed"> {
  return edited === undefined ? proposed : { ...proposed, arguments: edited };
}

function answeredIfAll(call: CallState): CallState {
  if (call.status !== "paused" || call.pause === undefined) return call;
  const all = Object.values(call.pause.inputs).every(
    (requestId) => call.inputs.get(requestId)?.answered !== undefined || call.samplings.has(requestId),
  );
  return all ? { ...call, status: "answered" } : call;
}

/** The questions that nobody answered yet. */
export function openInputs(call: CallState): EventOf<"input-requested">[] {
  return [...call.inputs.values()].filter((input) => input.answered === undefined).map((input) => input.requested);
}

/** When what a person was asked for expires; empty: nobody is asked. */
export function deadlines(call: CallState): number[] {
  switch (HANDLING[call.status].asks) {
    case "approval":
      return [call.approval?.expiresAt ?? 0];
    case "sign-in":
      return [call.connection?.expiresAt ?? 0];
    case "questions":
      return openInputs(call).map((input) => input.expiresAt);
    case "nothing":
      return [];
  }
}
