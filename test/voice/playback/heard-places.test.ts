import { afterEach, expect, test, vi } from "vitest";
import { HeardPlaces } from "../../../voice/playback/heard-places.ts";
import { OutputClock } from "../../../voice/playback/output-clock.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("what was heard is between what was played before and after", () => {
  const places = new HeardPlaces();
  places.mark(1, 0);
  places.mark(1.02, 20);
  places.mark(1.04, 40);
  expect([places.heardMs(0.9), places.heardMs(1.01), places.heardMs(1.03)].map(Math.round)).toEqual([0, 10, 30]);
  expect(places.playedMs).toBe(40);
  expect(places.heardMs(7)).toBe(40);
});

test("it is never more than what was played, nor less than it was before", () => {
  const places = new HeardPlaces();
  places.mark(1, 100);
  // Nothing was played for a second: audio had run out.
  places.mark(2, 100);
  places.mark(2.02, 120);
  expect(places.heardMs(1.9)).toBe(100);
  expect(places.heardMs(3)).toBe(120);
  expect(places.heardMs(1.9)).toBe(120);
});

test("between two answers lies nothing that was heard", () => {
  const places = new HeardPlaces();
  places.mark(1, 400);
  places.mark(1.5, 400);
  places.mark(1.51, 9003);
  places.mark(1.53, 9023);
  expect(places.heardMs(1.2)).toBe(400);
  expect(places.heardMs(1.52)).toBeCloseTo(9013, 6);
});

test("in a new context what was not heard never will be", () => {
  const places = new HeardPlaces();
  places.mark(10, 500);
  places.mark(11, 1500);
  expect(Math.round(places.heardMs(10.5))).toBe(1000);
  places.restart();
  places.mark(0, 2000);
  expect(Math.round(places.heardMs(-1))).toBe(1000);
  expect(places.heardMs(0.1)).toBe(2000);
});

test("marks that are too old are forgotten, but for the one before them", () => {
  const places = new HeardPlaces();
  for (let index = 0; index < 1000; index += 1) places.mark(index / 50, index * 20);
  expect(Math.round(places.heardMs(19))).toBe(19_000);
  expect(new HeardPlaces().heardMs(5)).toBe(0);
});

/** A context as some browser has it. `asked`: how often its output was asked for. */
function contextOf(state: { currentTime: number; contextTime?: number; outputLatency?: number }) {
  // Between the browser's answer and its reading no time passes.
  vi.spyOn(performance, "now").mockReturnValue(1_000);
  const counted = { asked: 0 };
  const context = {
    state: "running",
    get currentTime() {
      return state.currentTime;
    },
    outputLatency: state.outputLatency,
    getOutputTimestamp() {
      counted.asked += 1;
      return { contextTime: state.contextTime, performanceTime: performance.now() };
    },
  };
  return { clock: new OutputClock(context as unknown as AudioContext), counted, state };
}

test("the output's latency is what its timestamp says, asked for once a second", () => {
  const { clock, counted, state } = contextOf({ currentTime: 5, contextTime: 4.8, outputLatency: 0.03 });
  expect(clock.at).toBeCloseTo(4.8, 2);
  state.currentTime = 5.5;
  expect(clock.at).toBeCloseTo(5.3, 2);
  expect(counted.asked).toBe(1);
  state.currentTime = 6.1;
  expect(clock.at).toBeCloseTo(4.8, 2);
  expect(counted.asked).toBe(2);
});

test("a timestamp that stands still, as Safari's, is not believed", () => {
  expect(contextOf({ currentTime: 100, contextTime: 2, outputLatency: 0.04 }).clock.latency).toBe(0.04);
  expect(contextOf({ currentTime: 100, contextTime: 2 }).clock.latency).toBe(0.05);
});

test("Firefox is not asked, since its page may hang then", () => {
  vi.stubGlobal("mozInnerScreenX", 0);
  const { clock, counted } = contextOf({ currentTime: 5, contextTime: 4.8, outputLatency: 0.03 });
  expect([clock.latency, counted.asked]).toEqual([0.05, 0]);
});
