import { describe, expect, it } from "vitest";
import type { JournalEvent } from "../../protocol/events.ts";
import { createRoom, type Listener } from "../../server/live/room.ts";

const CONVERSATION = "conversation-one";
const TEXT = { conversationId: CONVERSATION, turnId: "turn-0001", step: 0, stream: 1, offset: 0, text: "Hi" };
const PROGRESS = { conversationId: CONVERSATION, callId: "call-0001", progress: 1 };
const started = (seq: number): JournalEvent => ({ type: "turn-started", seq, at: 1, turnId: "turn-0001", messageId: "message-one" });

function scene(...kinds: readonly Partial<Listener<string>>[]) {
  const heard: string[] = [];
  const logged: string[] = [];
  const write = (fields: object, message: string): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const listeners = kinds.map((kind, index): Listener<string> => {
    const name = `kind ${index}`;
    return {
      name,
      hears: () => true,
      view: ({ seq }) => (heard.push(`${name} sees ${seq}`), `${seq} as ${name}`),
      events: (_conversationId, events) => void heard.push(`${name}: ${events.join(", ")}`),
      text: (frame) => void heard.push(`${name}: ${frame.text}`),
      progress: (frame) => void heard.push(`${name}: ${frame.progress}`),
      typing: ({ by }) => void heard.push(`${name}: ${by.id} types`),
      ...kind,
    };
  });
  return { room: createRoom(listeners, { info: write, warn: write, error: write }), heard, logged };
}

describe("a room", () => {
  it("shows each kind of listener every event in its own view, made once", () => {
    const { room, heard } = scene({}, {});
    room.events(CONVERSATION, [started(2), started(3)]);
    expect(heard).toEqual([
      "kind 0 sees 2",
      "kind 0 sees 3",
      "kind 0: 2 as kind 0, 3 as kind 0",
      "kind 1 sees 2",
      "kind 1 sees 3",
      "kind 1: 2 as kind 1, 3 as kind 1",
    ]);
  });

  it("makes no view while nobody of a kind listens", () => {
    const { room, heard } = scene({ hears: () => false }, { hears: (conversationId) => conversationId === CONVERSATION });
    room.events(CONVERSATION, [started(2)]);
    room.events("conversation-two", [started(2)]);
    expect(heard).toEqual(["kind 1 sees 2", "kind 1: 2 as kind 1"]);
  });

  it("gives text and progress to everyone", () => {
    const { room, heard } = scene({}, {});
    room.text(TEXT);
    room.progress(PROGRESS);
    expect(heard).toEqual(["kind 0: Hi", "kind 1: Hi", "kind 0: 1", "kind 1: 1"]);
  });

  it.each(["hears", "view", "events", "text", "progress"] as const)("goes on when one kind fails at %s, and logs which", (method) => {
    const fails = (): never => {
      throw new Error("out of paper");
    };
    const { room, heard, logged } = scene({ [method]: fails }, {});
    room.events(CONVERSATION, [started(2)]);
    room.text(TEXT);
    room.progress(PROGRESS);
    expect(heard).toEqual(expect.arrayContaining(["kind 1: 2 as kind 1", "kind 1: Hi", "kind 1: 1"]));
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain(CONVERSATION);
    expect(logged[0]).toContain("kind 0");
  });
});
