/** Activity and Usage as people use them: numbers, lines and tables that agree, by keyboard, with whatever names. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { EventDraft } from "../../protocol/events.ts";
import { openStore } from "../../server/start/open-store.ts";
import { type Desk, restart, startDesk } from "./stage/desk.ts";
import { axeFaults, settled, tooWide } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

const HOSTILE = '=HYPERLINK("http://evil.example")<img src=x onerror=alert(1)>';
const by = { kind: "customer", id: "customer-1" } as const;
const staff = { kind: "staff", id: "ada", name: "Ada" } as const;

interface Story {
  readonly at: number;
  readonly tool?: string;
  readonly outcome?: "ok" | "failed";
  readonly met?: boolean;
  readonly rating?: "up" | "down";
  readonly cost?: number;
  /** How long they called. */
  readonly voiceMs?: number;
}

function eventsOf({ tool = "look_up", outcome = "ok", met = false, rating, cost, voiceMs }: Story): readonly EventDraft[] {
  const [turnId, callId, approvalId, messageId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const usage = { inputTokens: 1200, outputTokens: 200, cachedTokens: 300 };
  const reference = { source: "mcp", server: "orders", serverName: "Orders", tool, title: tool } as const;
  const asked = {
    turnId,
    callId,
    approvalId,
    approver: "staff",
    arguments: {},
    argumentsHash: "hash",
    rememberable: false,
  } as const;
  return [
    { type: "message-received", messageId, text: "Where is it?", by },
    { type: "turn-started", turnId, messageId },
    {
      type: "step-ended",
      turnId,
      step: 0,
      text: "",
      model: "scripted",
      usage,
      durationMs: 900,
      ...(cost === undefined ? {} : { cost: { amount: cost, currency: "EUR" } }),
    },
    { type: "tool-call-proposed", turnId, step: 0, callId, tool: reference, arguments: { order: HOSTILE } },
    { type: "approval-requested", ...asked, fields: [], expiresAt: Number.MAX_SAFE_INTEGER },
    { type: "approval-decided", turnId, callId, approvalId, decision: "approved", scope: "once", by: staff },
    { type: "tool-call-started", turnId, callId, attempt: 1 },
    { type: "tool-call-ended", turnId, callId, outcome, durationMs: 340, text: "Shipped" },
    ...(met ? [{ type: "person-asked", by, open: true } as const] : []),
    { type: "turn-ended", turnId, outcome: "done" },
    ...(voiceMs === undefined
      ? []
      : [{ type: "voice-call-ended", voiceCallId: "voice-call-1", reason: "hung-up", durationMs: voiceMs } as const]),
    ...(rating === undefined ? [] : [{ type: "feedback-given", turnId, rating, by } as const]),
  ];
}

/** A desk that has had conversations for two weeks. */
async function deskWith(stories: readonly Story[], assistants: readonly string[] = ["shop"]): Promise<Desk> {
  const desk = await startDesk();
  return restart(desk, async (settings) => {
    const store = await openStore(settings);
    for (const [index, story] of stories.entries())
      await store.append({
        conversationId: `conversation-${index}`,
        at: story.at,
        create: { assistant: assistants[index % assistants.length]!, customerId: "customer-1" },
        events: eventsOf(story),
      });
    await store.close();
  });
}

const DAY = 86_400_000;

function twoWeeks(now: number): readonly Story[] {
  return Array.from({ length: 84 }, (_, index) => ({
    at: now - Math.floor(index / 6) * DAY - 60_000,
    tool: index % 3 === 0 ? "refund_order" : "look_up",
    outcome: index % 3 === 0 && index < 42 && index % 2 === 0 ? "failed" : "ok",
    met: index % 7 === 0,
    ...(index % 4 === 0 ? { rating: index % 8 === 0 ? ("up" as const) : ("down" as const) } : {}),
    cost: 0.011,
    ...(index % 14 === 0 ? { voiceMs: 95_000 } : {}),
  }));
}

async function csvOf(page: Page, press: () => Promise<void>): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent("download"), press()]);
  return readFile((await file.path())!, "utf8");
}

test("Usage says what it found, and cards, tables and files have the same days and sums", async () => {
  const now = Date.now();
  const desk = await deskWith(twoWeeks(now), ["shop", "pots"]);
  for (const [width, scheme] of [
    [1440, "light"],
    [1024, "dark"],
    [390, "light"],
  ] as const) {
    const page = await openConsole(desk, "/usage?period=7", { width });
    await page.emulateMedia({ colorScheme: scheme });
    await settled(page);
    await page.getByRole("heading", { name: /^refund_order fails/ }).waitFor();
    await expect.poll(() => page.locator("desk-chart canvas").count()).toBeGreaterThan(3);
    if (process.env["PICTURES"] !== undefined)
      await page.screenshot({ path: `${process.env["PICTURES"]}/usage-${width}-${scheme}.png`, fullPage: true });
    expect(await tooWide(page)).toEqual([]);
    for (const summary of await page.getByText("As a table").all()) await summary.click();
    expect(await axeFaults(page)).toEqual([]);
    if (process.env["PICTURES"] !== undefined)
      await page.screenshot({ path: `${process.env["PICTURES"]}/usage-${width}-${scheme}-tables.png`, fullPage: true });
    await page.close();
  }
  const page = await openConsole(desk, "/usage?period=7");
  await settled(page);
  const card = page.locator(".figures > div", { hasText: "Conversations" });
  expect(await card.locator(".figure").innerText()).toBe("42");
  const calls = page.locator(".figures > div", { hasText: "Voice calls" });
  expect(await calls.locator(".figure").innerText()).toBe("3 · 4m 45s");
  await page.getByText("As a table: Conversations").click();
  const cells = await page.getByRole("region", { name: "Conversations" }).locator("tbody tr td:nth-child(2)").allInnerTexts();
  expect(cells).toHaveLength(7);
  expect(cells.reduce((sum, text) => sum + Number(text), 0)).toBe(42);
  const file = await csvOf(page, () => page.getByRole("link", { name: "Export as CSV: Conversations" }).click());
  const lines = file.trim().split("\r\n").slice(1);
  expect(lines).toHaveLength(7);
  expect(lines.reduce((sum, row) => sum + Number(row.split(",")[2]), 0)).toBe(42);
}, 120_000);

test("a chart's legend says the newest day while nothing is pointed at, and the day that is", async () => {
  const desk = await deskWith(twoWeeks(Date.now()));
  const page = await openConsole(desk, "/usage?period=7");
  await settled(page);
  const part = page.locator(".usage-part").first();
  const legend = async () => (await part.locator(".u-legend .u-value").allInnerTexts()).map((text) => text.trim());
  await part.getByText("As a table").click();
  const newest = (await part.locator("tbody tr").last().locator("th, td").allInnerTexts()).map((text) =>
    text.replace(/ \(.*\)$/, "").trim(),
  );
  await expect.poll(legend).toEqual(newest.slice(0, (await legend()).length));
  for (const text of await page.locator(".u-legend .u-value").allInnerTexts()) expect(text).not.toMatch(/[–-]{1,2}$/);
  const plot = (await part.locator(".u-over").boundingBox())!;
  await page.mouse.move(plot.x + 3, plot.y + plot.height / 2);
  await expect.poll(async () => (await legend())[0]).not.toBe(newest[0]);
  await page.mouse.move(0, 0);
  await expect.poll(async () => (await legend())[0]).toBe(newest[0]);
}, 120_000);

test("Usage without a price says that the cost is unknown", async () => {
  const desk = await deskWith([{ at: Date.now() - 60_000 }]);
  const page = await openConsole(desk, "/usage");
  await settled(page);
  expect(await page.locator(".figures > div", { hasText: "Cost" }).locator(".figure").innerText()).toBe("unknown");
}, 60_000);

test("Activity is filtered by its address, opens a call beside it by keyboard, and exports no formula", async () => {
  const desk = await deskWith([
    { at: Date.now() - 120_000, tool: HOSTILE, outcome: "failed" },
    { at: Date.now() - 60_000, tool: "look_up" },
  ]);
  for (const [width, scheme] of [
    [1440, "light"],
    [390, "dark"],
  ] as const) {
    const page = await openConsole(desk, "/activity?outcome=failed", { width });
    await page.emulateMedia({ colorScheme: scheme });
    await settled(page);
    const rows = page.locator("desk-table [role=row] a, desk-table a");
    await expect.poll(() => rows.count()).toBe(1);
    await rows.first().focus();
    await page.keyboard.press("Enter");
    await page.getByRole("complementary", { name: /Failed$/ }).waitFor();
    await page.getByRole("heading", { name: HOSTILE }).waitFor();
    expect(await page.getByRole("link", { name: "Open in the conversation" }).getAttribute("href")).toMatch(
      /\/inbox\/conversation-0\?step=4$/,
    );
    expect(await page.locator("main img").count()).toBe(0);
    await settled(page);
    expect(await axeFaults(page)).toEqual([]);
    expect(await tooWide(page)).toEqual([]);
    if (process.env["PICTURES"] !== undefined)
      await page.screenshot({ path: `${process.env["PICTURES"]}/activity-${width}-${scheme}.png`, fullPage: true });
    await page.close();
  }
  const page = await openConsole(desk, "/activity");
  await settled(page);
  const file = await csvOf(page, () => page.getByRole("button", { name: "Export as CSV" }).click());
  expect(file).toContain(`"'${HOSTILE.replaceAll('"', '""')}"`);
}, 120_000);

test("Usage is not for support, and owners see their own assistants' numbers alone", async () => {
  const desk = await deskWith([{ at: Date.now() - 60_000 }]);
  const olive = await desk.person("Olive", ["owner"]);
  const model = { provider: "openai-compatible", model: "scripted", baseUrl: "http://127.0.0.1:9/v1" };
  await olive.api("POST", "/assistants", { key: "olives", name: "Olives", prompt: "", model, allowedOrigins: ["https://a.example"] });
  type Usage = { totals: { conversations: number }; assistants: { assistant: string }[] };
  expect(await olive.api<Usage>("GET", "/usage")).toMatchObject({ totals: { conversations: 0 }, assistants: [] });
  await expect(olive.api("GET", "/usage?assistant=shop")).rejects.toThrow("404");
  expect(await desk.admin.api<Usage>("GET", "/usage")).toMatchObject({
    totals: { conversations: 1 },
    assistants: [{ assistant: "shop" }],
  });
  const sam = await desk.person("Sam", ["support"]);
  await expect(sam.api("GET", "/usage")).rejects.toThrow("403");
  for (const bad of ["zone=Mars%2FOlympus", "from=2026-02-30", "from=2026-02-02&to=2026-02-01", "from=2020-01-01&to=2026-01-01"])
    await expect(desk.admin.api("GET", `/usage?${bad}`)).rejects.toThrow("422");
}, 60_000);
