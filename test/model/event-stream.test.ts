import { describe, expect, test } from "vitest";
import { EventStreamReader } from "../../server/model/transport/event-stream.ts";

const EVENTS = ["one", "two\nlines, the second: ä🎉", "", "three"];
const TEXT =
  "data: one\n\n: a comment\nevent: x\ndata: two\ndata:lines, the second: ä🎉\n\ndata\n\nnonsense\ndatabase: no\n\ndata: three\n\n";

describe.each(["\n", "\r\n", "\r"])("events with line ends %j", (end) => {
  const bytes = Buffer.from(TEXT.replaceAll("\n", end));

  test("are the same wherever the bytes are cut once", () => {
    for (let at = 0; at <= bytes.length; at++) {
      const reader = new EventStreamReader();
      const read = [...reader.push(bytes.subarray(0, at)), ...reader.push(bytes.subarray(at)), ...reader.end()];
      expect(read, `cut at ${at}`).toEqual(EVENTS);
    }
  });

  test("are the same byte by byte, each as soon as it is whole", () => {
    const reader = new EventStreamReader();
    const read = Array.from(bytes, (byte) => reader.push(Uint8Array.of(byte))).flat();
    expect(read).toEqual(EVENTS);
  });
});

test("an event without end is refused before it fills the memory", () => {
  const reader = new EventStreamReader();
  const piece = Buffer.alloc(1024 * 1024, "x");
  expect(() => {
    for (let count = 0; count < 20; count++) reader.push(piece);
  }).toThrow(RangeError);
});
