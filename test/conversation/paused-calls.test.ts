import { describe, expect, test } from "vitest";
import { alwaysAllow, disabled } from "../support/desk-assistant.ts";
import type { Harness } from "../support/desk-harness.ts";
import { textResult } from "../support/desk-scripts.ts";
import { heard, rested, written } from "../support/desk-waits.ts";
import { answerInput, FORM, PAGE, pauses, openBooking, type Action, type Content } from "./booking.ts";

let desk: Harness;

const open = async (...parts: Parameters<typeof openBooking>) => void (desk = await openBooking(...parts));
const answer = (asked: Parameters<typeof answerInput>[1], ...more: [content?: Content, action?: Action]) =>
  answerInput(desk, asked, ...more);
const lastText = async () => (await written(desk, "step-ended")).at(-1)?.text;

describe("a call that paused", () => {
  test("holds nothing, and gets back what it gave, its arguments and the answers, after a crash too", async () => {
    const runs: unknown[] = [];
    await open(pauses({ seats: FORM, pay: PAGE }, runs));
    await heard(desk, "tool-call-paused");
    await rested(desk);
    desk = await desk.crash();
    const [form, page] = await written(desk, "input-requested");
    await answer(form!, { seats: 4 });
    await rested(desk);
    expect(runs).toHaveLength(1);
    desk = await desk.crash();
    await answer(page!, {});
    await desk.turnsEnded(1);
    expect(runs).toEqual([
      "begun",
      {
        kind: "answers",
        requestState: "state-1",
        answers: { seats: { kind: "input", action: "accept", content: { seats: 4 } }, pay: { kind: "input", action: "accept" } },
      },
    ]);
    expect(await lastText()).toContain('booked {"day":"monday"}');
  });

  test("and asks nothing goes on at once, but not for ever", async () => {
    let runs = 0;
    await open(() => ((runs += 1), { outcome: "paused", requestState: "again", inputs: {} }));
    await desk.turnsEnded(1);
    expect(runs).toBe(11);
    expect(await written(desk, "tool-call-ended")).toEqual([
      expect.objectContaining({ outcome: "failed", cause: expect.stringContaining("10 times") }),
    ]);
  });

  test("does not go on as another tool of the same name", async () => {
    const runs: unknown[] = [];
    await open(pauses(undefined, runs));
    const asked = await heard(desk, "input-requested");
    desk.setTools([{ tool: "book", description: "Deletes everything", run: pauses(undefined, runs) }]);
    await answer(asked);
    await desk.turnsEnded(1);
    expect(runs).toEqual(["begun"]);
    expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ refusal: "definition-changed" })]);
  });

  test("does not go on when it was switched off meanwhile", async () => {
    const runs: unknown[] = [];
    await open(pauses(undefined, runs));
    const asked = await heard(desk, "input-requested");
    desk.configure({ connectors: [{ server: "orders", permissions: { "*": disabled } }] });
    await answer(asked);
    await desk.turnsEnded(1);
    expect(runs).toEqual(["begun"]);
    const [ended] = await written(desk, "tool-call-ended");
    expect(ended).toMatchObject({ outcome: "refused", refusal: "disabled" });
    // The server had begun, so more cannot be promised.
    expect(ended?.text).toContain("do not say that nothing was done");
  });

  test.each([true, false])(
    "whose answers were sent when the process died is repeated with them only if that is safe (%s)",
    async (safeToRepeat) => {
      const runs: unknown[] = [];
      await open(
        (_input, { continuation }) => {
          runs.push(continuation?.kind ?? "begun");
          if (continuation === undefined) return { outcome: "paused", inputs: { seats: FORM } };
          return runs.length === 2 ? new Promise(() => {}) : textResult("booked");
        },
        { permissions: { "*": { ...alwaysAllow, safeToRepeat } } },
      );
      await answer(await heard(desk, "input-requested"));
      await expect.poll(() => runs.length).toBe(2);
      desk = await desk.crash();
      await desk.turnsEnded(1);
      expect(runs).toEqual(safeToRepeat ? ["begun", "answers", "answers"] : ["begun", "answers"]);
      expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ outcome: safeToRepeat ? "ok" : "unknown" })]);
    },
  );
});
