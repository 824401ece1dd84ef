import { devicePinsKey } from "../mcp-servers/device-pins.ts";
import { stateOf } from "../mcp-servers/tool-pin.ts";
import type { ToolPins } from "../mcp-servers/tool-pins.ts";
import type { UsableTool } from "./assistant-ports.ts";

/** The tools that an assistant's devices have brought, whether they are connected now or not. */
export function usableDeviceTools(pins: Pick<ToolPins, "of">, assistant: string): readonly UsableTool[] {
  return [...pins.of(devicePinsKey(assistant))]
    .map(([name, pin]): UsableTool => {
      const { title, annotations } = pin.accepted.said;
      const state = stateOf(pin);
      return {
        name,
        ...(title === undefined ? {} : { title }),
        readOnly: annotations?.["readOnlyHint"] === true,
        ...(annotations?.["destructiveHint"] === true ? { destructive: true } : {}),
        state: state === "gone" ? "accepted" : state,
      };
    })
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
}
