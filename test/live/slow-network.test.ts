import { describe, expect, it } from "vitest";
import type { EventsFrame } from "../../protocol/frames.ts";
import { ask, CONVERSATION, HELLO, openLine, welcomed } from "./line-harness.ts";

const started = (seq: number) => ({ type: "turn-started", seq, at: 1, turnId: "turn-0001", messageId: "message-one" }) as const;

describe("a network that does not keep up", () => {
  it("gets no text until it does, and every event", async () => {
    const line = await openLine();
    const slow = line.client();
    const { token } = await welcomed(slow);
    await ask(slow, "conversation-open", { conversationId: CONVERSATION });
    const quick = line.client({ hello: { ...HELLO, token } });
    await welcomed(quick);
    await ask(quick, "conversation-open", { conversationId: CONVERSATION });

    const connection = (slow.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }).ws._socket;
    let slowCharacters = 0;
    const seen: number[] = [];
    slow.on("text", ({ text }: { text: string }) => void (slowCharacters += text.length));
    slow.on("events", ({ events }: EventsFrame) => void seen.push(...events.map((event) => event.seq)));
    let quickCharacters = 0;
    quick.on("text", ({ text }: { text: string }) => void (quickCharacters += text.length));
    connection.pause();

    const piece = "x".repeat(250_000);
    const pieces = 120;
    for (let index = 0; index < pieces; index += 1) {
      line.room.text({ conversationId: CONVERSATION, turnId: "turn-0001", step: 0, stream: 1, offset: index * piece.length, text: piece });
      await expect.poll(() => quickCharacters, { interval: 1 }).toBe((index + 1) * piece.length);
    }
    line.room.events(CONVERSATION, [started(2), { type: "turn-ended", seq: 3, at: 1, turnId: "turn-0001", outcome: "done" }]);
    connection.resume();
    await expect.poll(() => seen).toEqual([2, 3]);
    expect(quickCharacters).toBe(pieces * piece.length);
    expect(slowCharacters).toBeLessThan(quickCharacters);

    slowCharacters = 0;
    line.room.text({ conversationId: CONVERSATION, turnId: "turn-0002", step: 0, stream: 2, offset: 0, text: "again" });
    await expect.poll(() => slowCharacters).toBe(5);
  });
});
