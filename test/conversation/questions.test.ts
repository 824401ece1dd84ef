import { describe, expect, test } from "vitest";
import { CONVERSATION, CUSTOMER, type Harness, OTHER_CUSTOMER } from "../support/desk-harness.ts";
import { code, heard, send, written } from "../support/desk-waits.ts";
import { answerInput, asks, PAGE, pauses, openBooking, type Action, type Content } from "./booking.ts";

let desk: Harness;

const open = async (...parts: Parameters<typeof openBooking>) => void (desk = await openBooking(...parts));
const answer = (asked: Parameters<typeof answerInput>[1], ...more: [content?: Content, action?: Action]) =>
  answerInput(desk, asked, ...more);
const lastText = async () => (await written(desk, "step-ended")).at(-1)?.text;

for (const [era, run, toPage] of [
  ["asked while the call runs", asks(), asks(PAGE)],
  ["that a call pauses for", pauses(), pauses({ page: PAGE })],
] as const)
  describe(`a question ${era}`, () => {
    test("is put to the customer, and the call goes on with the answer", async () => {
      await open(run);
      const asked = await heard(desk, "input-requested");
      expect(asked).toMatchObject({ server: "orders", serverName: "Orders", mode: "form", message: "How many seats?" });
      expect(asked.fields).toHaveLength(2);
      await answer(asked, { seats: 3, note: "by the window" });
      await desk.turnsEnded(1);
      expect(await lastText()).toContain("accept");
      expect(await lastText()).toContain("by the window");
      expect(await written(desk, "input-decided")).toEqual([
        expect.objectContaining({ action: "accept", by: { kind: "customer", id: CUSTOMER.id } }),
      ]);
      expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ outcome: "ok" })]);
    });

    test.each(["decline", "cancel"] as const)("can be answered with %s, and what was typed does not leave", async (action) => {
      await open(run);
      await answer(await heard(desk, "input-requested"), { seats: 5 }, action);
      await desk.turnsEnded(1);
      expect(await lastText()).toContain(action);
      expect(JSON.stringify(await desk.journal())).not.toContain('"seats":5');
    });

    test("takes only what its form asks for, and says which field does not fit", async () => {
      await open(run);
      const asked = await heard(desk, "input-requested");
      await expect(answer(asked, { seats: 9 })).rejects.toEqual(code("unfit-answer", '"Seats"'));
      await expect(answer(asked, { seats: 2, isAdmin: "yes" })).rejects.toEqual(code("unfit-answer", '"isAdmin"'));
      await expect(answer(asked, {})).rejects.toEqual(code("unfit-answer", '"Seats"'));
      expect(await written(desk, "input-decided")).toEqual([]);
      await answer(asked);
      await desk.turnsEnded(1);
    });

    test("takes one answer, from whichever tab", async () => {
      await open(run);
      const asked = await heard(desk, "input-requested");
      const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map((seats) => answer(asked, { seats })));
      const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
      expect(refused).toEqual(Array.from({ length: 4 }, () => code("request-over")));
      await desk.turnsEnded(1);
      const [taken] = await written(desk, "input-decided");
      expect(await lastText()).toContain(JSON.stringify(taken?.content));
      await expect(answer(asked)).rejects.toEqual(code("request-over"));
    });

    test("is only its customer's to answer", async () => {
      await open(run);
      const { requestId } = await heard(desk, "input-requested");
      const request = { conversationId: CONVERSATION, requestId, action: "accept", content: { seats: 1 } } as const;
      await expect(desk.desk.decide(OTHER_CUSTOMER, "input-decide", request)).rejects.toEqual(code("unknown-conversation"));
      await expect(desk.desk.decide(CUSTOMER, "input-decide", { ...request, requestId: "invented-request" })).rejects.toEqual(
        code("unknown-request"),
      );
      await expect(
        desk.desk.decide(CUSTOMER, "connection-decide", { conversationId: CONVERSATION, requestId, decision: "skipped" }),
      ).rejects.toEqual(code("unknown-request"));
      expect(await written(desk, "input-decided")).toEqual([]);
    });

    test("is withdrawn by Stop", async () => {
      await open(run);
      const asked = await heard(desk, "input-requested");
      await desk.desk.stop(CUSTOMER, { conversationId: CONVERSATION, turnId: asked.turnId });
      await desk.turnsEnded(1);
      expect(await written(desk, "input-decided")).toEqual([expect.objectContaining({ action: "withdrawn" })]);
      expect(await written(desk, "tool-call-ended")).toHaveLength(1);
      expect(await written(desk, "turn-ended")).toEqual([expect.objectContaining({ outcome: "stopped" })]);
      await expect(answer(asked)).rejects.toEqual(code("request-over"));
    });

    test("answered in the very moment in which it is withdrawn has one answer", async () => {
      let late = (): Promise<unknown> => Promise.resolve();
      await open(run, {
        beforeAppend: async (events) => {
          if (events.some((event) => event.type === "input-decided" && event.action === "withdrawn")) await late();
        },
      });
      const asked = await heard(desk, "input-requested");
      late = () => ((late = () => Promise.resolve()), answer(asked));
      await desk.desk.stop(CUSTOMER, { conversationId: CONVERSATION, turnId: asked.turnId });
      await desk.turnsEnded(1);
      expect(await written(desk, "input-decided")).toEqual([expect.objectContaining({ action: "accept" })]);
      expect(await written(desk, "tool-call-ended")).toHaveLength(1);
    });

    test("that is not answered in time reaches the server as cancelled", async () => {
      await open(run, { assistant: { approvalTimeoutMs: 1_500 } });
      const asked = await heard(desk, "input-requested");
      desk.clock.forward(5_000);
      await expect(answer(asked)).rejects.toEqual(code("request-over"));
      await desk.turnsEnded(1);
      expect(await written(desk, "input-decided")).toEqual([expect.objectContaining({ action: "expired" })]);
      expect(await lastText()).toContain("cancel");
    });

    test("costs the turn's time limit nothing", async () => {
      await open(run, { assistant: { turnTimeoutMs: 60_000 } });
      const asked = await heard(desk, "input-requested");
      desk.clock.forward(300_000);
      await answer(asked);
      await desk.turnsEnded(1);
      expect(await written(desk, "turn-ended")).toEqual([expect.objectContaining({ outcome: "done" })]);
      const [ended] = await written(desk, "tool-call-ended");
      expect(ended?.durationMs).toBeLessThan(60_000);
    });

    test("waits while another message comes, which is answered after it", async () => {
      await open(run);
      const asked = await heard(desk, "input-requested");
      await send(desk, "And?", "message-two");
      await answer(asked);
      await answer(await heard(desk, "input-requested", 2));
      await desk.turnsEnded(2);
      expect(await written(desk, "turn-ended")).toHaveLength(2);
    });

    test("to a page has no content, whatever is sent", async () => {
      await open(toPage);
      const asked = await heard(desk, "input-requested");
      expect(asked).toMatchObject({ mode: "url", url: "https://pay.example/1" });
      await answer(asked, { seats: 1 });
      await desk.turnsEnded(1);
      expect((await written(desk, "input-decided"))[0]?.content).toBeUndefined();
    });
  });
