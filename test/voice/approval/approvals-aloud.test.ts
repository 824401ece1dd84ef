import { describe, expect, test } from "vitest";
import { RequestError } from "../../../protocol/errors.ts";
import { CallStage, decidedElsewhere, PHRASE, proposed, requested, taken } from "./call-stage.ts";

const QUESTION = "Say “yes, approve it” or “no”, please.";

describe("an approval in a call", () => {
  test("is read, asked for, and approved by the phrase: with the hash of what was read, once, and never for longer", async () => {
    const stage = new CallStage();
    await stage.happens(requested());
    expect(stage.voice.said.map(({ kind, pieces }) => ({ kind, pieces }))).toEqual([
      { kind: "question", pieces: ["This needs your approval: Refund order.", "Order: 1 0 4 2.", QUESTION] },
    ]);
    expect(stage.voice.told).toEqual([]);
    await stage.hearsAll();
    expect(stage.voice.told).toEqual([{ type: "asking", approvalId: "approval-1", phrase: "yes, approve it" }]);
    expect(await stage.says(PHRASE)).toBe(true);
    expect(stage.decided).toEqual([
      {
        request: {
          conversationId: "conversation-1",
          approvalId: "approval-1",
          decision: "approved",
          argumentsHash: "hash-of-approval-1",
          scope: "once",
        },
        transcript: PHRASE,
      },
    ]);
    expect(stage.voice.told.at(-1)).toEqual({ type: "asked", approvalId: "approval-1" });
    expect(await stage.says(PHRASE)).toBe(false);
    expect(stage.decided).toHaveLength(1);
  });

  test.each(["do not approve it", "yes but not now", "No.", "Stop!"])("“%s” refuses it", async (text) => {
    const stage = new CallStage();
    await stage.asked();
    expect(await stage.says(text)).toBe(true);
    expect(stage.decisions).toEqual(["rejected"]);
  });

  test("what is said beside the refusal is its reason", async () => {
    const [bare, more] = [new CallStage(), new CallStage()];
    await bare.asked();
    await bare.says("No, no.");
    expect(bare.decided[0]?.request.reason).toBeUndefined();
    await more.asked();
    await more.says("No, only half of it.");
    expect(more.decided[0]?.request.reason).toBe("No, only half of it.");
  });

  test.each(["yes", "yes approve it please", "approve it", "what does it cost", "yes, approve it?"])(
    "“%s” is asked once more, and then it waits for the button",
    async (text) => {
      const stage = new CallStage();
      await stage.asked();
      expect(await stage.says(text)).toBe(true);
      expect(stage.voice.last?.pieces).toEqual(["Once more, about Refund order.", QUESTION]);
      await stage.hearsAll();
      expect(await stage.says(text)).toBe(true);
      expect(stage.voice.last?.pieces).toEqual(["Then approve or reject it on the screen, please."]);
      await stage.hearsAll();
      expect(stage.voice.told.at(-1)).toEqual({ type: "asking", approvalId: "approval-1" });
      expect(await stage.says(PHRASE)).toBe(false);
      expect(stage.decided).toEqual([]);
      expect(stage.voice.said).toHaveLength(3);
    },
  );

  test("the phrase is good the second time, too", async () => {
    const stage = new CallStage();
    await stage.asked();
    await stage.says("yes");
    await stage.hearsAll();
    await stage.says(PHRASE);
    expect(stage.decisions).toEqual(["approved"]);
  });

  test("silence is asked once more, and then it waits for the button", async () => {
    const stage = new CallStage();
    await stage.asked();
    stage.clock.forward(7_999);
    expect(stage.voice.said).toHaveLength(1);
    stage.clock.forward(1);
    expect(stage.voice.said).toHaveLength(2);
    await stage.hearsAll();
    stage.clock.forward(8_000);
    await stage.hearsAll();
    expect(stage.voice.said).toHaveLength(3);
    expect(stage.voice.told.at(-1)).toEqual({ type: "asking", approvalId: "approval-1" });
    stage.clock.forward(600_000);
    expect(stage.voice.said).toHaveLength(3);
    expect(stage.decided).toEqual([]);
  });

  test("nobody is interrupted who takes long to answer; a sound that nobody understands is silence", async () => {
    const stage = new CallStage();
    await stage.asked();
    stage.clock.forward(7_000);
    stage.approvals.speechBegan();
    stage.clock.forward(20_000);
    expect(stage.voice.said).toHaveLength(1);
    stage.approvals.answer({ text: "", beganAt: stage.clock.now(), overVoice: false });
    stage.clock.forward(7_999);
    expect(stage.voice.said).toHaveLength(1);
    stage.clock.forward(1);
    expect(stage.voice.said).toHaveLength(2);
  });

  test("an engine that is not sure is asked again", async () => {
    const stage = new CallStage();
    await stage.asked();
    await stage.says(PHRASE, { confidence: 0.5 });
    expect(stage.decided).toEqual([]);
    expect(stage.voice.said).toHaveLength(2);
  });
});

describe("who decides, and how", () => {
  test("where the button alone approves, the phrase does nothing, and a refusal refuses", async () => {
    const stage = new CallStage();
    stage.permission = { ...stage.permission!, spoken: "button" };
    await stage.happens(requested());
    expect(stage.voice.last?.pieces.at(-1)).toBe("Approve or reject it on the screen, please.");
    await stage.hearsAll();
    expect(stage.voice.told).toEqual([{ type: "asking", approvalId: "approval-1" }]);
    expect(stage.approvals.isAsking).toBe(false);
    expect(await stage.says(PHRASE)).toBe(false);
    expect(stage.decided).toEqual([]);
    expect(await stage.says("No, stop.")).toBe(true);
    expect(stage.decisions).toEqual(["rejected"]);
  });

  test("an owner who says nothing wants the button for a tool that says nothing of itself", async () => {
    const stage = new CallStage();
    const { spoken: _spoken, ...silent } = stage.permission!;
    stage.permission = silent;
    await stage.asked();
    expect(stage.voice.told).toEqual([{ type: "asking", approvalId: "approval-1" }]);
  });

  test.each([{ permission: "button" }, { permission: undefined }] as const)(
    "an owner who changes it to $permission meanwhile is heeded",
    async ({ permission }) => {
      const stage = new CallStage();
      await stage.asked();
      stage.permission = permission === undefined ? undefined : { ...stage.permission!, spoken: permission };
      expect(await stage.says(PHRASE)).toBe(true);
      expect(stage.decided).toEqual([]);
      await stage.hearsAll();
      expect(stage.voice.told.at(-1)).toEqual({ type: "asking", approvalId: "approval-1" });
    },
  );

  test("what the staff decides is said, and nothing that the customer says decides it", async () => {
    const stage = new CallStage();
    stage.permission = { ...stage.permission!, approver: "staff" };
    await stage.happens(requested("approval-1", { approver: "staff" }));
    expect(stage.voice.said.map(({ kind, pieces }) => ({ kind, pieces }))).toEqual([
      { kind: "notice", pieces: ["A team member is checking this."] },
    ]);
    expect(stage.voice.told).toEqual([]);
    await stage.hearsAll();
    expect(await stage.says(PHRASE)).toBe(false);
    expect(await stage.says("No.")).toBe(false);
    expect(stage.decided).toEqual([]);
  });
});

describe("several, and others who decide", () => {
  test("two approvals are asked for one after the other", async () => {
    const stage = new CallStage();
    await stage.happens(requested(), requested("approval-2"));
    expect(stage.voice.said).toHaveLength(1);
    await stage.hearsAll();
    await stage.says(PHRASE);
    expect(stage.voice.last?.approvalId).toBe("approval-2");
    await stage.hearsAll();
    await stage.says("No.");
    expect(stage.decided.map(({ request: { approvalId, decision } }) => [approvalId, decision])).toEqual([
      ["approval-1", "approved"],
      ["approval-2", "rejected"],
    ]);
  });

  test("one that waits for the button does not hold up the next", async () => {
    const stage = new CallStage();
    stage.permission = { ...stage.permission!, spoken: "button" };
    await stage.asked();
    stage.permission = { ...stage.permission, spoken: "phrase" };
    await stage.asked(requested("approval-2"));
    expect(stage.approvals.asking).toEqual([
      { type: "asking", approvalId: "approval-1" },
      { type: "asking", approvalId: "approval-2", phrase: "yes, approve it" },
    ]);
    await stage.says(PHRASE);
    expect(stage.decided.map(({ request }) => request.approvalId)).toEqual(["approval-2"]);
  });

  test.each(["approved", "expired", "withdrawn"] as const)("one that was %s elsewhere is not asked for any more", async (decision) => {
    const stage = new CallStage();
    await stage.happens(requested());
    const { signal } = stage.voice.last!;
    await stage.happens(decidedElsewhere("approval-1", decision));
    expect(signal.aborted).toBe(true);
    expect(stage.voice.told.at(-1)).toEqual({ type: "asked", approvalId: "approval-1" });
    expect(await stage.says(PHRASE)).toBe(false);
    expect(stage.voice.said).toHaveLength(1);
    stage.clock.forward(600_000);
    expect(stage.voice.said).toHaveLength(1);
  });

  test("one that was decided before it was its turn is never asked for", async () => {
    const stage = new CallStage();
    await stage.happens(requested(), requested("approval-2"), decidedElsewhere("approval-2"));
    await stage.hearsAll();
    await stage.says(PHRASE);
    expect(stage.voice.said).toHaveLength(1);
  });

  test("of the last events of a conversation, what waits is asked for, and what was decided is not", async () => {
    const stage = new CallStage();
    await stage.happens(proposed("call-of-approval-1"), requested(), decidedElsewhere(), requested("approval-2"));
    expect(stage.voice.said.map(({ approvalId }) => approvalId)).toEqual(["approval-2"]);
  });

  test("the card that came first is no fault", async () => {
    const stage = new CallStage();
    await stage.asked();
    stage.fails = taken;
    await stage.says(PHRASE);
    expect(stage.logged).toEqual([]);
    expect(stage.voice.told.at(-1)).toEqual({ type: "asked", approvalId: "approval-1" });
  });

  test("a decision that cannot be kept waits for the button, and the log says so", async () => {
    const stage = new CallStage();
    await stage.asked();
    stage.fails = new Error("The disk is full.");
    await stage.says(PHRASE);
    expect(stage.logged).toHaveLength(1);
    await stage.hearsAll();
    expect(stage.voice.told.at(-1)).toEqual({ type: "asking", approvalId: "approval-1" });
  });

  test.each(["approval-changed", "rate-limited", "unauthenticated"] as const)(
    "a decision that is refused (%s) waits for the button",
    async (code) => {
      const stage = new CallStage();
      await stage.asked();
      stage.fails = new RequestError(code);
      await stage.says(PHRASE);
      await stage.hearsAll();
      expect(stage.voice.told.at(-1)).toEqual({ type: "asking", approvalId: "approval-1" });
    },
  );

  test("without a voice it is asked twice, and then waits for the button: what nobody heard of is not refused by a word", async () => {
    const stage = new CallStage();
    await stage.happens(requested());
    for (let times = 0; times < 2; times++) {
      await stage.voice.end(undefined);
      stage.clock.forward(8_000);
    }
    expect(stage.voice.said).toHaveLength(2);
    expect(stage.voice.told).toEqual([{ type: "asking", approvalId: "approval-1" }]);
    expect(stage.approvals.asking).toEqual([{ type: "asking", approvalId: "approval-1" }]);
    expect(stage.approvals.isAsking).toBe(false);
    expect(await stage.says("No.")).toBe(false);
    stage.clock.forward(600_000);
    expect(stage.voice.said).toHaveLength(2);
    await stage.happens(requested("approval-2"));
    expect(stage.voice.last?.approvalId).toBe("approval-2");
  });

  test("after the call nothing is asked, and nothing decides", async () => {
    const stage = new CallStage();
    await stage.happens(requested(), requested("approval-2"));
    stage.approvals.close();
    await stage.happens(requested("approval-3"));
    expect(await stage.says(PHRASE)).toBe(false);
    stage.clock.forward(600_000);
    expect(stage.voice.said).toHaveLength(1);
    expect(stage.decided).toEqual([]);
  });
});
