import { describe, expect, test } from "vitest";
import { CONVERSATION, CUSTOMER, type Harness } from "../support/desk-harness.ts";
import { textResult } from "../support/desk-scripts.ts";
import { code, heard, written } from "../support/desk-waits.ts";
import { answerInput, asks, FORM, PAGE, openBooking, type Action, type Content } from "./booking.ts";

let desk: Harness;

const open = async (...parts: Parameters<typeof openBooking>) => void (desk = await openBooking(...parts));
const answer = (asked: Parameters<typeof answerInput>[1], ...more: [content?: Content, action?: Action]) =>
  answerInput(desk, asked, ...more);
const lastText = async () => (await written(desk, "step-ended")).at(-1)?.text;

describe("a call that asks while it runs", () => {
  test("and whose process dies ends unknown, and its card closes", async () => {
    await open(asks());
    const asked = await heard(desk, "input-requested");
    desk = await desk.crash();
    await desk.turnsEnded(1);
    expect(await written(desk, "input-decided")).toEqual([expect.objectContaining({ requestId: asked.requestId, action: "withdrawn" })]);
    expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ outcome: "unknown" })]);
    await expect(answer(asked)).rejects.toEqual(code("request-over"));
  });

  test("and whose process dies as Stop is pressed leaves no card open", async () => {
    await open(asks(), { dieAt: (events) => (events.some((event) => event.type === "stop-requested") ? "after" : undefined) });
    const { turnId } = await heard(desk, "input-requested");
    void desk.desk.stop(CUSTOMER, { conversationId: CONVERSATION, turnId });
    await desk.died;
    desk = await desk.crash();
    await desk.turnsEnded(1);
    expect(await written(desk, "input-decided")).toEqual([expect.objectContaining({ action: "withdrawn" })]);
    expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ outcome: "unknown" })]);
    expect(await written(desk, "turn-ended")).toEqual([expect.objectContaining({ outcome: "stopped" })]);
  });

  test("learns at a shutdown that no answer will come, and ends as it says", async () => {
    await open(asks());
    await heard(desk, "input-requested");
    desk = await desk.restart();
    await desk.turnsEnded(1);
    expect(await written(desk, "input-decided")).toEqual([expect.objectContaining({ action: "withdrawn" })]);
    expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ outcome: "ok", text: "cancel {}" })]);
  });

  test("stops the turn's time limit while it asks, and not after", async () => {
    const limited = () => desk.clock.pending().some((ms) => ms > 600_000 && ms <= 700_000);
    const hold = Promise.withResolvers<void>();
    await open(
      async (_input, context) => {
        await context.ask(FORM);
        await hold.promise;
        return textResult("done");
      },
      { assistant: { turnTimeoutMs: 700_000, approvalTimeoutMs: 3_600_000 } },
    );
    const asked = await heard(desk, "input-requested");
    await expect.poll(() => desk.clock.pending().some((ms) => ms > 3_000_000)).toBe(true);
    expect(limited()).toBe(false);
    await answer(asked);
    await expect.poll(limited).toBe(true);
    hold.resolve();
    await desk.turnsEnded(1);
  });

  test("and that gets no answer learns so when the time is over, even if nothing more happens", async () => {
    await open(asks(), { assistant: { approvalTimeoutMs: 1_000 } });
    await heard(desk, "input-requested");
    await desk.turnsEnded(1);
    expect(await written(desk, "input-decided")).toEqual([expect.objectContaining({ action: "expired" })]);
    expect(await lastText()).toContain("cancel");
  });

  test("and gives up by itself leaves no card open", async () => {
    await open(async (_input, context) => {
      void context.ask(FORM);
      await heard(desk, "input-requested");
      return { outcome: "failed", content: [], cause: "the connection is gone" };
    });
    await desk.turnsEnded(1);
    expect(await written(desk, "input-decided")).toEqual([expect.objectContaining({ action: "withdrawn" })]);
  });

  test("may ask twenty times, and gets no answer after that", async () => {
    const given: string[] = [];
    await open(async (_input, context) => {
      for (let count = 0; count < 22; count += 1) given.push((await context.ask(FORM)).action);
      return textResult("done");
    });
    for (let count = 1; count <= 20; count += 1) await answer(await heard(desk, "input-requested", count));
    await desk.turnsEnded(1);
    expect(given).toEqual([...Array.from({ length: 20 }, () => "accept"), "cancel", "cancel"]);
    expect(await written(desk, "input-requested")).toHaveLength(20);
  });

  test("several questions at once each get their own answer", async () => {
    await open(async (_input, context) => {
      const [seats, page] = await Promise.all([context.ask(FORM), context.ask(PAGE)]);
      return textResult(`${JSON.stringify(seats.content)} ${page.action}`);
    });
    const page = await heard(desk, "input-requested", 2);
    await answer(page, {}, "decline");
    await answer(await heard(desk, "input-requested"), { seats: 7 });
    await desk.turnsEnded(1);
    expect(await lastText()).toBe('Read: {"seats":7} decline');
  });
});
