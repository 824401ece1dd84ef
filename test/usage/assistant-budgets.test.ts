import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Assistant, Budget } from "../../server/conversation/ports/assistant.ts";
import type { OpenedStore } from "../../server/store/opened-store.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { AssistantBudgets } from "../../server/usage/assistant-budgets.ts";
import type { BudgetNotice } from "../../server/usage/ports.ts";
import { message } from "../contract/store-drafts.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { assistant } from "../support/desk-assistant.ts";

const BUDGET: Budget = { warnAt: 0.8, stop: true, timeZone: "Europe/Berlin" };
const NOON = Date.parse("2026-11-30T12:00:00Z");
const HOUR = 3_600_000;

async function openBudgets(at = NOON) {
  const folder = await temporaryFolder();
  const store = await openSqliteStore({ path: join(folder.path, "frontdesk.db") });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  const clock = { at, now: () => clock.at };
  const told: BudgetNotice[] = [];
  const make = () => {
    const log = { info: () => {}, warn: () => {}, error: (fields: unknown) => console.error(fields) };
    const budgets = new AssistantBudgets({ usage: store.usage, notices: store.budgetNotices, clock, log });
    budgets.onNotice((notice) => told.push(notice));
    return budgets;
  };
  return { store, clock, told, make, budgets: make() };
}

/** A step of the assistant `shop`, in the journal and told. */
async function use(
  { store, budgets }: { readonly store: OpenedStore; readonly budgets: AssistantBudgets },
  of: Assistant,
  { tokens, at, cost }: { readonly tokens: number; readonly at: number; readonly cost?: number },
): Promise<void> {
  const usage = { inputTokens: tokens, outputTokens: 0 };
  const spent = cost === undefined ? undefined : { amount: cost, currency: "EUR" };
  await store.append({
    conversationId: "conversation-1",
    at,
    create: { assistant: "shop", customerId: "customer-1" },
    events: [
      message(`message-${at}-${tokens}`),
      {
        type: "step-ended",
        turnId: "turn-0001",
        step: 0,
        text: "Hello.",
        model: "scripted",
        usage,
        ...(spent === undefined ? {} : { cost: spent }),
      },
    ],
  });
  budgets.used(of, usage, spent);
}

const isRefused = (admitted: object): boolean => "cause" in admitted;

describe("a budget", () => {
  test("refuses when it is used up, and not before", async () => {
    const { store, budgets, clock } = await openBudgets();
    const shop = assistant({ budget: { ...BUDGET, tokensPerDay: 1000 } });
    const seat = await budgets.admit(shop);
    expect(isRefused(seat)).toBe(false);
    await use({ store, budgets }, shop, { tokens: 999, at: clock.at });
    if ("close" in seat) seat.close();
    expect(isRefused(await budgets.admit(shop))).toBe(false);
    await use({ store, budgets }, shop, { tokens: 1, at: clock.at });
    expect(await budgets.admit(shop)).toEqual({ cause: "The budget tokensPerDay of 1000 is used up: 1000 is used." });
  });

  test("only warns where its owner does not want it to stop", async () => {
    const { store, budgets, clock, told } = await openBudgets();
    const shop = assistant({ budget: { ...BUDGET, stop: false, tokensPerDay: 1000 } });
    await budgets.admit(shop);
    await use({ store, budgets }, shop, { tokens: 5000, at: clock.at });
    expect(isRefused(await budgets.admit(shop))).toBe(false);
    await expect.poll(() => told.map(({ kind }) => kind)).toEqual(["warning", "reached"]);
  });

  test("begins anew with the day of its zone, and its month goes on", async () => {
    const { store, budgets, clock } = await openBudgets(Date.parse("2026-11-29T22:30:00Z"));
    const shop = assistant({ budget: { ...BUDGET, tokensPerDay: 1000, tokensPerMonth: 1800 } });
    const first = await budgets.admit(shop);
    await use({ store, budgets }, shop, { tokens: 1000, at: clock.at });
    if ("close" in first) first.close();
    expect(isRefused(await budgets.admit(shop))).toBe(true);
    // Half past midnight in Berlin, and still the 29th in UTC.
    clock.at += HOUR;
    const seat = await budgets.admit(shop);
    expect(isRefused(seat)).toBe(false);
    if ("close" in seat) seat.close();
    await use({ store, budgets }, shop, { tokens: 800, at: clock.at });
    expect(await budgets.admit(shop)).toMatchObject({ cause: expect.stringContaining("tokensPerMonth") });
  });

  test("knows after a restart what was used before, and tells nobody twice", async () => {
    const { store, budgets, clock, told, make } = await openBudgets();
    const shop = assistant({ budget: { ...BUDGET, tokensPerDay: 1000 } });
    await budgets.admit(shop);
    await use({ store, budgets }, shop, { tokens: 900, at: clock.at });
    await expect.poll(() => told.length).toBe(1);
    const again = make();
    expect(await again.standing(shop)).toMatchObject([{ budget: "tokensPerDay", used: 900, most: 1000 }]);
    await use({ store, budgets: again }, shop, { tokens: 200, at: clock.at });
    expect(isRefused(await again.admit(shop))).toBe(true);
    await expect.poll(() => told.map(({ kind }) => kind)).toEqual(["warning", "reached"]);
    expect((await store.budgetNotices.list(0)).map(({ kind, used }) => `${kind} ${used}`).toSorted()).toEqual([
      "reached 1100",
      "warning 900",
    ]);
  });

  test("of cost counts what was priced in its currency", async () => {
    const { store, budgets, clock } = await openBudgets();
    const model = { ...assistant().model, prices: { input: 1, output: 2, currency: "EUR" } };
    const shop = assistant({ model, budget: { ...BUDGET, costPerMonth: 2 } });
    await budgets.admit(shop);
    await use({ store, budgets }, shop, { tokens: 10, at: clock.at, cost: 1.5 });
    expect(await budgets.standing(shop)).toMatchObject([{ budget: "costPerMonth", used: 1.5, currency: "EUR" }]);
    await use({ store, budgets }, shop, { tokens: 10, at: clock.at, cost: 0.5 });
    expect(isRefused(await budgets.admit(shop))).toBe(true);
  });

  test("that many answers ask for at once is not given to all of them", async () => {
    const { store, budgets, clock } = await openBudgets();
    const shop = assistant({ budget: { ...BUDGET, tokensPerDay: 10_000 } });
    // Ten answers so far, of 100 tokens each.
    for (let answer = 0; answer < 10; answer += 1) {
      await use({ store, budgets }, shop, { tokens: 100, at: clock.at - answer });
      await store.append({
        conversationId: "conversation-1",
        at: clock.at,
        events: [{ type: "turn-ended", turnId: "turn-0001", outcome: "done" }],
      });
    }
    const admitted = await Promise.all(Array.from({ length: 200 }, () => budgets.admit(shop)));
    const seats = admitted.filter((one) => "close" in one);
    // 9,000 are left, for ninety of them.
    expect(seats).toHaveLength(90);
    for (const seat of seats) {
      await use({ store, budgets }, shop, { tokens: 100, at: clock.at });
      seat.close();
    }
    expect(await budgets.standing(shop)).toMatchObject([{ used: 10_000 }]);
    expect(isRefused(await budgets.admit(shop))).toBe(true);
  });
});
