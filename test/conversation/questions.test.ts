import { afterEach, describe, expect, test } from "vitest";
import type { EventOf } from "../../protocol/events.ts";
import type { InputAnswer, InputRequest, ToolPause } from "../../server/conversation/ports.ts";
import {
  alwaysAllow,
  CONVERSATION,
  CUSTOMER,
  disabled,
  openHarness,
  OTHER_CUSTOMER,
  textResult,
  type Harness,
  type HarnessOptions,
  type ToolScript,
} from "../support/desk-harness.ts";
import { callsOnce, code, heard, rested, send, written } from "../support/desk-waits.ts";

const BOOK = { name: "orders__book", arguments: { day: "monday" } };
const FORM: InputRequest = {
  kind: "form",
  message: "How many seats?",
  fields: [
    { kind: "number", name: "seats", title: "Seats", required: true, integer: true, minimum: 1, maximum: 8 },
    { kind: "text", name: "note", title: "Note", required: false, maxLength: 20 },
  ],
};
const PAGE: InputRequest = { kind: "url", message: "Pay here", url: "https://pay.example/1" };

let desk: Harness;
afterEach(() => desk.close());

async function open(run: ToolScript["run"], change: Partial<HarnessOptions> = {}): Promise<void> {
  desk = await openHarness({
    script: callsOnce(BOOK),
    tools: [{ tool: "book", run }],
    ...change,
    assistant: { connectors: [{ server: "orders", permissions: { "*": alwaysAllow } }], ...change.assistant },
  });
  await send(desk);
}

function answer(
  { requestId }: Pick<EventOf<"input-requested">, "requestId">,
  content: Readonly<Record<string, string | number>> = { seats: 2 },
  action: "accept" | "decline" | "cancel" = "accept",
) {
  return desk.desk.answerInput(CUSTOMER, { conversationId: CONVERSATION, requestId, action, content });
}

const told = (given: InputAnswer) => textResult(`${given.action} ${JSON.stringify(given.content ?? {})}`);
const lastText = async () => (await written(desk, "step-ended")).at(-1)?.text;

/** Asks while the call runs, as servers of the legacy era do. */
const asks =
  (request: InputRequest = FORM): ToolScript["run"] =>
  async (_input, context) =>
    told(await context.ask(request));

/** Comes back with questions and keeps nothing, as servers of the modern era do. */
const pauses =
  (inputs: ToolPause["inputs"] = { seats: FORM }, runs: unknown[] = []): ToolScript["run"] =>
  (input, { continuation }) => {
    runs.push(continuation ?? "begun");
    if (continuation?.kind !== "answers") return { outcome: "paused", requestState: "state-1", inputs };
    return textResult(`booked ${JSON.stringify(input)} ${JSON.stringify(continuation.answers)} ${continuation.requestState}`);
  };

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
      expect(await written(desk, "input-answered")).toEqual([
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
      expect(await written(desk, "input-answered")).toEqual([]);
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
      const [taken] = await written(desk, "input-answered");
      expect(await lastText()).toContain(JSON.stringify(taken?.content));
      await expect(answer(asked)).rejects.toEqual(code("request-over"));
    });

    test("is nobody else's to answer", async () => {
      await open(run);
      const { requestId } = await heard(desk, "input-requested");
      const request = { conversationId: CONVERSATION, requestId, action: "accept", content: { seats: 1 } } as const;
      await expect(desk.desk.answerInput(OTHER_CUSTOMER, request)).rejects.toEqual(code("unknown-conversation"));
      await expect(desk.desk.answerInput(CUSTOMER, { ...request, requestId: "invented-request" })).rejects.toEqual(code("unknown-request"));
      await expect(desk.desk.skipConnection(CUSTOMER, { conversationId: CONVERSATION, requestId })).rejects.toEqual(
        code("unknown-request"),
      );
      expect(await written(desk, "input-answered")).toEqual([]);
    });

    test("is withdrawn by Stop", async () => {
      await open(run);
      const asked = await heard(desk, "input-requested");
      await desk.desk.stop(CUSTOMER, { conversationId: CONVERSATION, turnId: asked.turnId });
      await desk.turnsEnded(1);
      expect(await written(desk, "input-answered")).toEqual([expect.objectContaining({ action: "withdrawn" })]);
      expect(await written(desk, "tool-call-ended")).toHaveLength(1);
      expect(await written(desk, "turn-ended")).toEqual([expect.objectContaining({ outcome: "stopped" })]);
      await expect(answer(asked)).rejects.toEqual(code("request-over"));
    });

    test("answered in the very moment in which it is withdrawn has one answer", async () => {
      let late = (): Promise<unknown> => Promise.resolve();
      await open(run, {
        beforeAppend: async (events) => {
          if (events.some((event) => event.type === "input-answered" && event.action === "withdrawn")) await late();
        },
      });
      const asked = await heard(desk, "input-requested");
      late = () => ((late = () => Promise.resolve()), answer(asked));
      await desk.desk.stop(CUSTOMER, { conversationId: CONVERSATION, turnId: asked.turnId });
      await desk.turnsEnded(1);
      expect(await written(desk, "input-answered")).toEqual([expect.objectContaining({ action: "accept" })]);
      expect(await written(desk, "tool-call-ended")).toHaveLength(1);
    });

    test("that nobody answers in time is told to the server as cancelled", async () => {
      await open(run, { assistant: { approvalTimeoutMs: 1_500 } });
      const asked = await heard(desk, "input-requested");
      desk.clock.forward(5_000);
      await expect(answer(asked)).rejects.toEqual(code("request-over"));
      await desk.turnsEnded(1);
      expect(await written(desk, "input-answered")).toEqual([expect.objectContaining({ action: "expired" })]);
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
      expect((await written(desk, "input-answered"))[0]?.content).toBeUndefined();
    });
  });

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
    expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ outcome: "refused", refusal: "disabled" })]);
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
        { assistant: { connectors: [{ server: "orders", permissions: { "*": { ...alwaysAllow, safeToRepeat } } }] } },
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

describe("a call that asks while it runs", () => {
  test("and whose process dies ends unknown, and its card closes", async () => {
    await open(asks());
    const asked = await heard(desk, "input-requested");
    desk = await desk.crash();
    await desk.turnsEnded(1);
    expect(await written(desk, "input-answered")).toEqual([expect.objectContaining({ requestId: asked.requestId, action: "withdrawn" })]);
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
    expect(await written(desk, "input-answered")).toEqual([expect.objectContaining({ action: "withdrawn" })]);
    expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ outcome: "unknown" })]);
    expect(await written(desk, "turn-ended")).toEqual([expect.objectContaining({ outcome: "stopped" })]);
  });

  test("is told when the server shuts down that nobody answers, and ends as it says", async () => {
    await open(asks());
    await heard(desk, "input-requested");
    desk = await desk.restart();
    await desk.turnsEnded(1);
    expect(await written(desk, "input-answered")).toEqual([expect.objectContaining({ action: "withdrawn" })]);
    expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ outcome: "ok", text: "cancel {}" })]);
  });

  test("and gives up by itself leaves no card open", async () => {
    await open(async (_input, context) => {
      void context.ask(FORM);
      await heard(desk, "input-requested");
      return { outcome: "failed", content: [], cause: "the connection is gone" };
    });
    await desk.turnsEnded(1);
    expect(await written(desk, "input-answered")).toEqual([expect.objectContaining({ action: "withdrawn" })]);
  });

  test("may ask twenty times, and is told after that that nobody answers", async () => {
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
