import { randomBytes } from "node:crypto";
import type { Clock } from "../foundation/clock.ts";

/** What a timer of Node can wait at most. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const ID_BYTES = 16;

/** The real time, real ids of 128 bits, real chance. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after,
  id: () => randomBytes(ID_BYTES).toString("base64url"),
  random: () => Math.random(),
};

function after(ms: number, callback: () => void): () => void {
  const wait = Math.max(0, Math.min(ms, LONGEST_TIMER_MS));
  let callOff = (): void => clearTimeout(timer);
  const timer = setTimeout(() => {
    if (ms > wait) callOff = after(ms - wait, callback);
    else callback();
  }, wait);
  return () => callOff();
}
