/** Who may call is looked at while they call, too. */
import { expect, test } from "vitest";
import { RequestError } from "../../../protocol/errors.ts";
import { CALLER, openStage, type Stage } from "./call-stage.ts";

const ends = ({ written }: Stage) => written.flatMap((one) => (one.type === "ended" ? [one.call] : []));

test("a call ends with what its site says of the customer, unless the site says it anew", async () => {
  const stage = openStage();
  const identified = (afterMs: number) => ({ ...CALLER, claims: { kind: "identified", expiresAt: stage.clock.now() + afterMs } as const });
  await stage.call({ caller: identified(30_000) });
  await stage.forward(60_000);
  stage.calls.known(identified(30_000));
  await stage.forward(60_000);
  expect(ends(stage)).toEqual([]);
  await stage.forward(30_001);
  expect(ends(stage)).toMatchObject([{ reason: "left", cause: "The site says no longer who the customer is." }]);
  expect(stage.calls.size).toBe(0);
});

test("what is said after the owner lets in identified customers alone is no message, and the call ends", async () => {
  const stage = openStage();
  const page = await stage.call();
  stage.refusals.set("count", new RequestError("identity-required", { detail: "The assistant takes only identified customers by now." }));
  await page.speak("where is my order");
  await stage.settle();
  expect(stage.asked.filter(([method]) => method === "send")).toEqual([]);
  expect(ends(stage)).toMatchObject([{ reason: "assistant", cause: expect.stringContaining("only identified customers") }]);
});
