import { expect, test } from "vitest";
import type { VisibleEvent } from "../../../protocol/events.ts";
import { emptyThread, reduce } from "../../../widget/thread/reduce.ts";
import type { ThreadState } from "../../../widget/thread/state.ts";
import { newsAfter, countUnread } from "../../../widget/controllers/thread-news.ts";

const me = { kind: "customer", id: "c" } as const;
const mira = { kind: "staff", id: "staff", name: "Mira" } as const;
const message = (seq: number) =>
  ({ type: "message-received", seq, at: seq, messageId: `message-${seq}`, text: `Text ${seq}`, by: me }) as const;
const joined = (seq: number) => ({ type: "person-joined", seq, at: seq, by: mira }) as const;
const reply = (seq: number) => ({ type: "reply-sent", seq, at: seq, messageId: `reply-${seq}`, text: `Reply ${seq}`, by: mira }) as const;
const back = (seq: number) => ({ type: "handed-back", seq, at: seq, by: mira }) as const;

const read = (...events: VisibleEvent[]): ThreadState =>
  reduce({ type: "events", frame: { conversationId: "conversation-one", events } }, emptyThread("conversation-one"));

/** What is drawn, in order. */
const drawn = ({ turns, queued }: ThreadState) => [
  ...turns.map((turn) => turn.person?.type ?? (turn.message ? `message ${turn.message.status}` : "turn")),
  ...queued.map(({ status }) => `queued ${status}`),
];

test("messages to a person are theirs, in their place, and wait for nobody", () => {
  const state = read(message(1), joined(2), message(3), reply(4), message(5));
  expect(drawn(state)).toEqual(["message stored", "person-joined", "message stored", "reply-sent", "message stored"]);
  expect(state.person).toMatchObject({ name: "Mira" });
  expect(state.turns[3]?.parts).toEqual([{ kind: "text", step: 0, text: "Reply 4", open: false }]);
});

test("after a hand-back messages wait for the assistant again", () => {
  const state = read(message(1), joined(2), reply(3), back(4), message(5));
  expect(drawn(state)).toEqual(["message stored", "person-joined", "reply-sent", "handed-back", "queued queued"]);
  expect(state.person).toBeUndefined();
});

test("a message that is answered at the hand-back is drawn once", () => {
  const started = { type: "turn-started", seq: 4, at: 4, turnId: "turn-one", messageId: "message-2" } as const;
  const state = read(joined(1), message(2), back(3), started);
  expect(drawn(state)).toEqual(["person-joined", "message stored", "handed-back", "turn"]);
});

test("a page that begins in the middle of a person's stretch reads the same", () => {
  expect(drawn(read(reply(1), message(2)))).toEqual(["reply-sent", "message stored"]);
});

test("who has left an address is not asked for one again", () => {
  const asked = { type: "person-asked", seq: 1, at: 1, by: me, open: false } as const;
  const left = { type: "contact-left", seq: 2, at: 2, by: me, contactId: "contact-1", email: "a@b.example" } as const;
  expect(read(asked).turns[0]).not.toHaveProperty("contactLeft");
  expect(read(asked, left).turns[0]).toHaveProperty("contactLeft", true);
});

test("a reply is news and counts as unread; who comes and goes is news alone", () => {
  const state = read(joined(1), reply(2), back(3));
  expect(newsAfter(0, state).map((news) => news.kind === "person" && news.event.type)).toEqual([
    "person-joined",
    "reply-sent",
    "handed-back",
  ]);
  expect(countUnread(0, state)).toBe(1);
});
