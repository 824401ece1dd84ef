import { beforeEach, expect, test } from "vitest";
import type { EventDraft } from "../../../protocol/events.ts";
import { customer } from "./asked-tab.ts";
import { Desk, Site, Tab } from "./tab.ts";

const sue = { kind: "staff", id: "staff", name: "Sue" } as const;
const hello: EventDraft = { type: "message-received", messageId: "message-0001", text: "Hello", by: customer };
const joined: EventDraft = { type: "person-joined", by: sue };
const reply: EventDraft = { type: "reply-sent", messageId: "reply-0001", text: "I am looking.", by: sue };

let desk: Desk;
let tab: Tab;

beforeEach(async () => {
  desk = new Desk();
  tab = await new Tab(desk, new Site()).start();
  desk.say(tab.id, hello);
  await tab.settle();
});

async function says(...drafts: readonly EventDraft[]): Promise<void> {
  desk.say(tab.id, ...drafts);
  await tab.settle();
}

async function writes(conversationId = tab.id): Promise<void> {
  desk.line.send("typing", { conversationId, name: "Sue" });
  await tab.settle();
}

test("a person who writes is in the state, until they stop", async () => {
  await says(joined);
  await writes();
  expect(tab.thread.state).toMatchObject({ person: sue, typing: { name: "Sue" } });
  await tab.pass(4_000);
  await writes();
  await tab.pass(4_000);
  expect(tab.thread.state.typing).toMatchObject({ name: "Sue" });
  await tab.pass(2_000);
  expect(tab.thread.state.typing).toBeUndefined();
  expect(tab.thread.state.person).toEqual(sue);
});

test("the reply itself ends it, and so does the end of the person's time", async () => {
  await says(joined);
  await writes();
  await says(reply);
  expect(tab.thread.state.typing).toBeUndefined();
  await writes();
  await says({ type: "handed-back", by: sue });
  expect(tab.thread.state.typing).toBeUndefined();
  expect(tab.thread.state.person).toBeUndefined();
});

test("what a person writes in a conversation that this tab has left is not shown", async () => {
  await writes("conversation-left");
  expect(tab.thread.state.typing).toBeUndefined();
});

test("the customer's typing is told every three seconds at most, and only while a person answers", async () => {
  const told = () => desk.sent("typing").length;
  tab.thread.draft = "W";
  await tab.settle();
  expect(told()).toBe(0);
  await says(joined);
  for (const draft of ["Wh", "Whe", "Wher"]) tab.thread.draft = draft;
  await tab.settle();
  expect(desk.sent("typing")).toEqual([{ conversationId: tab.id }]);
  await tab.pass(3_000);
  tab.thread.draft = "Where";
  await tab.settle();
  expect(told()).toBe(2);
  await says({ type: "conversation-closed", by: sue });
  await tab.pass(3_000);
  tab.thread.draft = "Where?";
  await tab.settle();
  expect(told()).toBe(2);
});

test("a server that does not know typing harms nothing", async () => {
  await says(joined);
  const before = [...tab.news];
  desk.refuse = (name) => (name === "typing" ? { code: "bad-request", message: "There is no request with this name." } : undefined);
  tab.thread.draft = "W";
  await tab.settle();
  expect(desk.sent("typing")).toHaveLength(1);
  expect(tab.news).toEqual(before);
});
