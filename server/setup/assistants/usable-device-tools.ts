import { devicePinsKey } from "../mcp-servers/device-pins.ts";
import type { ToolPins } from "../mcp-servers/tool-pins.ts";
import type { UsableTool } from "./assistant-ports.ts";
import { pinnedTool } from "./pinned-tool.ts";

/** The tools that an assistant's devices have brought, whether they are connected now or not. */
export function usableDeviceTools(pins: Pick<ToolPins, "of">, assistant: string): readonly UsableTool[] {
  return [...pins.of(devicePinsKey(assistant))]
    .map(([name, pin]) => pinnedTool(name, pin, "accepted"))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
}
