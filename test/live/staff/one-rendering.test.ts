import { expect, it } from "vitest";
import type { JournalEvent } from "../../../protocol/events.ts";
import type { StaffEventsFrame } from "../../../protocol/staff-frames.ts";
import { ask, CONVERSATION, hear, note, openStage, welcomed } from "./staff-stage.ts";

const WATCHERS = 200;

/** An event that counts how often it is viewed, and how often it is written out. */
function countingEvent() {
  const count = { views: 0, renderings: 0 };
  const text = {
    toJSON(): string {
      count.renderings += 1;
      return "Hi!";
    },
  };
  const event = {
    type: "step-ended",
    seq: 2,
    at: 1,
    turnId: "turn-0001",
    step: 0,
    text,
    get thoughts(): undefined {
      count.views += 1;
      return undefined;
    },
  };
  return { event: event as unknown as JournalEvent, count };
}

it("200 staff who watch one conversation cost one view and one rendering of each event", async () => {
  const stage = await openStage({ configuration: { limits: { connectionsPerAddress: 1_000, connectionsPerMinutePerAddress: 10_000 } } });
  await stage.write([note(0)]);
  const { key } = await stage.apiKey("Watcher", ["support"], ["conversations.read"]);
  const heard = await Promise.all(
    Array.from({ length: WATCHERS }, async () => {
      const socket = stage.socket({ key });
      await welcomed(socket);
      return { socket, events: hear<StaffEventsFrame>(socket, "events") };
    }),
  );
  // One after the other, as a network's large answers come.
  for (const { socket } of heard) {
    const opened = await ask(socket, "conversation-open", { conversationId: CONVERSATION });
    if (!opened.ok) await expect.poll(() => ask(socket, "conversation-open", { conversationId: CONVERSATION })).toMatchObject({ ok: true });
  }
  const { event, count } = countingEvent();
  stage.room.events(CONVERSATION, [event]);
  await expect.poll(() => heard.every(({ events }) => events.length === 1)).toBe(true);
  expect(count).toEqual({ views: 1, renderings: 1 });
  expect(heard[WATCHERS - 1]?.events[0]?.events[0]).toMatchObject({ seq: 2, text: "Hi!" });
});
