import type { EventOf } from "../../../protocol/events.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { FindApprover } from "../ports/approvers.ts";
import type { Assistant } from "../ports/assistant.ts";
import type { Grant } from "../ports/store.ts";
import type { Tool } from "../ports/tools.ts";
import type { CallState } from "./call-state.ts";
import type { OpenTurn } from "./turn-state.ts";

/**
 * What the server decides about calls with, read at the moment of the call. Nothing in it comes from a client or the
 * model.
 */
export interface AdmissionContext {
  readonly assistant: Assistant;
  /** The calls that the model has made for the same answer. */
  readonly turn: Pick<OpenTurn, "calls">;
  readonly grants: readonly Grant[];
  readonly clock: Clock;
  readonly approvers: FindApprover;
  /** Whether the model has read something of a server that is not marked as trusted. */
  readonly readForeign: boolean;
  tool(name: string): Tool | undefined;
  /** Servers that cannot be used at this moment. */
  readonly unavailable: ReadonlySet<string>;
}

export type ProposedCall = Pick<
  EventOf<"tool-call-proposed">,
  "callId" | "turnId" | "name" | "tool" | "arguments" | "filled" | "argumentsText" | "definitionHash"
>;

/** The part of a call's past that matters when it begins again after a sign-in. */
export type Earlier = Pick<CallState, "connections" | "attempts" | "task">;
