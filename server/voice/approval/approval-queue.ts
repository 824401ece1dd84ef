import type { EventOf, JournalEvent } from "../../../protocol/events.ts";
import type { Log } from "../../foundation/log.ts";

type Requested = EventOf<"approval-requested">;
type Proposed = EventOf<"tool-call-proposed">;

export interface ApprovalQueuePorts {
  readonly log: Log;
  /** The event of a call; undefined: there is none. */
  readonly findCall: (conversationId: string, callId: string) => Promise<JournalEvent | undefined>;
}

/** Approvals of a conversation that nobody was asked for yet, in their order. */
export class ApprovalQueue {
  readonly #ports: ApprovalQueuePorts;
  readonly #conversationId: string;
  readonly #calls = new Map<string, Proposed>();
  readonly #known = new Set<string>();
  #waiting: readonly Requested[] = [];
  #isTaking = false;

  constructor(ports: ApprovalQueuePorts, conversationId: string) {
    this.#ports = ports;
    this.#conversationId = conversationId;
  }

  /** Returns which approvals are over by this event; undefined: none is. One that is known changes nothing. */
  accept(event: JournalEvent): ((request: Requested) => boolean) | undefined {
    if (event.type === "tool-call-proposed") this.#calls.set(event.callId, event);
    if (event.type === "tool-call-ended") this.#calls.delete(event.callId);
    if (event.type === "approval-requested" && !this.#known.has(event.approvalId)) {
      this.#known.add(event.approvalId);
      this.#waiting = [...this.#waiting, event];
    }
    const isOver = overBy(event);
    if (isOver !== undefined) this.#waiting = this.#waiting.filter((request) => !isOver(request));
    return isOver;
  }

  /** The first that waits, and is out of the queue then. Undefined: there is none, or it is being taken. */
  async take(): Promise<{ readonly request: Requested; readonly call: Proposed } | undefined> {
    if (this.#isTaking) return undefined;
    this.#isTaking = true;
    try {
      for (let request = this.#waiting[0]; request !== undefined; request = this.#waiting[0]) {
        const call = await this.#callOf(request);
        // Meanwhile it may have been decided.
        if (this.#waiting[0] !== request) continue;
        this.#waiting = this.#waiting.slice(1);
        if (call !== undefined) return { request, call };
      }
      return undefined;
    } finally {
      this.#isTaking = false;
    }
  }

  async #callOf({ callId }: Requested): Promise<Proposed | undefined> {
    const known = this.#calls.get(callId);
    if (known !== undefined) return known;
    try {
      const found = await this.#ports.findCall(this.#conversationId, callId);
      return found?.type === "tool-call-proposed" ? found : undefined;
    } catch (error) {
      this.#ports.log.error({ error, callId }, "An approval is not asked for aloud: its call could not be read.");
      return undefined;
    }
  }
}

function overBy(event: JournalEvent): ((request: Requested) => boolean) | undefined {
  switch (event.type) {
    case "approval-decided":
      return ({ approvalId }) => approvalId === event.approvalId;
    case "tool-call-ended":
      return ({ callId }) => callId === event.callId;
    case "turn-ended":
      return ({ turnId }) => turnId === event.turnId;
    default:
      return undefined;
  }
}
