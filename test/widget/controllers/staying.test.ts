import { beforeEach, expect, test } from "vitest";
import type { InputField } from "../../../protocol/input-fields.ts";
import { memoryShelf } from "../../../widget/thread/shelf.ts";
import type { Card } from "../../../widget/thread/state.ts";
import { Desk, Site, Tab } from "./tab.ts";

let desk: Desk;
let site: Site;
const customer = { kind: "customer", id: "customer-1" } as const;
const turnId = "turn-0001";
const ids = { turnId, callId: "call-0001", approvalId: "approval-0001" } as const;
const tool = { source: "mcp", server: "orders", serverName: "Orders", tool: "refund_order", title: "Refund an order" } as const;

beforeEach(() => {
  desk = new Desk();
  site = new Site();
});

async function asked(tab: Tab): Promise<void> {
  const messageId = tab.thread.send("Refund order 1042")!;
  await tab.settle();
  desk.say(
    tab.id,
    { type: "turn-started", turnId, messageId },
    { type: "tool-call-proposed", turnId, step: 0, callId: ids.callId, tool },
    {
      type: "approval-requested",
      ...ids,
      approver: "customer",
      arguments: {},
      fields: [],
      argumentsHash: "hash",
      rememberable: false,
      expiresAt: 99_000,
    },
  );
  await tab.settle();
}

function card(tab: Tab): Card {
  return tab.thread.state.turns[0]!.parts.flatMap((part) => (part.kind === "call" ? part.cards : []))[0]!;
}

function decide(tab: Tab, decision: "approved" | "rejected"): void {
  const frame = { approvalId: ids.approvalId, decision, argumentsHash: "hash", scope: "once" } as const;
  tab.thread.decide({ name: "approval-decide", frame, deciding: decision });
}

test("any number of pieces of text change the state once per frame", async () => {
  const tab = await new Tab(desk, site).start();
  const conversationId = tab.id;
  desk.say(conversationId, { type: "turn-started", turnId, messageId: "message-1" });
  await tab.settle();
  const before = tab.updates;
  for (let offset = 0; offset < 20; offset++) desk.line.send("text", { conversationId, turnId, step: 0, offset, text: "a" });
  await desk.line.flush();
  expect(tab.updates).toBe(before);
  tab.draw();
  expect(tab.updates).toBe(before + 1);
  expect(tab.thread.state.turns[0]!.parts).toEqual([{ kind: "text", step: 0, text: "a".repeat(20), open: true }]);
});

test("a gap is closed by reading what was missed", async () => {
  const tab = await new Tab(desk, site).start();
  tab.thread.send("Hello");
  await tab.settle();
  desk.append(tab.id, { type: "turn-started", turnId, messageId: "message-1" });
  desk.say(tab.id, { type: "turn-ended", turnId, outcome: "done" });
  await tab.settle();
  expect(desk.sent("conversation-open").at(-1)).toEqual({ conversationId: tab.id, after: 1 });
  expect(tab.thread.state).toMatchObject({ lastSeq: 3, turns: [{ status: "done" }] });
});

test("after the page woke, what was missed is read; a line that does not answer is replaced", async () => {
  const tab = await new Tab(desk, site).start();
  tab.thread.send("Hello");
  await tab.settle();
  desk.append(tab.id, { type: "turn-started", turnId, messageId: "message-1" });
  tab.surroundings!.woke();
  await tab.settle();
  expect(tab.thread.state.lastSeq).toBe(2);

  const answer = desk.line.answer;
  desk.line.answer = () => undefined;
  tab.surroundings!.woke();
  await tab.settle();
  expect(desk.line.hellos.length).toBe(1);
  desk.line.answer = answer;
  await tab.pass(5_000);
  expect(desk.line.hellos.length).toBe(2);
  expect(tab.thread.state.connection).toBe("online");
});

test("offline is said, and back online the line is there at once", async () => {
  const tab = await new Tab(desk, site).start();
  tab.online = false;
  tab.surroundings!.offline();
  desk.line.reachable = false;
  desk.line.drop();
  await tab.settle();
  expect(tab.thread.state.connection).toBe("offline");
  tab.online = true;
  desk.line.reachable = true;
  tab.surroundings!.online();
  await tab.settle();
  expect(tab.thread.state.connection).toBe("online");
});

test("an element that is moved keeps its line; one that stays away lets it go, and goes on where it was", async () => {
  const tab = await new Tab(desk, site).start();
  tab.thread.send("Hello");
  await tab.settle();
  tab.disconnect();
  tab.connect();
  await tab.pass(60_000);
  expect(desk.line.hellos.length).toBe(1);

  tab.disconnect();
  await tab.pass(60_000);
  desk.say(tab.id, { type: "turn-started", turnId, messageId: "message-1" });
  await tab.settle();
  expect(tab.thread.state.lastSeq).toBe(1);
  tab.connect();
  await tab.settle();
  expect(desk.line.hellos.length).toBe(2);
  expect(tab.thread.state).toMatchObject({ lastSeq: 2, connection: "online" });
  expect(desk.sent("conversation-open").at(-1)).toEqual({ conversationId: tab.id, after: 1 });
});

test("a refused page says why and does not try again by itself", async () => {
  desk.line.welcome = () => ({ code: "origin-refused", message: "This website is not allowed." });
  const tab = await new Tab(desk, site).start();
  expect(tab.thread.state).toMatchObject({ connection: "refused", refusal: { code: "origin-refused" } });
  tab.surroundings!.woke();
  await tab.settle();
  expect(desk.line.hellos.length).toBe(1);
  expect(tab.news).toEqual([{ kind: "error", error: { code: "origin-refused", message: "This website is not allowed." } }]);
});

test("a decision is on its way, then decided; a second one is told that it came second", async () => {
  const tab = await new Tab(desk, site).start();
  await asked(tab);
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
    await asked(tab);
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

test("Stop is drawn at once and taken back when it could not be sent", async () => {
  const tab = await new Tab(desk, site).start();
  desk.say(tab.id, { type: "turn-started", turnId, messageId: "message-1" });
  await tab.settle();
  desk.refuse = (name) => (name === "turn-stop" ? { code: "unknown-turn", message: "There is no such answer." } : undefined);
  tab.thread.stop();
  expect(tab.thread.state.turns[0]!.stopping).toBe(true);
  await tab.settle();
  expect(tab.thread.state.turns[0]!.stopping).toBe(false);
});

test("older pages are put before what is there, and a card whose call lies on the page before is found", async () => {
  const first = await new Tab(desk, site).start();
  for (const text of ["one", "two", "three"]) first.thread.send(text);
  await first.settle();
  await asked(first);
  desk.pageLength = 1;
  const tab = await new Tab(desk, site).start();
  expect(card(tab).status).toBe("waiting");
  for (let page = 0; page < 10 && tab.thread.state.more; page++) {
    const loaded = tab.thread.loadOlder();
    await tab.settle();
    await loaded;
  }
  expect(tab.thread.state).toMatchObject({ more: false, firstSeq: 1 });
  expect(tab.texts()).toEqual(first.texts());
});

test("answers and cards count as unread while nobody reads, also for the next page view's badge", async () => {
  const tabShelf = memoryShelf();
  const tab = await new Tab(desk, site, tabShelf).start();
  tab.thread.reading = true;
  await asked(tab);
  expect(tab.thread.unread).toBe(0);
  tab.thread.reading = false;
  desk.say(
    tab.id,
    { type: "approval-decided", ...ids, decision: "rejected", scope: "once", by: customer },
    { type: "turn-ended", turnId, outcome: "done" },
  );
  await tab.settle();
  expect(tab.thread.unread).toBe(1);
  expect(site.read("frontdesk:https://desk.example:shop::unread")).toBe("1");
  const next = await new Tab(desk, site, tabShelf).start();
  expect(next.thread.unread).toBe(1);
  expect(next.news).toEqual([]);
  next.thread.reading = true;
  expect(next.thread.unread).toBe(0);
  expect(site.read("frontdesk:https://desk.example:shop::unread")).toBeUndefined();
  await tab.settle();
  expect(tab.thread.unread).toBe(0);
  expect(new Tab(desk, site, tabShelf).thread.wasOpen).toBe(true);
});

test("news are told once and live: what was written, asked, decided and answered", async () => {
  const tab = await new Tab(desk, site).start();
  await asked(tab);
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
  await asked(tab);
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
