/** A call in which a refund waits, for tests: what is said of it is in `voice`, and nothing is heard before the test says so. */
import type { EventOf, JournalEvent } from "../../../protocol/events.ts";
import { RequestError } from "../../../protocol/errors.ts";
import type { ParsedRequest } from "../../../protocol/frames.ts";
import type { ToolPermission } from "../../../server/conversation/ports/assistant.ts";
import type { ApprovalMessage, ApprovalSpeech, ApprovalVoice, SpokenAnswer } from "../../../server/voice/approval/approval-voice.ts";
import { type ApprovalCall, ApprovalsAloud } from "../../../server/voice/approval/approvals-aloud.ts";
import { needsApproval } from "../../support/desk-assistant.ts";
import { ManualClock } from "../../support/manual-clock.ts";

export const PHRASE = "Yes, approve it.";

/** Says nothing by itself: the test says when it begins, was heard, or was cut. */
export class TestVoice implements ApprovalVoice {
  readonly told: ApprovalMessage[] = [];
  readonly said: ApprovalSpeech[] = [];
  #end: ((heardAt: number | undefined) => void) | undefined;

  tell(message: ApprovalMessage): void {
    this.told.push(message);
  }

  async say(speech: ApprovalSpeech): Promise<number | undefined> {
    this.said.push(speech);
    return new Promise((resolve) => {
      this.#end = resolve;
      speech.signal.addEventListener("abort", () => resolve(undefined));
    });
  }

  /** The last thing that was to be said. */
  get last(): ApprovalSpeech | undefined {
    return this.said.at(-1);
  }

  begin(): void {
    this.last?.onBegin?.();
  }

  async end(heardAt: number | undefined): Promise<void> {
    this.#end?.(heardAt);
    await settled();
  }
}

/** What runs by itself has run. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

export function requested(approvalId = "approval-1", change: Partial<EventOf<"approval-requested">> = {}): EventOf<"approval-requested"> {
  return {
    type: "approval-requested",
    seq: 2,
    at: 0,
    turnId: "turn-1",
    callId: `call-of-${approvalId}`,
    approvalId,
    approver: "customer",
    arguments: { orderId: "1042" },
    fields: [{ name: "orderId", title: "Order", value: "1042" }],
    argumentsHash: `hash-of-${approvalId}`,
    rememberable: true,
    expiresAt: Number.MAX_SAFE_INTEGER,
    ...change,
  };
}

export function proposed(callId: string): EventOf<"tool-call-proposed"> {
  const tool = { source: "mcp", server: "orders", serverName: "Orders", tool: "refund", title: "Refund order" } as const;
  return { type: "tool-call-proposed", seq: 1, at: 0, turnId: "turn-1", step: 1, callId, tool };
}

interface Decided {
  readonly request: ParsedRequest<"approval-decide">;
  readonly transcript: string;
}

export class CallStage {
  readonly clock = new ManualClock();
  readonly voice = new TestVoice();
  readonly decided: Decided[] = [];
  readonly logged: string[] = [];
  permission: ToolPermission | undefined = { ...needsApproval, spoken: "phrase" };
  /** What deciding throws. */
  fails: Error | undefined;
  readonly approvals: ApprovalsAloud;

  constructor(language: ApprovalCall["language"] = "en") {
    this.approvals = new ApprovalsAloud(
      {
        clock: this.clock,
        log: { info: () => {}, warn: () => {}, error: (_fields: unknown, message: string) => void this.logged.push(message) },
        voice: this.voice,
        findCall: async (_conversation, callId) => (callId.startsWith("call-of-") ? proposed(callId) : undefined),
        permission: () => this.permission,
        decide: async (request, { transcript }) => {
          if (this.fails !== undefined) throw this.fails;
          this.decided.push({ request, transcript });
        },
      },
      { conversationId: "conversation-1", voiceCallId: "voice-call-1", language },
    );
  }

  async happens(...events: JournalEvent[]): Promise<void> {
    this.approvals.accept(events);
    await settled();
  }

  /** An approval is asked for, and its question was heard to its end. */
  async asked(event: EventOf<"approval-requested"> = requested()): Promise<void> {
    await this.happens(event);
    await this.hearsAll();
  }

  /** What is being said is heard to its end, which takes a second. */
  async hearsAll(): Promise<void> {
    this.voice.begin();
    this.clock.forward(1_000);
    await this.voice.end(this.clock.now());
  }

  /** The customer says it, half a second later. True: it was an answer. */
  async says(text: string, change: Partial<SpokenAnswer> = {}): Promise<boolean> {
    this.clock.forward(500);
    this.approvals.speechBegan();
    const isAnswer = this.approvals.answer({ text, beganAt: this.clock.now(), overVoice: false, ...change });
    await settled();
    return isAnswer;
  }

  get decisions(): readonly string[] {
    return this.decided.map(({ request }) => request.decision);
  }
}

export const decidedElsewhere = (approvalId = "approval-1", decision: "approved" | "expired" | "withdrawn" = "approved"): JournalEvent => ({
  type: "approval-decided",
  seq: 3,
  at: 0,
  turnId: "turn-1",
  callId: `call-of-${approvalId}`,
  approvalId,
  decision,
  scope: "once",
  by: { kind: "customer", id: "customer-one" },
});

export const taken = new RequestError("already-decided");
