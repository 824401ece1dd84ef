import { cutTexts } from "../../tools/definitions/cut-texts.ts";
import { stateOf, type ToolPin } from "../mcp-servers/tool-pin.ts";
import type { UsableTool } from "./assistant-ports.ts";

/** A tool as it was accepted. `gone`: what it counts as while nobody offers it. */
export function pinnedTool(name: string, pin: ToolPin, gone: "accepted" | "changed"): UsableTool {
  const { title, annotations } = pin.accepted.said;
  const state = stateOf(pin);
  return {
    name,
    ...(title === undefined ? {} : { title }),
    readOnly: annotations?.["readOnlyHint"] === true,
    ...(annotations?.["destructiveHint"] === true ? { destructive: true } : {}),
    state: state === "gone" ? gone : state,
    ...(cutTexts(pin.accepted.said).length === 0 ? {} : { cut: true }),
  };
}
