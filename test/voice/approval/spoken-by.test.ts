import { expect, test } from "vitest";
import type { ToolReference } from "../../../protocol/events.ts";
import { spokenBy } from "../../../server/voice/approval/spoken-by.ts";

const tool: ToolReference = {
  source: "mcp",
  server: "orders",
  serverName: "Orders",
  tool: "send_letter",
  title: "Send a letter",
  destructive: false,
  trusted: true,
};
const to = { name: "to", title: "To", value: "anna" };

test.each<[string, "phrase" | "button", Parameters<typeof spokenBy>]>([
  ["what destroys nothing and spends nothing", "phrase", [{}, { tool, fields: [to] }]],
  ["an owner who says auto says nothing", "button", [{ spoken: "auto" }, { tool: { ...tool, destructive: true }, fields: [to] }]],
  ["what only reads", "phrase", [{}, { tool: { ...tool, readOnly: true, destructive: undefined }, fields: [to] }]],
  ["what says nothing of itself", "button", [{}, { tool: { ...tool, destructive: undefined }, fields: [] }]],
  ["what destroys", "button", [{}, { tool: { ...tool, destructive: true }, fields: [] }]],
  ["what a server says that nobody trusts", "button", [{}, { tool: { ...tool, trusted: false }, fields: [] }]],
  ["what nobody knows to be trusted", "button", [{}, { tool: { ...tool, trusted: undefined }, fields: [] }]],
  ["an amount by its format", "button", [{}, { tool, fields: [{ ...to, format: "money" }] }]],
  ["an amount by its currency", "button", [{}, { tool, fields: [{ ...to, currency: "EUR" }] }]],
  ["an amount by its name", "button", [{}, { tool, fields: [{ name: "totalAmount", title: "Sum", value: 1 }] }]],
  ["an amount by its title", "button", [{}, { tool, fields: [{ name: "x", title: "Preis", value: 1 }] }]],
  ["a tool that pays", "button", [{}, { tool: { ...tool, tool: "refund_order" }, fields: [to] }]],
  [
    "a condition on a number",
    "button",
    [{ when: [{ argument: "count", is: ">", value: 5, approver: "staff", people: 1 }] }, { tool, fields: [] }],
  ],
  [
    "a condition on an amount",
    "button",
    [{ when: [{ argument: "/order/price", is: "=", value: 5, approver: "staff", people: 1 }] }, { tool, fields: [] }],
  ],
  [
    "a condition on something else",
    "phrase",
    [{ when: [{ argument: "to", is: "=", value: "x", approver: "staff", people: 1 }] }, { tool, fields: [] }],
  ],
  [
    "the owner's word for the phrase",
    "phrase",
    [{ spoken: "phrase" }, { tool: { ...tool, destructive: true }, fields: [{ ...to, format: "money" }] }],
  ],
  ["the owner's word for the button", "button", [{ spoken: "button" }, { tool: { ...tool, readOnly: true }, fields: [] }]],
])("%s: %s", (_what, by, given) => expect(spokenBy(...given)).toBe(by));
