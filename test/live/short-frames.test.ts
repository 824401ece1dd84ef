/** Text on the wire: ids once for each step, then `more` frames for readers who know them. */
import { describe, expect, it } from "vitest";
import type { Socket } from "socket.io-client";
import type { MoreFrame, TextFrame } from "../../protocol/frames.ts";
import { Live } from "../../server/conversation/journal/live.ts";
import { ask, CONVERSATION, EMPTY, HELLO, type LineHarness, next, openLine, welcomed } from "./line-harness.ts";

const place = { conversationId: CONVERSATION, turnId: "turn-0001", step: 0 };
const OPEN = { conversationId: CONVERSATION };

/** All that a client hears of text, and of the events between, in order. */
function hear(socket: Socket): unknown[] {
  const heard: unknown[] = [];
  socket.on("text", (frame: TextFrame) => heard.push(frame));
  socket.on("more", (frame: MoreFrame) => heard.push(frame));
  socket.on("progress", ({ progress }: { progress: number }) => heard.push(`progress ${progress}`));
  socket.on("events", ({ events }: { events: { seq: number }[] }) => heard.push(`events ${events.map(({ seq }) => seq).join()}`));
  return heard;
}

async function listens(line: LineHarness, more: boolean, token?: string): Promise<{ socket: Socket; heard: unknown[]; token: string }> {
  const socket = line.client({ hello: { ...HELLO, ...(more ? { more } : {}), ...(token === undefined ? {} : { token }) } });
  const welcome = await welcomed(socket);
  const heard = hear(socket);
  await ask(socket, "conversation-open", OPEN);
  return { socket, heard, token: welcome.token };
}

describe("text of a step", () => {
  it("says its ids once to readers who know `more`, and with every piece to those who do not", async () => {
    const line = await openLine();
    const live = new Live(line.room);
    const one = await listens(line, true);
    const old = await listens(line, false, one.token);
    for (const [offset, text] of [
      [0, "On "],
      [3, "its "],
      [7, "way"],
    ] as const)
      live.text({ ...place, offset, text });
    live.text({ ...place, step: 1, offset: 0, text: "Done" });
    await expect.poll(() => [one.heard.length, old.heard.length]).toEqual([4, 4]);
    expect(one.heard).toEqual([
      { ...place, stream: 1, offset: 0, text: "On " },
      [1, 3, "its "],
      [1, 7, "way"],
      { ...place, step: 1, stream: 2, offset: 0, text: "Done" },
    ]);
    expect(old.heard).toEqual([
      { ...place, stream: 1, offset: 0, text: "On " },
      { ...place, stream: 1, offset: 3, text: "its " },
      { ...place, stream: 1, offset: 7, text: "way" },
      { ...place, step: 1, stream: 2, offset: 0, text: "Done" },
    ]);
  });

  it("is told to who joins late with the name that the next pieces have", async () => {
    const line = await openLine();
    const live = new Live(line.room);
    line.script({ open: async () => ({ ...EMPTY, ...live.snapshot(CONVERSATION) }) });
    live.text({ ...place, offset: 0, text: "On " });
    live.text({ ...place, offset: 3, text: "its " });
    const socket = line.client({ hello: { ...HELLO, more: true } });
    await welcomed(socket);
    const heard = hear(socket);
    expect(await ask(socket, "conversation-open", OPEN)).toMatchObject({
      running: { turnId: "turn-0001", step: 0, text: "On its ", stream: 1 },
    });
    live.text({ ...place, offset: 7, text: "way" });
    await expect.poll(() => heard).toEqual([[1, 7, "way"]]);
  });

  it("has another name when the step is said anew, and in every conversation", () => {
    const texts: TextFrame[] = [];
    const live = new Live({ events: () => {}, text: (frame) => void texts.push(frame), progress: () => {}, typing: () => {} });
    live.text({ ...place, offset: 0, text: "On its way" });
    live.text({ ...place, offset: 0, text: "It " });
    live.text({ ...place, conversationId: "conversation-two", offset: 0, text: "Hi" });
    live.text({ ...place, offset: 3, text: "left" });
    expect(texts.map(({ stream }) => stream)).toEqual([1, 2, 3, 2]);
    expect(live.snapshot(CONVERSATION).running).toEqual({ turnId: "turn-0001", step: 0, text: "It left", stream: 2 });
  });

  it("keeps its place among events and progress", async () => {
    const line = await openLine();
    const live = new Live(line.room);
    const { heard } = await listens(line, true);
    live.text({ ...place, offset: 0, text: "a" });
    live.progress({ conversationId: CONVERSATION, callId: "call-0001", progress: 1 });
    live.text({ ...place, offset: 1, text: "b" });
    live.events(CONVERSATION, [{ type: "turn-started", seq: 2, at: 1, turnId: "turn-0001", messageId: "message-one" }]);
    live.text({ ...place, offset: 2, text: "c" });
    live.events(CONVERSATION, [{ type: "turn-ended", seq: 3, at: 1, turnId: "turn-0001", outcome: "done" }]);
    await expect
      .poll(() => heard)
      .toEqual([{ ...place, stream: 1, offset: 0, text: "a" }, "progress 1", [1, 1, "b"], "events 2", [1, 2, "c"], "events 3"]);
  });

  it.each(["websocket", "polling"] as const)("arrives whole whatever its length and script, over %s", async (transport) => {
    const line = await openLine();
    const socket = line.client({ transport, hello: { ...HELLO, more: true } });
    await welcomed(socket);
    await ask(socket, "conversation-open", OPEN);
    const frame = '42["more",[1,1,""]]'.length;
    const lengths = [0, 1, 124, 125, 126, 127, 65_534, 65_535, 65_536, 65_537, 200_000].flatMap((bytes) => [
      bytes,
      Math.max(0, bytes - frame),
    ]);
    for (const length of lengths)
      for (const letter of ["a", "é", "\n", "🙂"]) {
        const text = letter.repeat(length / Buffer.byteLength(letter));
        const came = next<MoreFrame>(socket, "more");
        line.room.text({ ...place, stream: 1, offset: 1, text });
        expect((await came)[2] === text, `${length} bytes of ${letter}`).toBe(true);
      }
  });

  it("has at most 60 bytes of a wire for a token of eleven characters", async () => {
    const line = await openLine();
    const { socket } = await listens(line, true);
    let bytes = 0;
    (socket.io.engine.transport as unknown as { ws: { _socket: NodeJS.EventEmitter } }).ws._socket.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
    });
    const heard = hear(socket);
    line.room.text({ ...place, stream: 1_000_000, offset: 100_000, text: "eleven char" });
    await expect.poll(() => heard.length).toBe(1);
    expect(bytes).toBeGreaterThan(11);
    expect(bytes).toBeLessThanOrEqual(60);
  });
});

it("a hello whose `more` is no yes or no is refused", async () => {
  const line = await openLine();
  const socket = line.client({ hello: { ...HELLO, more: "please" } });
  expect(await next<Error>(socket, "connect_error")).toMatchObject({ data: { code: "bad-request" } });
});
