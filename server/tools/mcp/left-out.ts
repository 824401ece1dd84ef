import type { Log } from "../../foundation/log.ts";
import type { ToolList } from "../definitions/tool-list.ts";

/** Tools that the log names one by one. */
const MOST_NAMED = 10;

/** Says which tools of a server's list cannot be used, and why. */
export function logLeftOut({ leftOut }: ToolList, server: string, log: Log): void {
  for (const { tool, reason } of leftOut.slice(0, MOST_NAMED)) log.warn({ server, tool, reason }, "a tool was left out");
  if (leftOut.length > MOST_NAMED) log.warn({ server, tools: leftOut.length - MOST_NAMED }, "and more tools were left out");
}
