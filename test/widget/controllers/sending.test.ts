import { beforeEach, expect, test } from "vitest";
import { memoryShelf } from "../../../widget/thread/shelf.ts";
import { Desk, Site, Tab } from "./tab.ts";

let desk: Desk;
let site: Site;

beforeEach(() => {
  desk = new Desk();
  site = new Site();
});

test("no line is opened before the thread is started", async () => {
  const tab = new Tab(desk, site);
  await tab.settle();
  expect(tab.lines).toBe(0);
  expect(tab.thread.state.connection).toBe("connecting");
  await tab.start();
  expect(tab.lines).toBe(1);
  expect(tab.thread.state).toMatchObject({ connection: "online", opened: true, assistant: { name: "Shop" } });
});

test("a message is drawn at once, then waits for its turn, then stands in it", async () => {
  const tab = new Tab(desk, site);
  const messageId = tab.thread.send("  Where is order 1042?  ");
  expect(tab.texts()).toEqual(["Where is order 1042?: sending"]);
  await tab.settle();
  expect(tab.texts()).toEqual(["Where is order 1042?: queued"]);
  desk.say(tab.id, { type: "turn-started", turnId: "turn-0001", messageId: messageId! });
  await tab.settle();
  expect(tab.texts()).toEqual(["Where is order 1042?: stored"]);
  expect(tab.thread.state.queued).toEqual([]);
  expect(tab.thread.send("   ")).toBeUndefined();
});

test("an acknowledged message stays drawn until its event comes", async () => {
  const tab = await new Tab(desk, site).start();
  desk.line.answer = () => ({ ok: true, seq: 1 });
  tab.thread.send("Hello");
  await tab.settle();
  expect(tab.texts()).toEqual(["Hello: sending"]);
});

test("messages written without a line are sent in order, each once", async () => {
  const tab = await new Tab(desk, site).start();
  desk.line.reachable = false;
  desk.line.drop();
  await tab.settle();
  expect(tab.thread.state.connection).toBe("reconnecting");
  for (const text of ["one", "two", "three"]) tab.thread.send(text);
  await tab.settle();
  expect(desk.sent("message-send")).toEqual([]);
  desk.line.reachable = true;
  await tab.settle();
  expect(desk.journal(tab.id).map((event) => event.type === "message-received" && event.text)).toEqual(["one", "two", "three"]);
  expect(tab.texts()).toEqual(["one: queued", "two: queued", "three: queued"]);
});

test("when the acknowledgement is lost, the same id goes out again and the journal has it once", async () => {
  const tab = await new Tab(desk, site).start();
  tab.thread.send("Hello");
  const answer = desk.line.answer;
  desk.line.answer = (name, frame) => {
    const reply = answer(name, frame);
    return name === "message-send" ? undefined : reply;
  };
  await tab.settle();
  desk.line.answer = answer;
  desk.line.drop();
  await tab.settle();
  const sent = desk.sent("message-send");
  expect(sent.length).toBe(2);
  expect(sent[0]).toEqual(sent[1]);
  expect(desk.journal(tab.id).length).toBe(1);
  expect(tab.texts()).toEqual(["Hello: queued"]);
});

test("what a page could not send is sent by the next page view, by itself", async () => {
  const shelf = memoryShelf();
  const before = await new Tab(desk, site, shelf).start();
  desk.line.reachable = false;
  desk.line.drop();
  before.thread.send("Hello");
  before.disconnect();
  await before.pass(5_000);
  desk.line.reachable = true;
  const after = new Tab(desk, site, shelf);
  expect(after.texts()).toEqual(["Hello: sending"]);
  await after.settle();
  expect(after.texts()).toEqual(["Hello: queued"]);
  expect(after.id).toBe(before.id);
});

test("a limit is waited for, and the message says so meanwhile", async () => {
  const tab = await new Tab(desk, site).start();
  desk.refuse = (name) =>
    name === "message-send" ? { code: "rate-limited", message: "Too many messages.", retryAfterMs: 4_000 } : undefined;
  tab.thread.send("one");
  tab.thread.send("two");
  await tab.settle();
  expect(tab.texts()).toEqual(["one: sending", "two: sending"]);
  expect(tab.thread.state.queued[0]!.error?.code).toBe("rate-limited");
  expect(desk.sent("message-send").length).toBe(1);
  desk.refuse = () => undefined;
  tab.thread.send("three");
  desk.line.drop();
  await tab.pass(3_999);
  expect(desk.sent("message-send").length).toBe(1);
  await tab.pass(1);
  expect(tab.texts()).toEqual(["one: queued", "two: queued", "three: queued"]);
  expect(tab.thread.state.queued.some((message) => message.error)).toBe(false);
});

test("a refusal for good is shown with the message, which can be sent again or taken away; others go on", async () => {
  const shelf = memoryShelf();
  const tab = await new Tab(desk, site, shelf).start();
  desk.refuse = (_, frame) => (frame["text"] === "long" ? { code: "too-long", message: "The message is too long." } : undefined);
  const long = tab.thread.send("long");
  const other = tab.thread.send("long");
  tab.thread.send("short");
  await tab.settle();
  expect(tab.texts()).toEqual(["short: queued", "long: failed", "long: failed"]);
  expect(tab.news.filter((news) => news.kind === "error").length).toBe(2);
  expect(new Tab(desk, site, shelf).texts()).toEqual(["long: failed", "long: failed"]);
  tab.thread.removeMessage(other!);
  desk.refuse = () => undefined;
  tab.thread.retryMessage(long!);
  await tab.settle();
  expect(tab.texts()).toEqual(["short: queued", "long: queued"]);
});

test("a conversation that the server does not let this customer into gives way to a new one, with what was not sent", async () => {
  const tab = await new Tab(desk, site).start();
  const old = tab.id;
  tab.thread.send("first");
  await tab.settle();
  desk.line.drop();
  desk.refuse = (_, frame) =>
    frame["conversationId"] === old ? { code: "unknown-conversation", message: "There is no such conversation." } : undefined;
  tab.thread.send("second");
  await tab.settle();
  expect(tab.id).not.toBe(old);
  expect(tab.texts()).toEqual(["second: queued"]);
});

test("a message that a view wrote says so to the server, also from the page that comes after", async () => {
  const shelf = memoryShelf();
  const before = await new Tab(desk, site, shelf).start();
  desk.line.reachable = false;
  desk.line.drop();
  before.thread.send("Book it", { view: "call-1" });
  before.disconnect();
  await before.pass(5_000);
  desk.line.reachable = true;
  await new Tab(desk, site, shelf).settle();
  expect(desk.sent("message-send")).toMatchObject([{ text: "Book it", view: "call-1" }]);
});
