import { expect, test } from "vitest";
import type { Settlement } from "../../server/conversation/decisions/settlement.ts";
import { customerView } from "../../server/conversation/customer-view.ts";
import type { OpenedStore } from "../../server/store/opened-store.ts";
import { alwaysAllow } from "../support/desk-assistant.ts";
import { CONVERSATION, type Harness, openDesk } from "../support/desk-harness.ts";
import { callTools, say, textResult } from "../support/desk-scripts.ts";

const STAFF = { kind: "person", id: "ada", name: "Ada" } as const;

/** A desk on which one call ended ok (`fine`) and one unknown (`lost`). */
async function ended(): Promise<{ desk: Harness; fine: string; lost: string }> {
  const desk = await openDesk({
    script: (_request, step) =>
      step === 1 ? callTools({ name: "orders__fine", arguments: {} }, { name: "orders__lost", arguments: {} }) : say("So it is."),
    tools: [
      { tool: "fine", run: () => textResult("x") },
      { tool: "lost", run: () => ({ outcome: "unknown", content: [], cause: "No answer came." }) },
    ],
    permissions: { "*": alwaysAllow },
  });
  const events = await desk.ask("Go");
  const [fine = "", lost = ""] = events.flatMap((event) => (event.type === "tool-call-proposed" ? [event.callId] : []));
  return { desk, fine, lost };
}
const settle = (desk: Harness, callId: string, outcome: Settlement["outcome"] = "ok", more: Partial<Settlement> = {}) =>
  desk.staff.settleCall(STAFF, { conversationId: CONVERSATION, callId, outcome, ...more });
/** What the model reads of the call that was lost, when the customer writes again. */
const readOf = async (desk: Harness) => {
  await desk.ask("And?");
  return desk.requests.at(-1)?.messages.findLast((message) => message.role === "tool" && /took? effect|take effect/.test(message.text));
};
const settlements = async (desk: Harness) => (await desk.journal()).filter((event) => event.type === "tool-call-settled");

test("a call that ended unknown is settled once, however late and however many try at the same moment", async () => {
  const { desk, lost } = await ended();
  for (let turn = 0; turn < 40; turn += 1) await desk.ask("And?");
  const tried = await Promise.allSettled([settle(desk, lost), settle(desk, lost, "failed"), settle(desk, lost)]);
  expect(tried.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await settlements(desk)).toHaveLength(1);
  for (let turn = 0; turn < 40; turn += 1) await desk.ask("And?");
  await expect(settle(desk, lost)).rejects.toMatchObject({ code: "already-decided" });
  expect(await settlements(desk)).toHaveLength(1);
});

test("who settled a call is in the audit log, with what they said; a settlement that was refused is not", async () => {
  const { desk, fine, lost } = await ended();
  await expect(settle(desk, fine)).rejects.toMatchObject({ code: "request-over" });
  await settle(desk, lost, "failed");
  await expect(settle(desk, lost)).rejects.toMatchObject({ code: "already-decided" });
  const { at } = (await settlements(desk))[0]!;
  expect(await (desk.store as OpenedStore).documents.listAudit({ limit: 10, filter: {} })).toMatchObject([
    {
      at,
      by: { kind: "person", id: "ada", name: "Ada" },
      action: "call.settle",
      target: { kind: "call", id: lost },
      after: { conversationId: CONVERSATION, callId: lost, outcome: "failed" },
    },
  ]);
});

test("a call whose end is known is not settled", async () => {
  const { desk, fine } = await ended();
  await expect(settle(desk, fine, "failed")).rejects.toMatchObject({
    code: "request-over",
    detail: 'Only a call that ended unknown can be settled; this one ended "ok".',
  });
  await expect(settle(desk, "call-of-nobody")).rejects.toMatchObject({ code: "unknown-call" });
  expect(await settlements(desk)).toEqual([]);
});

test("a call that is under way is not settled", async () => {
  const running = Promise.withResolvers<void>();
  const desk = await openDesk({
    script: (_request, step) => (step === 1 ? callTools({ name: "orders__slow", arguments: {} }) : say("Done.")),
    tools: [{ tool: "slow", run: () => running.promise.then(() => textResult("x")) }],
    permissions: { "*": alwaysAllow },
  });
  const turn = desk.ask("Go");
  await desk.room.until((room) => room.journal.some((event) => event.type === "tool-call-started"));
  const started = (await desk.journal()).find((event) => event.type === "tool-call-started");
  await expect(settle(desk, started?.callId ?? "")).rejects.toMatchObject({
    code: "request-over",
    detail: "Only a call that ended unknown can be settled; this one has not ended yet.",
  });
  running.resolve();
  await turn;
  expect(await settlements(desk)).toEqual([]);
});

test("a model is told how a call ended that somebody settled, and whether it may try again", async () => {
  const { desk, lost } = await ended();
  expect(await readOf(desk)).toMatchObject({ failed: true, text: expect.stringContaining("It is not known whether") });
  await settle(desk, lost, "failed", { note: "The bank says no.", mayRetry: true });
  expect(await readOf(desk)).toMatchObject({
    failed: true,
    text: 'The team has checked: "lost" did not take effect. You may call it again if the customer still wants it. Their note: The bank says no.',
  });
});

test("a model is told of a call that did happen, and not to repeat one that the team takes care of", async () => {
  const one = await ended();
  await settle(one.desk, one.lost, "ok");
  expect(await readOf(one.desk)).toMatchObject({ failed: false, text: expect.stringContaining("did take effect. Do not call it again") });
  const other = await ended();
  await settle(other.desk, other.lost, "failed");
  expect(await readOf(other.desk)).toMatchObject({ text: expect.stringContaining("did not take effect. Do not call it again") });
});

test("a call that is left as it is stays to be settled, and neither model nor customer hears of the note", async () => {
  const { desk, lost } = await ended();
  await settle(desk, lost, "unknown", { note: "The bank answers on Monday." });
  expect(await readOf(desk)).toMatchObject({ text: expect.stringContaining("It is not known whether") });
  const [left] = await settlements(desk);
  expect(customerView(left!)).toEqual({ seq: left!.seq, at: left!.at, type: "hidden" });
  const { calls } = desk.store as OpenedStore;
  expect(await calls.listCalls({ limit: 10, filter: { outcome: "unknown" } })).toHaveLength(1);
  await settle(desk, lost, "ok");
  expect(await calls.listCalls({ limit: 10, filter: { outcome: "unknown" } })).toEqual([]);
});
