import { expect, test } from "vitest";
import type { UsageCounts } from "../../server/usage/ports.ts";
import { UsageReports } from "../../server/usage/usage-reports.ts";

/** Counts of two assistants, one of which was quiet in the period. */
class Counts implements UsageCounts {
  reads = 0;
  async listAssistants(): Promise<readonly string[]> {
    return ["shop", "quiet"];
  }
  async readCounts(assistant: string) {
    this.reads += 1;
    return assistant === "shop" ? [{ measure: "conversations" as const, subject: "", amount: 1 }] : [];
  }
  async readTimes() {
    return [];
  }
}

test("a report asks only for assistants of which something was counted, however many there are", async () => {
  const usage = new Counts();
  const many = Array.from({ length: 20_000 }, (_, number) => `shop_${number}`);
  const asked = { assistants: [...many, "quiet", "shop"], from: "2026-11-01", to: "2026-11-07", zone: "UTC" };
  const report = await new UsageReports({ usage }).report(asked);
  expect(report.assistants.map(({ assistant, conversations }) => [assistant, conversations])).toEqual([
    ["quiet", 0],
    ["shop", 7],
  ]);
  expect(usage.reads).toBe(2 * 7 * 2);
});
