import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Listening } from "../../demo/listen.ts";
import { startModel } from "../../demo/model/server.ts";
import { type Answer, askModel, toolNames, type WireMessage } from "./model-client.ts";

let server: Listening;

beforeAll(async () => {
  server = await startModel({ port: 0, tokensPerSecond: 0, firstTokenMs: 0 });
});

afterAll(() => server.close());

const order = {
  orderId: "1042",
  status: "shipped",
  placedAt: "2026-11-17T08:00:00.000Z",
  lines: [{ product: "Hush mug", quantity: 2, unitPriceCents: 2800 }],
  shippingCents: 490,
  totalCents: 6090,
  refundedCents: 0,
  refundableCents: 6090,
  currency: "EUR",
  parcel: { carrier: "Heron Post", trackingNumber: "HP 1", expectedAt: "2026-11-22T08:00:00.000Z" },
};
const list = { orders: [{ orderId: "1042", status: "shipped", placedAt: order.placedAt, products: ["2 × Hush mug"], totalCents: 6090 }] };
const parcel = {
  orderId: "1042",
  carrier: "Heron Post",
  trackingNumber: "HP 1",
  delivered: false,
  lastSeen: "In the van",
  expectedAt: order.parcel.expectedAt,
};

/** Goes on with a conversation until the model stops asking for tools; results come from `results` by tool name. */
async function converse(
  question: string,
  results: Record<string, unknown>,
  earlier: readonly WireMessage[] = [],
): Promise<{ steps: Answer[]; text: string }> {
  const messages: WireMessage[] = [...earlier, { role: "user", content: question }];
  const steps: Answer[] = [];
  for (;;) {
    const answer = await askModel(server.url, messages);
    steps.push(answer);
    if (answer.calls.length === 0) return { steps, text: answer.text };
    messages.push({
      role: "assistant",
      content: answer.text,
      tool_calls: answer.calls.map((call) => ({ id: call.id, type: "function", function: { name: call.name, arguments: call.arguments } })),
    });
    for (const call of answer.calls) {
      const result = results[call.name.replace("orders__", "")];
      messages.push({ role: "tool", tool_call_id: call.id, content: typeof result === "string" ? result : JSON.stringify(result) });
    }
  }
}

const callsOf = (steps: readonly Answer[]): unknown[] =>
  steps.map((step) => step.calls.map((call) => [call.name, JSON.parse(call.arguments)] as const)).filter((calls) => calls.length > 0);

describe("the wire", () => {
  test("streams chunks as OpenAI does: role first, deltas, finish reason, usage, done", async () => {
    const answer = await askModel(server.url, [{ role: "user", content: "Hello" }]);
    expect(answer.chunks[0]).toMatchObject({
      object: "chat.completion.chunk",
      model: "scripted",
      usage: null,
      choices: [{ index: 0, delta: { role: "assistant" }, finish_reason: null }],
    });
    expect(answer.chunks.at(-2)).toMatchObject({ choices: [{ delta: {}, finish_reason: "stop" }] });
    expect(answer.chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: expect.any(Number) as number, completion_tokens: expect.any(Number) as number },
    });
    expect(new Set(answer.chunks.map((chunk) => chunk.id)).size).toBe(1);
    expect(answer.done).toBe(true);
  });

  test("sends a tool call's arguments in pieces", async () => {
    const answer = await askModel(server.url, [{ role: "user", content: "Where is order 1042?" }]);
    expect(answer.finishReason).toBe("tool_calls");
    expect(answer.argumentPieces).toBeGreaterThan(3);
    expect(answer.calls).toMatchObject([{ name: "orders__lookup_order", arguments: '{"orderId":"1042"}' }]);
  });

  test("leaves usage out unless it is asked for", async () => {
    const answer = await askModel(server.url, [{ role: "user", content: "Hello" }], { stream_options: undefined });
    expect(answer.chunks.some((chunk) => "usage" in chunk)).toBe(false);
  });

  test("answers in one piece without stream", async () => {
    const response = await fetch(`${server.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        model: "scripted",
        messages: [{ role: "user", content: [{ type: "text", text: "List my orders" }] }],
        tools: toolNames,
        unheard_of: true,
      }),
    });
    expect(await response.json()).toMatchObject({
      object: "chat.completion",
      choices: [
        {
          message: { role: "assistant", content: null, tool_calls: [{ type: "function", function: { name: "orders__list_orders" } }] },
          finish_reason: "tool_calls",
        },
      ],
      usage: { total_tokens: expect.any(Number) as number },
    });
  });

  test("lists its one model and refuses what it cannot read", async () => {
    expect(await (await fetch(`${server.url}/v1/models`)).json()).toMatchObject({ data: [{ id: "scripted" }] });
    for (const body of ["{}", "not json", '{"model":"scripted","messages":[]}']) {
      const response = await fetch(`${server.url}/v1/chat/completions`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body,
      });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { type: "invalid_request_error", message: expect.any(String) as string } });
    }
  });

  test("speaks no faster than its pace", async () => {
    const slow = await startModel({ port: 0, tokensPerSecond: 500, firstTokenMs: 40 });
    const startedAt = performance.now();
    const answer = await askModel(slow.url, [{ role: "user", content: "Hello" }]);
    const tookMs = performance.now() - startedAt;
    await slow.close();
    expect(tookMs).toBeGreaterThan(40 + ((answer.chunks.length - 4) * 1000) / 500);
  });
});

describe("the script", () => {
  test("looks up an order and writes an answer from the result", async () => {
    const { steps, text } = await converse("Where is order 1042?", { lookup_order: order });
    expect(callsOf(steps)).toEqual([[["orders__lookup_order", { orderId: "1042" }]]]);
    expect(text).toContain("Order **1042** is **on its way**.");
    expect(text).toContain("| Hush mug | 2 | €56.00 |");
    expect(text).toContain("Heron Post");
  });

  test("calls two tools in one step for two questions", async () => {
    const { steps, text } = await converse("Where is order 1042 and my parcel?", { lookup_order: order, track_parcel: parcel });
    expect(callsOf(steps)).toEqual([
      [
        ["orders__lookup_order", { orderId: "1042" }],
        ["orders__track_parcel", { orderId: "1042" }],
      ],
    ]);
    expect(text).toContain("Order **1042**");
    expect(text).toContain("In the van");
  });

  test("finds the parcel on its way when no order is named", async () => {
    const { steps, text } = await converse("Track my parcel", { list_orders: list, track_parcel: parcel });
    expect(callsOf(steps)).toEqual([[["orders__list_orders", {}]], [["orders__track_parcel", { orderId: "1042" }]]]);
    expect(text).toContain("In the van");
  });

  test("looks up what can be refunded before it proposes the refund", async () => {
    const { steps, text } = await converse("Refund order 1042", {
      lookup_order: order,
      refund_order: { orderId: "1042", amountCents: 6090, refundableCents: 0 },
    });
    expect(callsOf(steps)).toEqual([
      [["orders__lookup_order", { orderId: "1042" }]],
      [["orders__refund_order", { orderId: "1042", amount: 6090 }]],
    ]);
    expect(steps[1]?.text).toContain("€60.90");
    expect(text).toContain("Done: **€60.90** of order 1042");
  });

  test("refunds the amount that was named, of the order that was spoken of", async () => {
    const earlier: WireMessage[] = [
      { role: "user", content: "Where is order 1042?" },
      { role: "assistant", content: "On its way." },
    ];
    const { steps, text } = await converse(
      "Refund 12.50 euros of it",
      { refund_order: { orderId: "1042", amountCents: 1250, refundableCents: 4840 } },
      earlier,
    );
    expect(callsOf(steps)).toEqual([[["orders__refund_order", { orderId: "1042", amount: 1250 }]]]);
    expect(text).toContain("€48.40 could still be refunded");
  });

  test("says what was really refunded when the team changed the amount", async () => {
    const changed = '[A member of the team changed the arguments. It ran with {"orderId":"1042","amount":5000}.]';
    const refund = JSON.stringify({ orderId: "1042", amountCents: 5000, refundableCents: 1090 });
    const { text } = await converse("Refund order 1042", { lookup_order: order, refund_order: `${changed}\n\n${refund}` });
    expect(text).toContain("Done: **€50.00** of order 1042");
  });

  test("cancels, lists and shows photos", async () => {
    expect((await converse("Cancel order 1043", { cancel_order: { orderId: "1043", status: "cancelled" } })).text).toContain(
      "Order **1043** is cancelled.",
    );
    expect((await converse("list my orders", { list_orders: list })).text).toContain("| 1042 |");
    const shown = await converse("Show me a photo of the teapot", {
      product_photo: "Still teapot, Ink.\n\n[image, image/png, 17000 bytes: shown to the customer beside your answer]",
    });
    expect(callsOf(shown.steps)).toEqual([[["orders__product_photo", { product: "teapot" }]]]);
    expect(shown.text).toBe("Here it is: Still teapot, Ink.");
  });

  test.each([
    ["Refused: the person who was asked said no. Nothing was done.", "You rejected this, so nothing was changed."],
    ["Refused: a member of the team said no. Nothing was done.", "The team rejected this, so nothing was changed."],
    ["Refused: nobody decided in time, so the request expired. Nothing was done. Offer to ask again.", "expired before anyone decided"],
    [
      'It is not known whether "Refund order" took effect: the request was sent and no answer came.',
      "I cannot say whether this went through",
    ],
    ["Refused: this tool is switched off for this assistant. Do not call it again.", "not able to do that here"],
    [
      "The call failed: €99.00 is more than order 1042 has left.\n€99.00 is more than order 1042 has left.",
      "I was told: €99.00 is more than order 1042 has left.",
    ],
  ])("tells the customer plainly: %s", async (result, words) => {
    const { text } = await converse("Refund 99 euros of order 1042", { refund_order: result });
    expect(text).toContain(words);
    expect(text.match(/€99\.00/gu)?.length ?? 0).toBeLessThan(2);
  });

  test("speaks German with those who do", async () => {
    const { steps, text } = await converse("Erstatte Bestellung 1042", {
      lookup_order: order,
      refund_order: { orderId: "1042", amountCents: 6090, refundableCents: 0 },
    });
    expect(steps[1]?.text).toMatch(/Ich kann \*\*60,90\s€\*\* für Bestellung 1042 erstatten/u);
    expect(text).toContain("Erledigt");
    expect((await converse("Wo ist Bestellung 1042?", { lookup_order: order })).text).toContain("unterwegs");
  });

  test.each(["Hello", "What is the meaning of life?", "Hallo", "Was kannst du?"])("says that it is a script: %s", async (question) => {
    expect((await converse(question, {})).text).toMatch(/script|skript/iu);
  });

  test("says that it has no tool for it when none is offered", async () => {
    const answer = await askModel(server.url, [{ role: "user", content: "Where is order 1042?" }], { tools: undefined });
    expect(answer.text).toContain("no tool at hand");
  });

  test("answers the question before when the host asks it to try once more", async () => {
    const answer = await askModel(server.url, [
      { role: "user", content: "Where is order 1042?" },
      { role: "user", content: "(That did not work because of a technical fault. Please try once more.)" },
    ]);
    expect(answer.calls).toMatchObject([{ name: "orders__lookup_order" }]);
  });

  test("summarises when it is told to", async () => {
    const answer = await askModel(
      server.url,
      [
        { role: "system", content: "Summarise the conversation below for the assistant who goes on with it." },
        { role: "user", content: "Customer: Refund order 1042\nAssistant: Done." },
      ],
      { tools: undefined },
    );
    expect(answer.text).toContain("order 1042");
    expect(answer.text.length).toBeLessThan(300);
  });

  test("writes a long answer with everything Markdown has", async () => {
    const { text, steps } = await converse("Tell me a long story about clay", {});
    expect(steps[0]?.chunks.length).toBeGreaterThan(700);
    for (const piece of ["# A long answer about clay", "\n## ", "\n1. ", "\n- ", "| --- |", "```json", "\n> "])
      expect(text).toContain(piece);
  });
});

describe("the club, before the customer has signed in", () => {
  const tools = [{ type: "function", function: { name: "club__connect", parameters: { type: "object" } } }];
  const question: WireMessage = { role: "user", content: "How many club points do I have?" };

  test("is asked for the sign-in, and a customer who skips it is told why there are no points", async () => {
    const { calls } = await askModel(server.url, [question], { tools });
    expect(calls).toMatchObject([{ name: "club__connect", arguments: "{}" }]);
    const [call] = calls;
    const asked = {
      role: "assistant",
      content: "",
      tool_calls: [{ id: call?.id, type: "function", function: { name: call?.name, arguments: "{}" } }],
    };
    const content = "Refused: this needs the customer's own sign-in at Lull Club, and the customer chose not to sign in. Nothing was done.";
    const { text } = await askModel(server.url, [question, asked, { role: "tool", tool_call_id: call?.id, content }], { tools });
    expect(text).toContain("not signed in to the Lull Club");
  });
});
