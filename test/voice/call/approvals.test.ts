/** Approvals in a call: what is read, heard and said goes the whole way through the call. */
import { expect, test } from "vitest";
import { needsApproval } from "../../support/desk-assistant.ts";
import { decidedElsewhere } from "../approval/call-stage.ts";
import { calls, hears } from "./approval-stage.ts";
import { CONVERSATION, openStage } from "./call-stage.ts";

const READ = ["This needs your approval: Refund order.", "Order: 1 0 4 2.", "Say “yes, approve it” or “no”, please."];
test("what waits is read aloud; the phrase after the question approves it, and is no message", async () => {
  const call = await calls();
  await hears(call);
  const { stage, page, decided } = call;
  expect(page.sayings).toEqual(READ);
  expect(page.of("saying")[0]).toMatchObject({ kind: "question", approvalId: "approval-1" });
  expect(page.of("asking")).toEqual([{ type: "asking", approvalId: "approval-1", phrase: "yes, approve it" }]);
  await page.speak("Yes, approve it.");
  expect(decided).toEqual([
    { decision: "approved", argumentsHash: "hash-of-approval-1", voiceCallId: "call-0001", transcript: "Yes, approve it." },
  ]);
  expect(stage.asked.map(([method]) => method)).not.toContain("send");
  expect(page.of("asked")).toEqual([{ type: "asked", approvalId: "approval-1" }]);
});

test.each(["do not approve it", "yes but not now"])("“%s” refuses it", async (text) => {
  const call = await calls();
  await hears(call);
  await call.page.speak(text);
  expect(call.decided).toMatchObject([{ decision: "rejected", transcript: text }]);
});

test("a pause after “yes” does not end the turn while an approval is asked for", async () => {
  const call = await calls();
  await hears(call);
  const { stage, page } = call;
  await page.begin();
  await stage.forward(400);
  await page.quiet();
  stage.hearing.session.partial("yes");
  await stage.forward(500);
  expect(stage.hearing.session.ended).toBe(0);
  await stage.forward(200);
  expect(stage.hearing.session.ended).toBe(1);
});

test("the question's own words in the microphone approve nothing: over it, cut short by it, and right after it", async () => {
  const over = await calls();
  await over.page.play(1_500);
  // An echo that nothing stops.
  await over.page.begin();
  await over.page.play(500);
  await over.page.quiet();
  await over.page.play(700);
  over.stage.hearing.session.final("yes approve it");
  await over.page.playOut();
  expect(over.decided).toEqual([]);

  const cut = await calls();
  await cut.page.play(1_500);
  await cut.page.begin();
  await cut.page.cut();
  await cut.stage.forward(300);
  await cut.page.quiet();
  while (cut.stage.hearing.session.ended === 0) await cut.stage.forward(20);
  cut.stage.hearing.session.final("yes approve it");
  await cut.page.playOut();
  expect(cut.decided).toEqual([]);
  // It was interrupted, so all of it is read again.
  expect(cut.page.sayings.slice(-READ.length)).toEqual(READ);

  const after = await calls();
  while (after.page.of("asking").length === 0) await after.page.play(100);
  await after.page.speak("yes approve it");
  expect(after.decided).toEqual([]);
});

test("the phrase takes no longer than four seconds: of more speech than that it was not all, and it is asked once more", async () => {
  const slow = await calls();
  await hears(slow);
  await slow.page.speak("Yes, approve it.", 4_000);
  expect(slow.decided).toMatchObject([{ decision: "approved" }]);

  // As the question read aloud by somebody else, of which an engine understood these words alone.
  const long = await calls();
  await hears(long);
  await long.page.speak("Yes, approve it.", 4_100);
  await long.page.playOut();
  expect(long.decided).toEqual([]);
  expect(long.page.sayings.slice(3)).toEqual(["Once more, about Refund order.", READ[2]]);
  await long.stage.forward(1_000);
  await long.page.speak("No, I do not want that, please", 9_000);
  expect(long.decided).toMatchObject([{ decision: "rejected" }]);
});

test("what is neither is asked once more, and then the button decides", async () => {
  const call = await calls();
  await hears(call);
  const { stage, page, decided } = call;
  await page.speak("yes");
  await page.playOut();
  await stage.forward(1_000);
  await page.speak("sure");
  await page.playOut();
  expect(page.sayings.slice(3)).toEqual(["Once more, about Refund order.", READ[2], "Then approve or reject it on the screen, please."]);
  expect(page.of("asking").at(-1)).toEqual({ type: "asking", approvalId: "approval-1" });
  expect(decided).toEqual([]);
  expect(stage.asked.map(([method]) => method)).not.toContain("send");
  // Afterwards a message is a message again.
  await stage.forward(1_000);
  await page.speak("yes approve it");
  expect(decided).toEqual([]);
  expect(stage.asked.map(([method]) => method)).toContain("send");
});

test("whoever presses the button stops the question", async () => {
  const { stage, page } = await calls();
  await page.play(500);
  await stage.emit(decidedElsewhere());
  await page.playOut();
  await stage.forward(60_000);
  expect(page.of("hush")).toHaveLength(1);
  expect(page.of("asked")).toEqual([{ type: "asked", approvalId: "approval-1" }]);
  expect(stage.heard()).toMatchObject([{ type: "speech-cut", text: "This needs" }]);
});

test("what the team decides is said, and the conversation goes on as it is", async () => {
  const { page, stage } = await calls({ permission: { ...needsApproval, approver: "staff" } });
  await page.playOut();
  expect(page.sayings).toEqual(["A team member is checking this."]);
  expect(page.of("asking")).toEqual([]);
  await stage.forward(1_000);
  await page.speak("no problem");
  expect(stage.asked.map(([method]) => method)).toContain("send");
});

test("a page that comes back is asked again where it did not hear the question, and knows what it waits for", async () => {
  const call = await calls();
  await hears(call);
  await call.page.lose();
  const back = await call.stage.call({ conversationId: CONVERSATION });
  expect(back.of("asking")).toEqual([{ type: "asking", approvalId: "approval-1", phrase: "yes, approve it" }]);
  await back.speak("Yes, approve it.");
  expect(call.decided).toHaveLength(1);
});

test("what is said while somebody has to decide is answered afterwards: the customer is told so, once", async () => {
  const stage = openStage();
  const page = await stage.call();
  const tool = { turnId: "turn-one", callId: "tool-call-one" } as const;
  await stage.emit({ type: "turn-started", turnId: "turn-one", messageId: "message-one" });
  await page.speak("are you there");
  await page.playOut();
  const held = "I will answer that after the decision.";
  expect(page.sayings).not.toContain(held);
  await stage.emit({ type: "tool-call-paused", ...tool, reason: "approval" } as never);
  await stage.emit({ type: "approval-requested", ...tool, approvalId: "approval-one" } as never);
  for (const text of ["how long does it take", "and what does it cost"]) {
    await page.speak(text);
    await page.playOut();
    expect(stage.asked.at(-1)).toMatchObject(["send", { text }, {}]);
  }
  expect(page.sayings.filter((text) => text === held)).toHaveLength(1);
  // Another one waits.
  await stage.emit({ type: "approval-decided", ...tool, approvalId: "approval-one", decision: "approved" } as never);
  await page.speak("thanks");
  await page.playOut();
  expect(page.sayings.filter((text) => text === held)).toHaveLength(1);
  await stage.emit({ type: "approval-requested", ...tool, approvalId: "approval-two" } as never);
  await page.speak("hello");
  await page.playOut();
  expect(page.sayings.filter((text) => text === held)).toHaveLength(2);
});
