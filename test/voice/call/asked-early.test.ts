/** From the likely end of a turn to the model's answer: the call, and the desk behind it. */
import { expect, test } from "vitest";
import { type Harness, openDesk } from "../../support/desk-harness.ts";
import { say } from "../../support/desk-scripts.ts";
import { written } from "../../support/desk-waits.ts";
import { openStage, type Page, type Stage } from "./call-stage.ts";

async function calling(): Promise<{ desk: Harness; stage: Stage; page: Page }> {
  const desk = await openDesk({ script: (_request, step) => say(`Answer ${step}.`) });
  const stage = openStage({ desk: { desk: desk.desk, journal: desk.voice } });
  const page = await stage.call();
  await desk.room.until(({ journal }) => journal.length === 1);
  return { desk, stage, page };
}

/** The customer says this, and is quiet until the turn is likely over. */
async function likely({ desk, stage, page }: Awaited<ReturnType<typeof calling>>, text: string, asked: number): Promise<void> {
  await page.begin();
  await stage.forward(200);
  stage.hearing.session.partial(text);
  await stage.forward(200);
  await page.quiet();
  await stage.forward(360);
  await expect.poll(() => desk.requests.length).toBe(asked);
}

/** The turn is over, and this was understood. */
async function over({ desk, stage, page }: Awaited<ReturnType<typeof calling>>, text: string): Promise<void> {
  await page.quiet();
  while (stage.hearing.session.ended === 0) await stage.forward(20);
  stage.hearing.session.final(text);
  await desk.turnsEnded(1);
}

test("the model is asked when the turn is likely over, and its answer is that of the message", async () => {
  const call = await calling();
  await likely(call, "where is my order", 1);
  expect((await call.desk.journal()).map(({ type }) => type)).toEqual(["voice-call-started"]);
  await over(call, "where is my order");
  expect(call.desk.requests).toHaveLength(1);
  expect(await written(call.desk, "step-ended")).toMatchObject([{ text: "Answer 1.", aheadMs: expect.any(Number) as number }]);
});

test("what the customer says on makes it void", async () => {
  const call = await calling();
  await likely(call, "where is my order", 1);
  await call.page.take({ type: "speech", event: "resumed", atMs: 6_000 });
  await over(call, "where is my order and when will it come");
  const [step] = await written(call.desk, "step-ended");
  expect(step?.text).not.toBe("Answer 1.");
  expect((await written(call.desk, "message-received")).map(({ text }) => text)).toEqual(["where is my order and when will it come"]);
});
