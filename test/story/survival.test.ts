import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type CutWire, openWire } from "../support/cut-wire.ts";
import { waitFor } from "../support/wait-for.ts";
import { readOrderState } from "./shop-orders.ts";
import { openStage, type Stage } from "./stage.ts";
import type { Visit } from "./visit.ts";

/** Slow enough that an answer of a thousand tokens is cut in the middle, fast enough to wait for its end. */
const TOKENS_PER_SECOND = 120;
const LONG_QUESTION = "Write a long answer about glazes";
const LONG_BEGINNING = "A long answer about glazes";
const LONG_MIDDLE = "Crawling";
const LONG_END = "the script thanks you.";

let stage: Stage;
let wire: CutWire;
beforeAll(async () => {
  wire = await openWire();
  stage = await openStage({ tokensPerSecond: TOKENS_PER_SECOND, publicUrl: wire.url });
  wire.lead(Number(new URL(stage.demo.parts.server.url).port));
});
afterEach(async ({ task }) => {
  wire.mend();
  expect(await stage.endVisits(task)).toEqual([]);
});
afterAll(async () => {
  await stage.close();
  await wire.close();
});

async function arrive(path = "/"): Promise<Visit> {
  const visit = await stage.visit(path);
  await visit.openPanel();
  return visit;
}

/** The long answer is there once, whole, and nothing of it twice. */
async function expectWholeAnswer(visit: Visit): Promise<void> {
  await visit.answered(LONG_END);
  await visit.settled();
  const text = (await visit.answerTexts()).join("\n");
  for (const piece of [LONG_BEGINNING, LONG_MIDDLE, LONG_END]) expect(text.split(piece)).toHaveLength(2);
}

describe("an answer in its middle", () => {
  test("survives a reload of the page", async () => {
    const visit = await arrive();
    await visit.ask(LONG_QUESTION);
    await visit.answered("as firm as cold butter");
    await visit.page.reload();
    // What was said before the reload is there before the rest has come.
    await visit.answered("as firm as cold butter");
    expect(await visit.answerTexts().then((all) => all.join(""))).not.toContain(LONG_END);
    await expectWholeAnswer(visit);
    expect(await visit.said()).toEqual([LONG_QUESTION]);
  });

  test("survives a line that breaks", async () => {
    const visit = await arrive();
    await visit.ask(LONG_QUESTION);
    await visit.answered("as firm as cold butter");
    wire.cut();
    await visit.notice.getByText("Reconnecting …").waitFor();
    wire.mend();
    await expectWholeAnswer(visit);
    await visit.notice.waitFor({ state: "detached" });
  });

  test("survives a server that is killed and started again", async () => {
    const visit = await arrive();
    await visit.ask(LONG_QUESTION);
    await visit.answered("as firm as cold butter");
    await stage.demo.restartServer("SIGKILL");
    await expectWholeAnswer(visit);
    expect(await visit.said()).toEqual([LONG_QUESTION]);
    await visit.page.reload();
    await expectWholeAnswer(visit);
  });

  test("stays as far as it came when it is stopped, and is marked", async () => {
    const visit = await arrive();
    await visit.ask(LONG_QUESTION);
    await visit.answered("as firm as cold butter");
    await visit.stop.click();
    await visit.log.getByText("Stopped", { exact: true }).waitFor();
    const [partial = ""] = await visit.answerTexts();
    expect(partial).toContain(LONG_BEGINNING);
    expect(partial).not.toContain(LONG_END);
    await visit.page.reload();
    await visit.log.getByText("Stopped", { exact: true }).waitFor();
    expect(await visit.answerTexts()).toEqual([partial]);
    await visit.ask("Where is order 1042?");
    await visit.answered("The parcel is with Heron Post");
  });

  test("is not the end of the queue: a question asked meanwhile is answered after it", async () => {
    const visit = await arrive();
    await visit.ask(LONG_QUESTION);
    await visit.answered(LONG_BEGINNING);
    await visit.ask("Where is order 1042?");
    await visit.log.getByText("Next in line").waitFor();
    await visit.answered("The parcel is with Heron Post");
    expect(await visit.said()).toEqual([LONG_QUESTION, "Where is order 1042?"]);
    await expectWholeAnswer(visit);
  });
});

test("offline is said; two messages wait, are sent in order on return, and each is answered once", async () => {
  const visit = await arrive();
  await visit.ask("Hello");
  await visit.answered("I am the scripted model of this demo");
  const before = (await readOrderState(stage.demo.ordersUrl)).calls.length;

  await visit.context.setOffline(true);
  wire.cut();
  await visit.notice.getByText("No connection. Your messages are sent when it is back.").waitFor();
  await visit.ask("Where is order 1042?");
  await visit.ask("Where is order 1041?");
  await waitFor(async () => (await visit.log.getByText("Sending …").count()) === 2);
  // The page may even be closed: it sends them in its next life.
  expect(await visit.said()).toEqual(["Hello", "Where is order 1042?", "Where is order 1041?"]);

  wire.mend();
  await visit.context.setOffline(false);
  await visit.answered("The parcel is with Heron Post");
  await visit.answered("The parcel of order 1041 was delivered");
  await visit.settled();
  await visit.notice.waitFor({ state: "detached" });
  expect(await visit.said()).toEqual(["Hello", "Where is order 1042?", "Where is order 1041?"]);
  const calls = (await readOrderState(stage.demo.ordersUrl)).calls.slice(before);
  expect(calls.map((call) => call.arguments["orderId"])).toEqual(["1042", "1041"]);
  await visit.page.reload();
  await visit.answered("The parcel of order 1041 was delivered");
  expect(await visit.said()).toEqual(["Hello", "Where is order 1042?", "Where is order 1041?"]);
  expect(await visit.answers.count()).toBe(3);
});

test("a message written while the server is away is sent by the next page view", async () => {
  const visit = await arrive();
  await visit.ask("Hello");
  await visit.answered("I am the scripted model of this demo");
  wire.cut();
  await visit.ask("Where is order 1042?");
  await visit.log.getByText("Sending …").waitFor();
  await visit.page.goto("about:blank");
  wire.mend();
  await visit.page.goto(`${stage.demo.shopUrl}/orders`);
  await visit.answered("The parcel is with Heron Post");
  expect(await visit.said()).toEqual(["Hello", "Where is order 1042?"]);
});

test("a message in one tab shows in the other, and so does its answer", async () => {
  const here = await arrive();
  await here.ask("Hello");
  await here.answered("I am the scripted model of this demo");
  const there = await stage.secondTab(here, "/orders");
  await there.openPanel();
  await there.answered("I am the scripted model of this demo");
  await here.ask("Where is order 1042?");
  await there.bubbles.getByText("Where is order 1042?").waitFor();
  await there.answered("The parcel is with Heron Post");
  await there.ask("Where is order 1041?");
  await here.answered("The parcel of order 1041 was delivered");
  expect(await here.said()).toEqual(await there.said());
});

test("New conversation begins an empty one; the old one stays with the tab that is in it", async () => {
  const here = await arrive();
  await here.ask("Where is order 1042?");
  await here.answered("The parcel is with Heron Post");
  const first = await here.conversationId();
  const there = await stage.secondTab(here, "/orders");
  await there.openPanel();
  await there.answered("The parcel is with Heron Post");

  await here.newConversation.click();
  await here.log.getByText("Hello, this is the Lull assistant.").waitFor();
  expect(await here.said()).toEqual([]);
  await here.ask("Hello");
  await here.answered("I am the scripted model of this demo");
  expect(await here.conversationId()).not.toBe(first);
  await here.page.reload();
  await here.answered("I am the scripted model of this demo");
  expect(await here.said()).toEqual(["Hello"]);
  expect(await there.said()).toEqual(["Where is order 1042?"]);
});
