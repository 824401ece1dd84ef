import { beforeEach, expect, test } from "vitest";
import { memoryShelf } from "../../../widget/thread/shelf.ts";
import { Desk, Site, Tab } from "./tab.ts";

let desk: Desk;
let site: Site;

beforeEach(() => {
  desk = new Desk();
  site = new Site();
});

test("two tabs of a first visit become one customer", async () => {
  const [one, two] = [new Tab(desk, site), new Tab(desk, site)];
  one.thread.start();
  two.thread.start();
  await one.settle();
  await two.settle();
  await one.settle();
  expect(desk.line.hellos.map((hello) => hello.token)).toEqual([undefined, undefined, "token-1"]);
});

test("an empty tab goes along when another begins to write, and both draw the same", async () => {
  const one = await new Tab(desk, site).start();
  const two = await new Tab(desk, site).start();
  one.thread.send("Hello");
  await one.settle();
  await two.settle();
  expect(two.id).toBe(one.id);
  expect(two.texts()).toEqual(["Hello: queued"]);
  expect(desk.sent("message-send").length).toBe(1);
});

test("New conversation changes one tab only, through a reload too; new tabs take what was written in last", async () => {
  const shelf = memoryShelf();
  const one = await new Tab(desk, site, shelf).start();
  one.thread.send("old");
  await one.settle();
  const two = await new Tab(desk, site).start();
  expect(two.texts()).toEqual(["old: queued"]);
  const old = one.id;
  one.thread.newConversation();
  await one.settle();
  expect(one.texts()).toEqual([]);
  expect(new Tab(desk, site, shelf).id).toBe(one.id);
  expect(new Tab(desk, site).id).toBe(old);
  one.thread.send("new");
  await one.settle();
  await two.settle();
  expect(two.id).toBe(old);
  expect(new Tab(desk, site).id).toBe(one.id);
});

test("what was not sent yet still goes to the conversation that it was written in", async () => {
  const tab = await new Tab(desk, site).start();
  const old = tab.id;
  desk.line.reachable = false;
  desk.line.drop();
  tab.thread.send("old");
  tab.thread.newConversation();
  tab.thread.send("new");
  desk.line.reachable = true;
  await tab.settle();
  expect(tab.texts()).toEqual(["new: queued"]);
  expect(desk.sent("message-send").map((frame) => [frame["conversationId"], frame["text"]])).toEqual([
    [old, "old"],
    [tab.id, "new"],
  ]);
});

test("a message that a closed tab left behind is sent by another after a while, in between it is only drawn", async () => {
  const one = await new Tab(desk, site).start();
  one.thread.send("Hello");
  await one.settle();
  const two = await new Tab(desk, site).start();
  desk.line.answer = (
    (answer) => (name, frame) =>
      name === "message-send" && frame["text"] === "left" && two.now < 15_000 ? undefined : answer(name, frame)
  )(desk.line.answer);
  one.thread.send("left");
  await two.settle();
  expect(two.texts()).toEqual(["Hello: queued", "left: sending"]);
  expect(desk.sent("message-send").length).toBe(2);
  await two.pass(10_001);
  expect(two.texts()).toEqual(["Hello: queued", "left: queued"]);
});

test("several elements on one page stay separate, with one customer", async () => {
  const shop = await new Tab(desk, site).start();
  const help = await new Tab(desk, site, memoryShelf(), { name: "help" }).start();
  shop.thread.send("for the shop");
  help.thread.send("for the help");
  await shop.settle();
  await help.settle();
  expect(shop.texts()).toEqual(["for the shop: queued"]);
  expect(help.texts()).toEqual(["for the help: queued"]);
  expect(desk.line.hellos.map((hello) => hello.token)).toEqual([undefined, "token-1"]);
});

test("another place is another thread", async () => {
  const tab = await new Tab(desk, site).start();
  tab.thread.send("here");
  await tab.settle();
  tab.name = "elsewhere";
  tab.thread.start();
  await tab.settle();
  expect(tab.texts()).toEqual([]);
});
