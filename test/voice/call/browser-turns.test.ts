/** What the browser's own recogniser understood: when it was said is known only about. */
import { expect, test } from "vitest";
import { type AskedCall, calls, hears } from "./approval-stage.ts";
import { openStage, type Stage } from "./call-stage.ts";

const PHRASE = "Yes, approve it.";
const BROWSER = { hearing: [{ provider: "browser" }] as never };
const sent = ({ asked }: Stage) => asked.flatMap(([method, request]) => (method === "send" ? [(request as { text: string }).text] : []));
const says = ({ page }: Pick<AskedCall, "page">, text: string, final = true) => page.take({ type: "transcript", text, final });

async function askedAndHeard(thinksMs: number): Promise<AskedCall> {
  const call = await calls({ voice: BROWSER });
  await hears(call, thinksMs);
  return call;
}

test("what may have begun during the question approves nothing, and may refuse", async () => {
  const whole = await askedAndHeard(3_000);
  await says(whole, PHRASE);
  expect(whole.decided).toEqual([]);

  const first = await askedAndHeard(1_700);
  await says(first, "Yes", false);
  await first.stage.forward(2_000);
  await says(first, PHRASE);
  expect(first.decided).toEqual([]);
  // It is asked again at once, and no message.
  await first.page.playOut();
  expect(first.page.sayings).toContain("Once more, about Refund order.");
  expect(sent(first.stage)).toEqual([]);

  const refused = await askedAndHeard(500);
  await says(refused, "No, not now.");
  expect(refused.decided).toMatchObject([{ decision: "rejected" }]);
});

test("what surely began after it approves: by its first word, or by how long it takes to say", async () => {
  const whole = await askedAndHeard(3_200);
  await says(whole, PHRASE);
  expect(whole.decided).toMatchObject([{ decision: "approved" }]);

  const first = await askedAndHeard(1_900);
  await says(first, "Yes", false);
  await first.stage.forward(700);
  await says(first, PHRASE);
  expect(first.decided).toMatchObject([{ decision: "approved" }]);
});

test("what a recogniser left open for long began when it did, whatever comes of it later", async () => {
  const call = await calls({ voice: BROWSER });
  const { page, stage, decided } = call;
  await page.play(500);
  await says(call, "Yes", false);
  await stage.forward(5_000);
  await hears(call, 4_000);
  await says(call, PHRASE);
  expect(decided).toEqual([]);
});

test.each(["mute", "stillness"])("a sentence that was cut by %s approves nothing, and may refuse", async (how) => {
  for (const [text, decisions] of [
    [PHRASE, []],
    ["No, not now", [{ decision: "rejected" }]],
  ] as const) {
    const call = await askedAndHeard(4_000);
    await says(call, text, false);
    if (how === "mute") await call.page.take({ type: "mute", muted: true });
    else await call.stage.forward(5_000);
    expect(call.decided).toMatchObject(decisions);
  }
});

test("what was being said when the line was lost comes again from the page, and is one message", async () => {
  const stage = openStage({ voice: BROWSER });
  const page = await stage.call();
  await says({ page }, "where is my", false);
  await page.lose();
  expect(sent(stage)).toEqual([]);
  const back = await stage.call();
  expect(back.phase).toBe("listening");
  await says({ page: back }, "where is my order");
  expect(sent(stage)).toEqual(["where is my order"]);
});

test("a muted page whose line was lost says anew that it is muted: another page may not be", async () => {
  const stage = openStage({ voice: BROWSER });
  const page = await stage.call();
  await page.take({ type: "mute", muted: true });
  await page.lose();
  const back = await stage.call();
  await says({ page: back }, "where is my order");
  expect(sent(stage)).toEqual(["where is my order"]);
});
