import { describe, expect, test } from "vitest";
import type { ToolResult } from "../../server/conversation/ports/tools.ts";
import { redactedShape } from "../../server/conversation/prompt/redacted-shape.ts";
import { alwaysAllow, needsApproval } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, type Harness, type HarnessOptions, openDesk } from "../support/desk-harness.ts";
import { callTools, say, textResult } from "../support/desk-scripts.ts";
import { decision, heard, send, written } from "../support/desk-waits.ts";

let desk: Harness;

const SECRET = "4111 1111 1111 1111";
const DATA = { card: { number: SECRET, holder: "Kim" }, valid: true, orders: [1, 2, 3] };

/** Reads, then wants an approval in the same turn, then speaks; what the model was sent is in `desk.requests`. */
async function open(result: ToolResult, change: Partial<HarnessOptions> = {}): Promise<void> {
  desk = await openDesk(
    {
      script: (request) => {
        const told = request.messages
          .slice(request.messages.findLastIndex((message) => message.role === "user"))
          .filter((message) => message.role === "tool");
        if (told.length === 0) return callTools({ name: "orders__read", arguments: {} });
        return told.length === 1 ? callTools({ name: "orders__charge", arguments: {} }) : say("Done.");
      },
      tools: [
        { tool: "read", run: () => result },
        { tool: "charge", run: () => textResult("charged") },
      ],
      permissions: { charge: needsApproval, "*": alwaysAllow },
    },
    change,
  );
  await send(desk);
}

async function approve(): Promise<void> {
  const asked = await heard(desk, "approval-requested");
  await desk.desk.decide(CUSTOMER, "approval-decide", decision(asked));
  await desk.turnsEnded(1);
}

const toldLast = () => JSON.stringify(desk.requests.at(-1)?.messages);
const kept = async () => JSON.stringify(await desk.journal());

describe.each(["none", "redacted"] as const)("a result of which %s is kept", (keep) => {
  test("is read whole by the model until the turn ends, also after a restart, and then no more", async () => {
    await open({ ...textResult(JSON.stringify(DATA)), keep });
    await heard(desk, "approval-requested");
    expect(toldLast()).toContain(SECRET);
    desk = await desk.crash();
    const [asked] = await written(desk, "approval-requested");
    await desk.desk.decide(CUSTOMER, "approval-decide", decision(asked!));
    await desk.turnsEnded(1);
    expect(toldLast()).toContain(SECRET);
    await send(desk, "Again", "message-two");
    await heard(desk, "step-ended", 3);
    const next = desk.requests.find((request) => request.messages.filter((message) => message.role === "user").length === 2);
    expect(JSON.stringify(next?.messages)).not.toContain(SECRET);
    expect(JSON.stringify(next?.messages)).toContain("[The result was not kept.]");
  });

  test("is never in the journal, and gone from beside it with the turn's end", async () => {
    await open({ ...textResult(JSON.stringify(DATA)), structured: DATA, keep });
    await heard(desk, "approval-requested");
    const [call] = await written(desk, "tool-call-ended");
    expect(await desk.store.readResult(CONVERSATION, call!.callId)).toBeDefined();
    await approve();
    expect(await kept()).not.toContain(SECRET);
    expect(await kept()).not.toContain("Kim");
    expect(await desk.store.readResult(CONVERSATION, call!.callId)).toBeUndefined();
    const details = await desk.desk.readCall(CUSTOMER, { conversationId: CONVERSATION, callId: call!.callId });
    expect(JSON.stringify(details)).not.toContain(SECRET);
  });

  test("is gone when the turn is stopped, or fails, too", async () => {
    await open({ ...textResult(SECRET), keep });
    const { turnId } = await heard(desk, "approval-requested");
    const [call] = await written(desk, "tool-call-ended");
    await desk.desk.stop(CUSTOMER, { conversationId: CONVERSATION, turnId });
    await desk.turnsEnded(1);
    expect(await desk.store.readResult(CONVERSATION, call!.callId)).toBeUndefined();
    expect(await kept()).not.toContain(SECRET);
  });

  test("that failed is not kept in its cause either", async () => {
    await open({ outcome: "failed", content: [{ kind: "text", text: `No card ${SECRET}` }], cause: `No card ${SECRET}`, keep });
    await heard(desk, "approval-requested");
    expect(toldLast()).toContain(SECRET);
    await approve();
    expect(await kept()).not.toContain(SECRET);
  });

  test("can be read on in while the turn lasts, which is not kept either", async () => {
    let calls = 0;
    const long = `${"filler ".repeat(500)}${SECRET}`;
    desk = await openDesk({
      script: (request) => {
        calls += 1;
        if (calls === 1) return callTools({ name: "orders__read", arguments: {} });
        const note = /call frontdesk__read_result with (\{.*?\})/.exec(request.messages.at(-1)?.text ?? "");
        return note?.[1] === undefined ? say("Done.") : callTools({ name: "frontdesk__read_result", arguments: note[1] });
      },
      tools: [{ tool: "read", run: () => ({ ...textResult(long), keep }) }],
      assistant: { resultBytes: 2_000, connectors: [{ server: "orders", permissions: { "*": alwaysAllow } }] },
    });
    await send(desk);
    await desk.turnsEnded(1);
    expect(calls).toBeGreaterThan(2);
    expect(toldLast()).toContain(SECRET);
    expect(await kept()).not.toContain(SECRET);
    expect(await kept()).not.toContain("filler");
  });
});

test("a redacted result keeps its keys, and of each value the kind and size", async () => {
  await open({ ...textResult(JSON.stringify(DATA)), keep: "redacted" });
  await approve();
  const [ended] = await written(desk, "tool-call-ended");
  expect(ended).toMatchObject({ keep: "redacted", bytes: JSON.stringify(DATA).length });
  expect(ended?.text).toContain(
    '{"card":{"number":"[text of 19 characters]","holder":"[text of 3 characters]"},"valid":"[yes or no]","orders":["[number]","[3 in all]"]}',
  );
});

test("a key that is no field's name is not kept either", () => {
  const structured = { "kim@shop.example": 1, [SECRET]: 2, "+49 170 1234567": 3, order_100200300: 4, line1: 5, "@type": 6, größe: 7 };
  const shape = JSON.parse(redactedShape({ content: [], structured }));
  expect(Object.keys(shape)).toEqual([
    "[key of 16 characters]",
    "[key of 19 characters]",
    "[key of 15 characters]",
    "line1",
    "@type",
    "größe",
  ]);
});

test("a result that is kept stays as it was", async () => {
  await open({ ...textResult(SECRET), keep: "full" });
  await approve();
  expect(await kept()).toContain(SECRET);
});

test("the shape of a huge or deep result stays small", () => {
  let deep: unknown = SECRET;
  for (let level = 0; level < 200; level += 1) deep = { next: deep };
  const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`key${index}`, SECRET]));
  for (const structured of [deep, wide, Array.from({ length: 5_000 }, () => SECRET)]) {
    const shape = redactedShape({ content: [], structured });
    expect(shape.length).toBeLessThan(5_000);
    expect(shape).not.toContain(SECRET);
  }
  expect(
    redactedShape({
      content: [
        { kind: "text", text: "plain words" },
        { kind: "image", mimeType: "image/png", data: "AAAA" },
      ],
    }),
  ).toBe("[text of 11 characters]\n[image]");
});
