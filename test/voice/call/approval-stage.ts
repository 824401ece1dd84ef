/** Calls in which a refund waits for the customer. */
import type { ToolPermission } from "../../../server/conversation/ports/assistant.ts";
import type { VoiceSettings } from "../../../server/conversation/ports/voice.ts";
import { ApprovalsAloud } from "../../../server/voice/approval/approvals-aloud.ts";
import type { Caller } from "../../../server/voice/caller.ts";
import { needsApproval } from "../../support/desk-assistant.ts";
import { proposed, requested } from "../approval/call-stage.ts";
import { CALLER, openStage, type Page, type Stage } from "./call-stage.ts";

const TURN = { type: "turn-started", turnId: "turn-1", messageId: "message-1" } as const;

export interface AskedCall {
  readonly stage: Stage;
  readonly page: Page;
  /** What was decided, and with what words. */
  readonly decided: unknown[];
}

export async function calls(
  change: { readonly permission?: ToolPermission; readonly voice?: Partial<VoiceSettings>; readonly caller?: Partial<Caller> } = {},
): Promise<AskedCall> {
  const { permission = { ...needsApproval, spoken: "phrase" }, voice = {}, caller } = change;
  const decided: unknown[] = [];
  const stage: Stage = openStage({
    voice,
    approvals: (of, voice) =>
      new ApprovalsAloud(
        {
          clock: stage.clock,
          log: { info: () => {}, warn: () => {}, error: () => {} },
          voice,
          findCall: async (_conversation, callId) => proposed(callId),
          permission: () => permission,
          decide: async ({ decision, argumentsHash }, { voiceCallId, transcript }) =>
            void decided.push({ decision, argumentsHash, voiceCallId, transcript }),
        },
        of,
      ),
  });
  const page = await stage.call({ caller: { ...CALLER, ...caller } });
  await stage.emit(TURN, requested());
  return { stage, page, decided };
}

/** The question is heard to its end, and the customer thinks for a moment. */
export async function hears({ stage, page }: Pick<AskedCall, "stage" | "page">, thinksMs = 1_000): Promise<void> {
  while (page.of("asking").length === 0) await page.play(100);
  await stage.forward(thinksMs);
}
