import { devicesServer } from "../../conversation/ports/tools.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { DevicePins } from "../../tools/devices/ports.ts";
import type { ToolPins } from "./tool-pins.ts";

/** What comes with a token in its first hour is what its owner has just set up. */
const SET_UP_MS = 60 * 60_000;

/** Where the accepted tools of an assistant's devices are kept. */
export const devicePinsKey = devicesServer;

/** Pins devices' tools as those of MCP servers are pinned: a changed one is hidden, a new one asks. */
export function devicePins(pins: Pick<ToolPins, "observe">, clock: Pick<Clock, "now">): DevicePins {
  return {
    observe: ({ assistant, token }, tools) =>
      pins.observe(devicePinsKey(assistant), tools, {
        scope: "part",
        newTools: "needs_approval",
        takesFirst: true,
        isFirst: clock.now() - token.firstSeenAt < SET_UP_MS,
      }),
  };
}
