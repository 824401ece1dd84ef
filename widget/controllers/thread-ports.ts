import type { OpenLine } from "../line/line.ts";
import { openSocketLine } from "../line/socket-line.ts";
import type { Clock } from "../thread/clock.ts";
import { browserClock } from "./browser-clock.ts";
import { browserShelf } from "./browser-shelf.ts";
import { newId } from "./new-id.ts";
import { browserSurroundings } from "./surroundings.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Shelves } from "./thread-memory.ts";

/** All that a thread needs from outside; a test brings its own. */
export interface ThreadPorts {
  readonly openLine: OpenLine;
  readonly shelves: Shelves;
  readonly clock: Clock;
  readonly surroundings: Surroundings;
  readonly newId: () => string;
  /** Runs once before the next drawing; soon, where nothing is drawn. */
  readonly nextFrame: (run: () => void) => void;
}

/** A hidden page draws no frames; what arrives is taken in all the same. */
const HIDDEN_FRAME_MS = 250;

export function browserPorts(): ThreadPorts {
  return {
    openLine: openSocketLine,
    shelves: { shared: browserShelf("localStorage"), tab: browserShelf("sessionStorage") },
    clock: browserClock,
    surroundings: browserSurroundings(),
    newId,
    nextFrame(run) {
      const once = (): void => {
        cancelAnimationFrame(frame);
        callOff();
        run();
      };
      const frame = requestAnimationFrame(once);
      const callOff = browserClock.after(HIDDEN_FRAME_MS, once);
    },
  };
}
