import { expect, test } from "vitest";
import { needsApproval } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, openDesk } from "../support/desk-harness.ts";
import { callTools, say, scriptedTool, textResult } from "../support/desk-scripts.ts";
import { decision, heard } from "../support/desk-waits.ts";

const schema = { type: "object", properties: { piece: { type: "string" } }, required: ["piece"] };
const ADD = { name: "orders__add_to_cart", arguments: { piece: "Hush mug" } };

test("a call of the page's tool that was approved after the page went ends as cancelled, and the model reads why", async () => {
  let isThere = true;
  const read: unknown[] = [];
  const harness = await openDesk({
    script: (request) => {
      if (request.messages.at(-1)?.role !== "tool") return callTools(ADD);
      read.push(request.messages.at(-1));
      return say("Noted.");
    },
    host: {
      open: async () => {
        const tool = scriptedTool({ tool: "add_to_cart", schema, run: () => textResult("added") });
        return { tools: isThere ? [{ ...tool, reference: { ...tool.reference, source: "page" } }] : [], unavailable: [] };
      },
      rest: () => undefined,
      close: async () => undefined,
    },
    assistant: { connectors: [{ server: "orders", permissions: { add_to_cart: needsApproval } }] },
  });
  await harness.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-1", text: "Put it into my cart" });
  const asked = await heard(harness, "approval-requested");
  isThere = false;
  await harness.desk.decide(CUSTOMER, "approval-decide", decision(asked));
  await harness.turnsEnded(1);
  const end = (await harness.journal()).find((event) => event.type === "tool-call-ended");
  expect(end).toMatchObject({ outcome: "cancelled", text: expect.stringContaining("Nothing was done") as string });
  expect(end).not.toHaveProperty("refusal");
  expect(JSON.stringify(read)).toContain("cancelled");
});
