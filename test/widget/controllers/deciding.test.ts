import { beforeEach, expect, test } from "vitest";
import type { InputField } from "../../../protocol/input-fields.ts";
import type { Card } from "../../../widget/thread/state.ts";
import { ask, card, customer, decide, ids, turnId } from "./asked-tab.ts";
import { Desk, Site, Tab } from "./tab.ts";

let desk: Desk;
let site: Site;

beforeEach(() => {
  desk = new Desk();
  site = new Site();
});

test("a decision is on its way, then decided; a second one is told that it came second", async () => {
  const tab = await new Tab(desk, site).start();
  await ask(desk, tab);
  expect(card(tab)).toMatchObject({ status: "waiting" });
  decide(tab, "approved");
  decide(tab, "rejected");
  expect(card(tab)).toMatchObject({ status: "waiting", deciding: "approved" });
  desk.refuse = (name) => (name === "approval-decide" ? { code: "already-decided", message: "This was already decided." } : undefined);
  await tab.settle();
  const frame = { conversationId: tab.id, approvalId: ids.approvalId, decision: "approved", argumentsHash: "hash", scope: "once" };
  expect(desk.sent("approval-decide")).toEqual([frame]);
  desk.say(tab.id, { type: "approval-decided", ...ids, decision: "rejected", scope: "once", by: customer });
  await tab.settle();
  expect(card(tab)).toMatchObject({ status: "rejected", error: { code: "already-decided" } });
  expect(card(tab)).not.toHaveProperty("deciding");
});

test("a decision made without a line is sent when there is one, unless the card was decided meanwhile", async () => {
  for (const meanwhile of [false, true]) {
    desk = new Desk();
    const tab = await new Tab(desk, new Site()).start();
    await ask(desk, tab);
    desk.line.reachable = false;
    desk.line.drop();
    decide(tab, "approved");
    await tab.settle();
    expect(card(tab).deciding).toBe("approved");
    if (meanwhile)
      desk.append(tab.id, { type: "approval-decided", ...ids, decision: "expired", scope: "once", by: { kind: "system", id: "expiry" } });
    desk.line.reachable = true;
    await tab.settle();
    expect(desk.sent("approval-decide").length).toBe(meanwhile ? 0 : 1);
  }
});

test("news are told once and live: what was written, asked, decided and answered", async () => {
  const tab = await new Tab(desk, site).start();
  await ask(desk, tab);
  desk.say(
    tab.id,
    { type: "approval-decided", ...ids, decision: "rejected", scope: "once", by: customer },
    { type: "turn-ended", turnId, outcome: "done" },
  );
  desk.line.drop();
  await tab.settle();
  expect(tab.news.map((news) => (news.kind === "card" ? `card ${news.card.status}` : news.kind))).toEqual([
    "message",
    "card waiting",
    "card rejected",
    "answer",
  ]);
});

test("a form's answer goes out once, is told why it does not fit, and can be given again", async () => {
  const tab = await new Tab(desk, site).start();
  await ask(desk, tab);
  const requestId = "request-0001";
  const { turnId: turn, callId } = ids;
  const question = {
    turnId: turn,
    callId,
    requestId,
    server: "shop",
    serverName: "Shop",
    mode: "form",
    message: "?",
    fields: [] as InputField[],
  } as const;
  desk.say(
    tab.id,
    { type: "approval-decided", ...ids, decision: "approved", scope: "once", by: customer },
    { type: "tool-call-started", turnId: turn, callId, attempt: 1 },
    { type: "input-requested", ...question, expiresAt: 99_000 },
  );
  await tab.settle();
  const form = (): Card => tab.thread.state.turns[0]!.parts.flatMap((part) => (part.kind === "call" ? part.cards : []))[1]!;
  const decide = (name: string): void =>
    tab.thread.decide({ name: "input-decide", frame: { requestId, action: "accept", content: { name } }, deciding: "accept" });
  desk.refuse = (name) => (name === "input-decide" ? { code: "unfit-answer", message: "No.", detail: '"Name" is needed.' } : undefined);
  decide("");
  decide("twice");
  expect(form()).toMatchObject({ status: "waiting", deciding: "accept" });
  await tab.settle();
  expect(form()).toMatchObject({ status: "waiting", error: { code: "unfit-answer", detail: '"Name" is needed.' } });
  expect(form()).not.toHaveProperty("deciding");
  desk.refuse = () => undefined;
  decide("Ada");
  expect(form()).not.toHaveProperty("error");
  await tab.settle();
  expect(desk.sent("input-decide").map((frame) => frame["content"])).toEqual([{ name: "" }, { name: "Ada" }]);
  desk.say(tab.id, { type: "input-decided", turnId: turn, callId, requestId, action: "accept", by: customer });
  await tab.settle();
  expect(form()).toMatchObject({ status: "accept", by: customer });
  expect(tab.news.filter((news) => news.kind === "card").map((news) => news.card.status)).toEqual([
    "waiting",
    "approved",
    "waiting",
    "accept",
  ]);
});

test("what a page asks the server besides is asked in its conversation", async () => {
  const tab = await new Tab(desk, site).start();
  const answer = desk.line.answer;
  desk.line.answer = (name, frame) =>
    name === "connection-start" ? { ok: true, url: "https://desk.example/connect/t", proof: "p" } : answer(name, frame);
  const started = tab.thread.request("connection-start", { requestId: "request-0001" });
  await tab.settle();
  expect(await started).toMatchObject({ url: "https://desk.example/connect/t", proof: "p" });
  expect(desk.sent("connection-start")).toEqual([{ conversationId: tab.id, requestId: "request-0001" }]);
});
