import { expect, test } from "vitest";
import { argumentsHash } from "../../server/conversation/turn/admission.ts";
import { code, heard, written } from "../support/desk-waits.ts";

import { ADA, BO, KIM, two, waits } from "./refund-stage.ts";

test("where two have to approve, one person cannot give both, a program none, and the second one starts the call", async () => {
  const { harness, decide, ran, asked } = await waits(two);
  expect(asked.people).toBe(2);
  await expect(decide({ kind: "key", id: "key-1", name: "Robot" })).rejects.toEqual(code("not-approver"));
  expect(await decide(KIM)).toMatchObject({ decided: false });
  await expect(decide(KIM)).rejects.toEqual(code("second-person-needed"));
  expect(ran).toEqual([]);
  expect(await decide(ADA)).toMatchObject({ decided: true });
  await harness.turnsEnded(1);
  expect(ran).toHaveLength(1);
  expect((await written(harness, "approval-given")).map(({ by }) => by.id)).toEqual(["kim"]);
});

test("two who approve in the same moment see each other: one gives, the other decides", async () => {
  const { harness, decide, ran } = await waits(two);
  const both = await Promise.all([decide(KIM), decide(ADA)]);
  expect(both.filter(({ decided }) => decided)).toHaveLength(1);
  await harness.turnsEnded(1);
  expect(ran).toHaveLength(1);
});

test("what the first of two edited is what the second one is asked about; another edit needs another pair of eyes", async () => {
  const { harness, decide, ran, asked } = await waits(two);
  const first = { orderId: "1042", amount: 30 };
  const second = { orderId: "1042", amount: 20 };
  await decide(KIM, { arguments: first });
  // Ada still sees what was asked for at first.
  await expect(decide(ADA)).rejects.toEqual(code("approval-changed"));
  expect(await decide(ADA, { argumentsHash: argumentsHash(first), arguments: second })).toMatchObject({ decided: false });
  await expect(decide(ADA, { argumentsHash: argumentsHash(second) })).rejects.toEqual(code("second-person-needed"));
  await decide(KIM, { argumentsHash: argumentsHash(second) });
  await harness.turnsEnded(1);
  expect(ran).toEqual([second]);
  expect(asked.arguments).toEqual({ orderId: "1042", amount: 50 });
});

test("any one of several rejects", async () => {
  const { harness, decide, ran } = await waits(two);
  await decide(KIM);
  await decide(ADA, { decision: "rejected" });
  await harness.turnsEnded(1);
  expect(ran).toEqual([]);
});

/** Who may decide, as a test changes it. */
function members(groups: readonly string[] = []): Map<string, readonly string[]> {
  return new Map(["kim", "ada", "bo"].map((id) => [id, groups]));
}

test.each([
  ["is disabled or has lost the role", (all: Map<string, readonly string[]>) => all.delete("kim")],
  ["has left the group", (all: Map<string, readonly string[]>) => all.set("kim", ["shipping"])],
])("the first of two does not count once they are not allowed: who %s", async (_what, change) => {
  const all = members(["billing"]);
  const { decide, ran, harness } = await waits({ ...two, approverGroups: ["billing"] }, { approvers: async (id) => all.get(id) });
  const groups = ["billing"];
  expect(await decide({ ...KIM, groups })).toMatchObject({ decided: false });
  change(all);
  expect(await decide({ ...ADA, groups })).toMatchObject({ decided: false });
  expect(ran).toEqual([]);
  expect(await decide({ ...BO, groups })).toMatchObject({ decided: true });
  await harness.turnsEnded(1);
  expect(ran).toHaveLength(1);
});

test("the first of two counts again once they are allowed again", async () => {
  const all = members();
  const { decide, ran, harness } = await waits(two, { approvers: async (id) => all.get(id) });
  await decide(KIM);
  all.delete("kim");
  expect(await decide(ADA)).toMatchObject({ decided: false });
  all.set("kim", []);
  expect(await decide(BO)).toMatchObject({ decided: true });
  await harness.turnsEnded(1);
  expect(ran).toHaveLength(1);
});

test("one of two who is not allowed any more before the call starts: it asks again, and does not run by their word", async () => {
  const all = members();
  const stage = await waits(two, {
    approvers: async (id) => all.get(id),
    beforeAppend: async (events) => void (events.some(({ type }) => type === "approval-decided") && all.delete("kim")),
  });
  await stage.decide(KIM);
  await stage.decide(ADA);
  const again = await heard(stage.harness, "approval-requested", 2);
  expect(stage.ran).toEqual([]);
  expect(await stage.decide(ADA, { approvalId: again.approvalId })).toMatchObject({ decided: false });
  expect(await stage.decide(BO, { approvalId: again.approvalId })).toMatchObject({ decided: true });
  await stage.harness.turnsEnded(1);
  expect(stage.ran).toHaveLength(1);
});
