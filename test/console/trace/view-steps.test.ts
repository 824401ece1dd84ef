import { afterEach, expect, test, vi } from "vitest";
import type { EventDraft } from "../../../protocol/events.ts";
import { searchSteps } from "../../../console/screens/inbox/conversation/trace/search-steps.ts";
import { stepsOf } from "../../../console/screens/inbox/conversation/trace/steps-of.ts";
import { CUSTOMER, LOOK_UP, numbered, REFUND, type Told, turnId } from "./journal.ts";

const VIEW = "call-look-up";
const byView = (callId: string, tool: typeof LOOK_UP): EventDraft => ({
  type: "tool-call-proposed",
  turnId,
  step: 0,
  callId,
  tool,
  arguments: { page: 2 },
  byView: VIEW,
});

/** An answer with a view, and what the view did after it had ended. */
const STORY: Told = [
  [0, { type: "message-received", messageId: "message-1", text: "Where is it?", by: CUSTOMER }],
  [10, { type: "turn-started", turnId, messageId: "message-1" }],
  [100, { type: "step-ended", turnId, step: 0, text: "" }],
  [0, { type: "tool-call-proposed", turnId, step: 0, callId: VIEW, tool: LOOK_UP, view: { uri: "ui://a" } }],
  [0, { type: "tool-call-started", turnId, callId: VIEW, attempt: 1 }],
  [50, { type: "tool-call-ended", turnId, callId: VIEW, outcome: "ok", text: "Here" }],
  [5, { type: "view-noted", callId: VIEW, what: "initialized", detail: "parcel 1.0.0" }],
  [100, { type: "turn-ended", turnId, outcome: "done" }],
  [1_000, byView("call-refresh", LOOK_UP)],
  [0, { type: "tool-call-started", turnId, callId: "call-refresh", attempt: 1 }],
  [20, { type: "tool-call-ended", turnId, callId: "call-refresh", outcome: "ok", text: "Fresh" }],
  [1_000, byView("call-move", REFUND)],
  [
    0,
    {
      type: "approval-requested",
      turnId,
      callId: "call-move",
      approvalId: "approval-1",
      approver: "customer",
      arguments: { page: 2 },
      fields: [],
      argumentsHash: "x",
      rememberable: false,
      expiresAt: 0,
    },
  ],
  [
    4_000,
    { type: "approval-decided", turnId, callId: "call-move", approvalId: "approval-1", decision: "approved", scope: "once", by: CUSTOMER },
  ],
  [0, { type: "tool-call-started", turnId, callId: "call-move", approvalId: "approval-1", attempt: 1 }],
  [30, { type: "tool-call-ended", turnId, callId: "call-move", outcome: "failed", text: "No" }],
  [10, { type: "view-noted", callId: VIEW, what: "call-refused", detail: "secret: not for views" }],
  [10, { type: "view-context", callId: VIEW, tool: LOOK_UP, text: "Stop 2 is chosen" }],
  [10, { type: "message-received", messageId: "message-2", text: "Move it", by: CUSTOMER, view: VIEW }],
];

const steps = stepsOf(numbered(STORY));

afterEach(() => vi.unstubAllGlobals());

/** How a page of the language names steps. */
async function names(lang: string, of = steps): Promise<string[]> {
  vi.stubGlobal("document", { documentElement: { lang } });
  vi.resetModules();
  const { stepAbout, stepKind } = await import("../../../console/screens/inbox/conversation/trace/step-name.ts");
  return of.map((step) => [step.depth, stepKind(step), stepAbout(step), step.outcome ?? "", step.isFailed ? "!" : ""].join("|"));
}

test("what a view did is rows at their time, its calls with what they waited for, and the answer keeps its own", async () => {
  expect(await names("en")).toEqual([
    "0|Customer|Where is it?||",
    "0|Answer||done|",
    "1|Model|||",
    "1|Tool call|Look up an order|ok|",
    "1|End||done|",
    "0|View started|parcel 1.0.0||",
    "0|Called by a view|Look up an order|ok|",
    "0|Called by a view|Refund an order|failed|!",
    "1|Approval|by the customer|approved|",
    "0|Call of a view refused|secret: not for views||!",
    "0|View tells the model|Stop 2 is chosen||",
    "0|Customer|Move it||",
  ]);
  expect((await names("de")).slice(5, 8)).toEqual([
    "0|Ansicht gestartet|parcel 1.0.0||",
    "0|Von einer Ansicht aufgerufen|Look up an order|ok|",
    "0|Von einer Ansicht aufgerufen|Refund an order|failed|!",
  ]);
  const waited = steps.find(({ kind }) => kind === "approval")!;
  expect(waited.to! - waited.from).toBe(4_000);
  expect(searchSteps(steps, "stop 2")).toHaveLength(1);
});

test("a journal that is loaded from its middle shows a view's calls all the same", async () => {
  const late = await names("en", stepsOf(numbered(STORY.slice(8), 9)));
  expect(late.map((name) => name.split("|")[1])).toEqual([
    "Called by a view",
    "Called by a view",
    "Approval",
    "Call of a view refused",
    "View tells the model",
    "Customer",
  ]);
});
