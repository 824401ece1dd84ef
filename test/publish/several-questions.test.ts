/** Calls that ask more than one thing: each answer belongs to what its person was asked. */
import { describe, expect, test } from "vitest";
import type { Answers } from "../../server/publish/calls/call-flow.ts";
import { CallFlow } from "../../server/publish/calls/call-flow.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { ask, assistantStage } from "./assistant-stage.ts";
import { connect, ERAS } from "./publish-harness.ts";

const question = (message: string) => ({ kind: "form", message, fields: [] }) as const;
const listener = () => ({ signal: new AbortController().signal, progress: () => undefined });
const accept = { kind: "input", action: "accept" } as const;
const decline = { kind: "input", action: "decline" } as const;
const actionsOf = (answers: readonly Answers[]) => answers.map((answer) => answer["approval"]?.action);

describe("a call that asks two things at once", () => {
  const both = (clock: ManualClock) =>
    new CallFlow({ id: "flow", binding: () => "" }, clock, async (side) =>
      actionsOf(await Promise.all([side.ask({ approval: question("one") }), side.ask({ approval: question("two") })])),
    );

  test("asks one after the other, and gives each its own answer", async () => {
    const flow = both(new ManualClock());
    expect(await flow.step(listener())).toEqual({ questions: { approval: question("one") } });
    flow.answer({ approval: accept });
    expect(await flow.step(listener())).toEqual({ questions: { approval: question("two") } });
    flow.answer({ approval: decline });
    expect(await flow.step(listener())).toEqual({ end: ["accept", "decline"] });
  });

  test("never takes the answer to one for that to another, which was asked while the person thought", async () => {
    const second = Promise.withResolvers<void>();
    const flow = new CallFlow({ id: "flow", binding: () => "" }, new ManualClock(), async (side) =>
      actionsOf(
        await Promise.all([side.ask({ approval: question("one") }), second.promise.then(() => side.ask({ approval: question("two") }))]),
      ),
    );
    expect(await flow.step(listener())).toEqual({ questions: { approval: question("one") } });
    second.resolve();
    await second.promise;
    flow.answer({ approval: accept });
    expect(await flow.step(listener())).toEqual({ questions: { approval: question("two") } });
    flow.abandon();
    expect(await flow.step(listener())).toEqual({ end: ["accept", undefined] });
  });

  test("ends where the client does not come back: nobody is there for the second one either", async () => {
    const clock = new ManualClock();
    const flow = both(clock);
    await flow.step(listener());
    clock.forward(10 * 60_000);
    expect(await flow.step(listener())).toEqual({ end: [undefined, undefined] });
  });
});

test("a call whose client did not come back asks nobody later", async () => {
  const clock = new ManualClock();
  const ended = Promise.withResolvers<unknown>();
  const flow = new CallFlow({ id: "flow", binding: () => "" }, clock, async (side) => {
    const first = await side.ask({ approval: question("one") });
    ended.resolve([first, await side.ask({ approval: question("two") })]);
  });
  await flow.step(listener());
  clock.forward(10 * 60_000);
  expect(await ended.promise).toEqual([{}, {}]);
});

/** An assistant that cancels orders 6 and 7 in one step. */
const cancelsTwo = () =>
  assistantStage(
    (_question, step, lastResult) =>
      step === 0
        ? { pieces: [], calls: [6, 7].map((order) => ({ tool: "cancel_order", arguments: { order } })) }
        : { pieces: [lastResult], calls: [] },
    "needs_approval",
  );

describe.each(ERAS)("an assistant that wants two approvals in one step, in the %s era,", (era) => {
  test("gets both decided, each by itself", async () => {
    const { published, requests } = await cancelsTwo();
    const asked: string[] = [];
    const client = await connect(published, era, {
      capabilities: { elicitation: { form: {} } },
      prepare: (made) =>
        made.setRequestHandler("elicitation/create", ({ params }) => {
          asked.push(params.message);
          return { action: "accept", content: { approve: /: 7/.test(params.message) } };
        }),
    });
    expect((await client.callTool(ask("Cancel 6 and 7."))).isError).toBeFalsy();
    expect(asked).toEqual([expect.stringMatching(/: 6/), expect.stringMatching(/: 7/)]);
    expect(requests.map(({ body }) => body)).toEqual(['{"order":7}']);
  });
});

test("a request that comes twice answers no question but its own", async () => {
  const { published, requests } = await cancelsTwo();
  const sent: [url: string, init: RequestInit][] = [];
  const again: string[] = [];
  const client = await connect(published, "modern", {
    capabilities: { elicitation: { form: {} } },
    fetch: async (url, init) => {
      sent.push([url instanceof Request ? url.url : url.toString(), { ...init, signal: null }]);
      return fetch(url, init);
    },
    prepare: (made) =>
      made.setRequestHandler("elicitation/create", async ({ params }) => {
        if (/: 6/.test(params.message)) return { action: "accept", content: { approve: true } };
        // The approval of 6, once more.
        again.push(await (await fetch(...sent.at(-1)!)).text());
        return { action: "decline" };
      }),
  });
  expect((await client.callTool(ask("Cancel 6 and 7."))).isError).toBeFalsy();
  expect(again).toEqual([expect.stringContaining("belong to no call that waits for them")]);
  expect(requests.map(({ body }) => body)).toEqual(['{"order":6}']);
});
