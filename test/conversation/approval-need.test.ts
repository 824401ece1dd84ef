import { describe, expect, test } from "vitest";
import { approvalNeed, presentNeed } from "../../server/conversation/ports/approval-need.ts";
import type { ArgumentCondition } from "../../server/conversation/ports/argument-condition.ts";
import type { ToolPermission } from "../../server/conversation/ports/assistant.ts";
import { alwaysAllow, disabled, needsApproval } from "../support/desk-assistant.ts";

const over = (change: Partial<ArgumentCondition> = {}): ArgumentCondition => ({
  argument: "amount",
  is: ">",
  value: 100,
  approver: "staff",
  people: 1,
  ...change,
});
const limited: ToolPermission = { ...needsApproval, when: [over()] };

test("an amount over the limit needs staff, under it the customer", () => {
  expect(approvalNeed(limited, { amount: 100 })).toEqual({ asks: true, approver: "customer", people: 1 });
  expect(approvalNeed(limited, { amount: 100.01 })).toEqual({ asks: true, approver: "staff", people: 1, because: "amount > 100" });
});

test("a tool that is always allowed asks only over the limit, and then whom the limit names", () => {
  const permission: ToolPermission = { ...alwaysAllow, when: [over({ approver: "either" })] };
  expect(approvalNeed(permission, { amount: 5 }).asks).toBe(false);
  expect(approvalNeed(permission, { amount: 500 })).toMatchObject({ asks: true, approver: "either" });
});

test("an argument that is missing, or of another type, counts as over the limit", () => {
  for (const input of [{}, { amount: "50" }, { amount: null }, { amount: [50] }, { amount: true }, { toString: 1 }])
    expect(approvalNeed(limited, input).approver, JSON.stringify(input)).toBe("staff");
  const inherited: ToolPermission = { ...needsApproval, when: [over({ argument: "constructor", is: "=", value: "x" })] };
  expect(approvalNeed(inherited, { amount: 1 }).because).toBe('constructor = "x"');
});

describe("each comparison", () => {
  test.each([
    [">", 100, [101], [100, 99]],
    [">=", 100, [100, 101], [99]],
    ["<", 100, [99], [100, 101]],
    ["<=", 100, [100, 99], [101]],
    ["=", "EUR", ["EUR"], ["eur", "USD"]],
    ["!=", "EUR", ["USD"], ["EUR"]],
    ["=", true, [true], [false]],
  ] as const)("%s %s", (is, value, met, unmet) => {
    const permission: ToolPermission = { ...needsApproval, when: [over({ is, value })] };
    for (const amount of met) expect(approvalNeed(permission, { amount }).approver).toBe("staff");
    for (const amount of unmet) expect(approvalNeed(permission, { amount }).approver).toBe("customer");
  });
});

test("a JSON pointer leads to a part of an argument, and nowhere counts as over the limit", () => {
  const permission: ToolPermission = { ...needsApproval, when: [over({ argument: "/order/lines/0/a~1b" })] };
  expect(approvalNeed(permission, { order: { lines: [{ "a/b": 5 }] } }).approver).toBe("customer");
  expect(approvalNeed(permission, { order: { lines: [{ "a/b": 500 }] } }).approver).toBe("staff");
  expect(approvalNeed(permission, { order: { lines: [] } }).approver).toBe("staff");
  expect(approvalNeed(permission, { order: "5" }).approver).toBe("staff");
});

test("of all conditions that hold the strictest counts, whatever their order", () => {
  const all = [over({ value: 1000, people: 3 }), over(), over({ value: 10, approver: "either" })];
  for (const when of [all, all.toReversed()]) {
    const need = approvalNeed({ ...needsApproval, when }, { amount: 5000 });
    expect(need).toMatchObject({ approver: "staff", people: 3 });
    expect(approvalNeed({ ...needsApproval, when }, { amount: 500 })).toMatchObject({ approver: "staff", people: 1 });
    expect(approvalNeed({ ...needsApproval, when }, { amount: 50 })).toMatchObject({ approver: "customer", people: 1 });
  }
});

test("several people and groups are for the staff: a customer decides alone", () => {
  const permission: ToolPermission = { ...limited, people: 2, approverGroups: ["billing"] };
  expect(approvalNeed(permission, { amount: 5 })).toEqual({ asks: true, approver: "customer", people: 1 });
  expect(approvalNeed(permission, { amount: 500 })).toMatchObject({ approver: "staff", people: 2, groups: ["billing"] });
});

test("whoever was asked decides where the tool is off, or asks nobody any more", () => {
  const asked = { approver: "staff", people: 2, groups: ["billing"] } as const;
  for (const permission of [undefined, disabled, alwaysAllow])
    expect(presentNeed(permission, {}, asked)).toEqual({ asks: true, approver: "staff", people: 2, groups: ["billing"] });
  expect(presentNeed(needsApproval, {}, asked)).toEqual({ asks: true, approver: "customer", people: 1 });
  expect(presentNeed(needsApproval, {}, { ...asked, escalated: true }).approver).toBe("staff");
});
