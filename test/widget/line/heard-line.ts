import { isDeepStrictEqual } from "node:util";
import { expect, onTestFinished, vi } from "vitest";
import type { HelloFrame } from "../../../protocol/frames.ts";
import type { Line, LineListener } from "../../../widget/line/line.ts";
import { openSocketLine } from "../../../widget/line/socket-line.ts";
import { HELLO } from "../../live/line-harness.ts";
import { PATIENCE_MS } from "../../support/wait-for.ts";

/** A line, and all that it has told its owner. */
export interface HeardLine {
  readonly line: Line;
  readonly heard: string[];
}

/** Opens a line that is closed after the test. `change`: what the owner does besides listening. */
export function hearLine(
  server: string,
  change: (line: () => Line) => Partial<LineListener> = () => ({}),
  hello: () => HelloFrame = () => HELLO,
): HeardLine {
  const heard: string[] = [];
  const listener: LineListener = {
    welcome: () => heard.push("welcome"),
    events: ({ events }) => heard.push(`events ${events.length}`),
    text: ({ text }) => heard.push(`text ${text}`),
    more: ([stream, offset, text]) => heard.push(`more ${stream} ${offset} ${text}`),
    progress: ({ progress }) => heard.push(`progress ${progress}`),
    renew: () => heard.push("renew"),
    typing: ({ name }) => heard.push(`typing ${name}`),
    "page-call": ({ callId }) => heard.push(`page-call ${callId}`),
    lost: () => heard.push("lost"),
    refused: ({ code }) => heard.push(`refused ${code}`),
    ...change(() => line),
  };
  const line = openSocketLine({ server, assistant: "shop", hello, listener });
  onTestFinished(() => line.close());
  return { line, heard };
}

/** The clock of the line stands still, for this test, until the test moves it. */
export function stopClock(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  onTestFinished(() => void vi.useRealTimers());
}

/** Waits until `look` gives that. `expect.poll` would move a stopped clock while it waits. */
export async function becomes<T>(look: () => T, wanted: T): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!isDeepStrictEqual(look(), wanted) && performance.now() < end) await new Promise((resolve) => setImmediate(resolve));
  expect(look()).toEqual(wanted);
}

/** Lets whatever was begun reach its end in this process, and finds `look` unchanged. */
export async function nothingMore<T>(look: () => T): Promise<void> {
  const before = look();
  for (let round = 0; round < 100; round++) await new Promise((resolve) => setImmediate(resolve));
  expect(look()).toEqual(before);
}
