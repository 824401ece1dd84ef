import type { Fault } from "../../foundation/invalid-error.ts";
import { valueCheck } from "./argument-check.ts";

/** All that is wrong with arguments by their schema, each at its JSON pointer below the request's `arguments`. */
export async function argumentFaults(schema: Readonly<Record<string, unknown>>, given: unknown): Promise<readonly Fault[]> {
  const { CfWorkerJsonSchemaValidator } = await import("@modelcontextprotocol/client/validators/cf-worker");
  const complaints = valueCheck(schema, new CfWorkerJsonSchemaValidator({ shortcircuit: false }), () => undefined)(given);
  if (complaints === undefined) return [];
  // What does not fit is also "not an argument" where no others are allowed: of each place the first says it.
  const faults = complaints.split("\n").map(faultOf);
  return faults.filter(({ path }, index) => faults.findIndex((one) => one.path === path) === index);
}

function faultOf(line: string): Fault {
  const [, place = "", said = line] = /^arguments(\/[^:]*)?: (.*)$/s.exec(line) ?? [];
  const missing = /^Instance does not have required property "(.*)"\.$/.exec(said)?.[1];
  if (missing === undefined) return { path: `/arguments${place}`, message: said };
  return { path: `/arguments${place}/${missing.replaceAll("~", "~0").replaceAll("/", "~1")}`, message: "This argument is required." };
}
