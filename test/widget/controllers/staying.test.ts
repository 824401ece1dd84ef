import { beforeEach, expect, test } from "vitest";
import { memoryShelf } from "../../../widget/thread/shelf.ts";
import { ask, card, customer, ids, turnId } from "./asked-tab.ts";
import { Desk, Site, Tab } from "./tab.ts";

let desk: Desk;
let site: Site;

beforeEach(() => {
  desk = new Desk();
  site = new Site();
});

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

test("a page that was never connected waits, and after a while says that nothing is reached; what was written is kept", async () => {
  desk.line.reachable = false;
  const tab = await new Tab(desk, site).start();
  tab.thread.send("Hello");
  await tab.settle();
  expect(tab.thread.state.connection).toBe("connecting");
  await tab.pass(1_499);
  expect(tab.thread.state.connection).toBe("connecting");
  await tab.pass(1);
  expect(tab.thread.state.connection).toBe("unreached");
  tab.online = false;
  tab.surroundings!.offline();
  await tab.settle();
  expect(tab.thread.state.connection).toBe("offline");
  await tab.pass(60_000);
  tab.online = true;
  tab.surroundings!.online();
  await tab.settle();
  expect(tab.thread.state.connection).toBe("connecting");
  desk.line.reachable = true;
  await tab.settle();
  expect(tab.thread.state.connection).toBe("online");
  expect(tab.texts()).toEqual(["Hello: queued"]);
});

test("a page that was connected reconnects, however long that takes", async () => {
  const tab = await new Tab(desk, site).start();
  desk.line.reachable = false;
  desk.line.drop();
  await tab.pass(60_000);
  expect(tab.thread.state.connection).toBe("reconnecting");
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
  await ask(desk, first);
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
  await ask(desk, tab);
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
