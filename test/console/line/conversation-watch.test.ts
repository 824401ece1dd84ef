import { expect, test } from "vitest";
import type { Reply } from "../../../protocol/frames.ts";
import type { StaffConversation, StaffEvent } from "../../../protocol/staff-frames.ts";
import { ConversationWatch } from "../../../console/line/conversation-watch.ts";
import { note } from "../../live/staff/staff-stage.ts";

const CONVERSATION = "conversation-one";
const events = (from: number, to: number): readonly StaffEvent[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ ...note(from + index), seq: from + index, at: 1 }) as StaffEvent);
const opened = (from: number, to: number, change: Partial<StaffConversation> = {}): Reply<StaffConversation> => ({
  ok: true,
  events: events(from, to),
  more: false,
  lastSeq: to,
  reset: false,
  progress: [],
  assistant: "shop",
  customer: "customer-one",
  people: [],
  ...change,
});

/** A watch whose server answers when the test says so. */
function scene() {
  const heard: string[] = [];
  const asked: { readonly name: string; readonly frame: object; readonly answer: (reply: object | Error) => void }[] = [];
  let silentMs = 0;
  const watch = new ConversationWatch(
    CONVERSATION,
    {
      opened: ({ events: read }, after) => heard.push(`opened ${read.map(({ seq }) => seq).join()} after ${after}`),
      events: (told) => heard.push(`events ${told.map(({ seq }) => seq).join()}`),
      lost: () => heard.push("lost"),
      refused: ({ code }) => heard.push(`refused ${code}`),
    },
    {
      request: (name, frame) =>
        new Promise((resolve, reject) => {
          const answer = (reply: object | Error): void => (reply instanceof Error ? reject(reply) : resolve(reply as never));
          asked.push({ name, frame, answer });
        }),
      silentMs: () => silentMs,
      reconnect: () => heard.push("reconnect"),
      closed: () => heard.push("closed"),
    },
  );
  const tell = (from: number, to: number): void => watch.events({ conversationId: CONVERSATION, events: events(from, to) });
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    watch,
    heard,
    asked,
    tell,
    sleep: (ms: number) => void (silentMs = ms),
    async answer(reply: object | Error): Promise<void> {
      asked.at(-1)?.answer(reply);
      await settled();
    },
  };
}

test("what comes while the conversation is read comes after it, once", async () => {
  const { watch, heard, tell, answer } = scene();
  watch.open();
  tell(3, 4);
  await answer(opened(1, 3));
  tell(4, 4);
  tell(5, 6);
  expect(heard).toEqual(["opened 1,2,3 after undefined", "events 4", "events 5,6"]);
});

test("after a break it is read on by number", async () => {
  const { watch, heard, asked, answer } = scene();
  watch.open();
  await answer(opened(1, 3));
  watch.lost();
  watch.open();
  expect(asked.at(-1)).toMatchObject({ name: "conversation-open", frame: { conversationId: CONVERSATION, after: 3 } });
  await answer(opened(4, 6));
  watch.lost();
  watch.open();
  await answer(opened(100, 200, { reset: true }));
  expect(heard).toEqual([
    "opened 1,2,3 after undefined",
    "lost",
    "opened 4,5,6 after 3",
    "lost",
    expect.stringMatching(/^opened 100.* after undefined$/),
  ]);
});

test("a gap in what is told is read, and nothing is told before it", async () => {
  const { watch, heard, asked, tell, answer } = scene();
  watch.open();
  await answer(opened(1, 3));
  tell(6, 6);
  expect(asked.at(-1)).toMatchObject({ frame: { after: 3 } });
  tell(7, 7);
  await answer(opened(4, 6));
  expect(heard).toEqual(["opened 1,2,3 after undefined", "opened 4,5,6 after 3", "events 7"]);
});

test("nothing ought to be sent before a page that slept has caught up", async () => {
  const { watch, heard, answer, sleep } = scene();
  watch.open();
  await answer(opened(1, 3));
  await watch.caughtUp();
  sleep(3_600_000);
  let isCaughtUp = false;
  const caughtUp = watch.caughtUp().then(() => (isCaughtUp = true));
  await answer(opened(1, 3));
  expect([isCaughtUp, heard.at(-1)]).toEqual([false, "reconnect"]);
  watch.lost();
  watch.open();
  await answer(opened(4, 4));
  await caughtUp;
  expect(heard).toEqual(["opened 1,2,3 after undefined", "reconnect", "lost", "opened 4 after 3"]);
});

test("who is here is said again after a break; typing, every three seconds at most", async () => {
  const { watch, asked, answer } = scene();
  watch.presence("looking");
  watch.typing("reply");
  expect(asked).toEqual([]);
  watch.open();
  await answer(opened(1, 1));
  expect(asked.at(-1)).toMatchObject({ name: "presence", frame: { doing: "looking" } });
  for (let key = 0; key < 5; key += 1) watch.typing("reply");
  expect(asked.filter(({ name }) => name === "typing")).toHaveLength(1);
});

test("a line that is lost while it is asked, and a reply that another question overtook, count for nothing", async () => {
  const { watch, heard, asked, answer } = scene();
  watch.open();
  await answer(new Error("lost"));
  watch.open();
  watch.lost();
  watch.open();
  asked[1]?.answer(opened(1, 1));
  await answer(opened(1, 2));
  expect(heard).toEqual(["opened 1,2 after undefined"]);
});

test("a conversation that is not there is refused once", async () => {
  const { watch, heard, asked, answer } = scene();
  watch.open();
  await answer({ ok: false, error: { code: "unknown-conversation", message: "" } });
  expect([heard, asked.length]).toEqual([["refused unknown-conversation"], 1]);
});
