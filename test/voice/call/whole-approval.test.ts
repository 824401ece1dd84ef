import { expect, test } from "vitest";
import { callsOnce, textResult } from "../../support/desk-scripts.ts";
import { waitFor } from "../../support/wait-for.ts";
import { CALL, startVoiceServer, thoughtfulTime } from "./server-stage.ts";

const schema = { type: "object", properties: { orderId: { type: "string", title: "Order" } }, required: ["orderId"] };
const connectors = { orders: { permissions: { refund: { permission: "needs_approval", spoken: "phrase" } } } };

test("a customer asks for a refund, hears what is asked, says the phrase, and it is refunded once", async () => {
  const ran: unknown[] = [];
  const time = thoughtfulTime();
  const { customer, hearing, event, speaking } = await startVoiceServer({
    clock: time.clock,
    script: callsOnce({ name: "orders__refund", arguments: { orderId: "1042" } }),
    tools: [{ tool: "refund", schema, reference: { title: "Refund order" }, run: (input) => (ran.push(input), textResult("refunded")) }],
    assistant: { connectors },
    mcpServers: { orders: { url: "http://127.0.0.1:9/mcp" } },
  });
  const page = await (await customer()).call();
  page.listen();
  const speak = (text: string): void => {
    const atMs = time.capturedMs();
    hearing.understands = () => text;
    page.say({ type: "speech", event: "started", atMs });
    page.send(atMs, 200);
    page.say({ type: "speech", event: "paused", atMs: atMs + 200, sinceMs: atMs + 200 });
  };
  speak("please refund my order");
  const { approvalId } = await page.hear("asking");
  expect(speaking.said).toEqual(["This needs your approval: Refund order.", "Order: 1 0 4 2.", "Say “yes, approve it” or “no”, please."]);
  time.thinks();
  speak("Yes, approve it.");
  await event("turn-ended");
  expect(ran).toEqual([{ orderId: "1042" }]);
  expect(await event("approval-decided")).toMatchObject({
    approvalId,
    decision: "approved",
    spoken: { voiceCallId: CALL, transcript: "Yes, approve it." },
  });
  await waitFor(() => page.of("asked").length === 1);
});
