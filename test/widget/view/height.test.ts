import { expect, test } from "vitest";
import { ViewHeight } from "../../../widget/view/view-height.ts";
import { ManualClock } from "../../support/manual-clock.ts";

function frame(most = 600) {
  const clock = new ManualClock();
  const heights: number[] = [];
  let isAsked = false;
  const height = new ViewHeight({ clock, most: () => most, isAsked: () => isAsked, apply: (given) => void heights.push(given) });
  return { clock, heights, height, asks: (is: boolean) => void (isAsked = is) };
}

test("a view is as high as it says, within what there may be", () => {
  const { height, heights } = frame();
  expect([300.2, 300.4, 10, 0].map((said) => height.say(said))).toEqual([true, true, true, true]);
  expect(heights).toEqual([301, 40]);
  expect([1e6, 601].map((said) => height.say(said))).toEqual([false, false]);
  expect(heights).toEqual([301, 40, 600]);
});

test.for([Number.NaN, Infinity, -Infinity, -1, "300", null, undefined, {}])("%o is no height", (said) => {
  const { height, heights } = frame();
  expect(height.say(said)).toBe(false);
  expect(heights).toEqual([]);
});

test("one that never rests moves the thread a few times, and then every two seconds", () => {
  const { clock, height, heights } = frame();
  for (let step = 0; step < 1_000; step += 1) {
    height.say(step % 2 === 0 ? 100 : 200);
    clock.forward(10);
  }
  // Ten seconds.
  expect(heights.length).toBeLessThanOrEqual(46);
  height.say(321);
  clock.forward(4_000);
  expect(heights.at(-1)).toBe(321);
});

test("one that only grows comes to its end", () => {
  const { clock, height, heights } = frame();
  for (let step = 1; step < 5_000; step += 1) {
    height.say(step * 50);
    clock.forward(50);
  }
  expect(heights.at(-1)).toBe(600);
  expect(heights).toHaveLength(12);
});

test("nothing happens after its end", () => {
  const { clock, height, heights } = frame();
  for (let step = 0; step < 100; step += 1) height.say(100 + step);
  const count = heights.length;
  height.end();
  clock.forward(60_000);
  expect(heights).toHaveLength(count);
});

test("while somebody is asked, no view changes its height; then it has the last that it said", () => {
  const [first, second] = [frame(), frame()];
  first.height.say(300);
  for (const one of [first, second]) {
    one.asks(true);
    for (const said of [50, 200]) expect(one.height.say(said)).toBe(true);
    one.clock.forward(60_000);
  }
  expect([first.heights, second.heights]).toEqual([[300], []]);
  second.height.end();
  for (const one of [first, second]) {
    one.asks(false);
    one.clock.forward(1_000);
  }
  expect([first.heights, second.heights]).toEqual([[300, 200], []]);
});

test("a change that waits for its turn waits for the answer as well", () => {
  const { asks, clock, height, heights } = frame();
  for (let step = 0; step <= 41; step += 1) height.say(100 + step);
  const before = heights.length;
  asks(true);
  clock.forward(60_000);
  expect(heights).toHaveLength(before);
  asks(false);
  clock.forward(1_000);
  expect(heights.at(-1)).toBe(141);
});
