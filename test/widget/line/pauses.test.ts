import { beforeEach, expect, test, vi } from "vitest";
import { welcomeFrame } from "../../support/memory-line.ts";
import { hearLine, stopClock } from "./heard-line.ts";
import { ScriptedEngine } from "./scripted-engine.ts";

vi.mock("engine.io-client", async (original) => ({
  ...(await original<object>()),
  Socket: (await import("./scripted-engine.ts")).ScriptedEngine,
}));

const { tries } = ScriptedEngine;
const welcome = `2${JSON.stringify(["welcome", welcomeFrame()])}`;

beforeEach(() => {
  stopClock();
  tries.length = 0;
});

/** Fails the newest try, and gives how long the line then waits. */
function pauseAfterFailure(): number {
  const before = tries.length;
  tries.at(-1)!.say("close", "transport error", new Error("websocket error"));
  let waited = 0;
  for (; tries.length === before && waited < 60_000; waited++) vi.advanceTimersByTime(1);
  return waited;
}

test.for([
  [0, [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]],
  [0.5, [375, 750, 1_500, 3_000, 6_000, 7_500, 7_500]],
  [1, [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]],
] as const)("pauses grow to ten seconds, and chance (%d) takes up to a half off each", ([chance, pauses]) => {
  vi.spyOn(Math, "random").mockReturnValue(chance);
  const { heard } = hearLine("http://desk.example");
  expect(pauses.map(() => pauseAfterFailure())).toEqual(pauses);
  vi.mocked(Math.random).mockRestore();
  expect(heard).toEqual(pauses.map(() => "lost"));
});

test("after a welcome, and after a reconnect that was asked for, they begin anew; a session alone is no welcome", () => {
  vi.spyOn(Math, "random").mockReturnValue(1);
  const { line } = hearLine("http://desk.example");
  expect([pauseAfterFailure(), pauseAfterFailure()]).toEqual([500, 1_000]);
  tries.at(-1)!.say("open");
  expect(pauseAfterFailure()).toBe(2_000);
  tries.at(-1)!.say("open");
  tries.at(-1)!.say("data", welcome);
  expect([pauseAfterFailure(), pauseAfterFailure()]).toEqual([500, 1_000]);
  line.reconnect();
  expect([pauseAfterFailure(), pauseAfterFailure()]).toEqual([500, 1_000]);
  vi.mocked(Math.random).mockRestore();
});

test("a try ends after ten seconds without a session; a session may take its time", () => {
  const { heard } = hearLine("http://desk.example");
  vi.advanceTimersByTime(9_999);
  expect([tries[0]!.isClosed, heard]).toEqual([false, []]);
  vi.advanceTimersByTime(1);
  expect([tries[0]!.isClosed, heard]).toEqual([true, ["lost"]]);
  vi.advanceTimersByTime(500);
  tries[1]!.say("open");
  vi.advanceTimersByTime(60_000);
  expect([tries[1]!.isClosed, heard]).toEqual([false, ["lost"]]);
});

test("a reconnect does not wait for the pause, and ends it", () => {
  const { line, heard } = hearLine("http://desk.example");
  tries[0]!.say("close", "transport error");
  line.reconnect();
  expect(tries).toHaveLength(2);
  tries[1]!.say("open");
  vi.advanceTimersByTime(60_000);
  expect(tries).toHaveLength(2);
  expect(heard).toEqual(["lost"]);
});

test("what an earlier try still says does not count", () => {
  const { line, heard } = hearLine("http://desk.example");
  line.reconnect();
  const [first, second] = tries;
  expect(first!.isClosed).toBe(true);
  first!.say("open");
  first!.say("data", welcome);
  first!.say("close", "forced close");
  expect([first!.written, heard, second!.isClosed]).toEqual([[], [], false]);
});

test("closed while it pauses, a line does not try again", () => {
  const { line, heard } = hearLine("http://desk.example");
  tries[0]!.say("close", "transport error");
  line.close();
  line.reconnect();
  vi.advanceTimersByTime(60_000);
  expect(tries).toHaveLength(1);
  expect(heard).toEqual(["lost"]);
  expect(vi.getTimerCount()).toBe(0);
});

test.for([
  ["https://desk.example.com", "desk.example.com", "", true],
  ["https://desk.example.com:8443/", "desk.example.com", "8443", true],
  ["http://127.0.0.1:4400", "127.0.0.1", "4400", false],
  ["http://[2001:db8::12]/", "2001:db8::12", "", false],
  ["https://[::1]:4400", "::1", "4400", true],
  ["localhost:4400", "localhost", "4400", false],
  ["", "", "", false],
  ["/", "", "", false],
  ["\n", "", "", false],
] as const)("an address is taken apart: %j", ([server, hostname, port, secure]) => {
  hearLine(server);
  expect(tries[0]!.options).toMatchObject({ hostname, port, secure, path: "/line" });
});
