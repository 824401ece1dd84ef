import type { EventOf } from "../../protocol/events.ts";
import { canonicalJson, sha256Hex } from "../foundation/canonical-json.ts";
import { InvalidError } from "../foundation/invalid-error.ts";
import type { EditedArguments } from "./decisions/approval-decision.ts";
import type { Tool } from "./ports/tools.ts";
import { argumentFields } from "./turn/argument-fields.ts";
import { withFilled } from "./turn/bound-arguments.ts";

type Arguments = Readonly<Record<string, unknown>>;

interface Asked {
  /** The arguments that the approval is about. */
  readonly before: Arguments;
  readonly call: EventOf<"tool-call-proposed">;
}

/**
 * What the staff made of a call's arguments, checked as the call itself will be. Throws `InvalidError` with the place of
 * each fault below `/arguments`.
 */
export function editedArguments(tool: Tool, { before, call }: Asked, said: Arguments): EditedArguments {
  const bound = (call.filled ?? []).filter((name) => Object.hasOwn(said, name) && !isSame(before[name], said[name]));
  if (bound.length > 0)
    throw new InvalidError(
      bound.map((name) => ({
        path: `/arguments${pointer(name)}`,
        message: "The server fills this in by itself; it cannot be edited.",
      })),
    );
  const given = withFilled(said, call);
  const wrong = tool.check(given);
  if (wrong !== undefined) throw new InvalidError(wrong.split("\n").map(faultOf));
  return { arguments: given, argumentsHash: sha256Hex(canonicalJson(given)), fields: argumentFields(tool.inputSchema, given, call.filled) };
}

/** `arguments/amount: …` is said of the place `/arguments/amount`; anything else of all of them. */
function faultOf(line: string): { path: string; message: string } {
  const [, place = "", message = line] = /^arguments((?:\/[^:\s]*)?): (.*)$/.exec(line) ?? [];
  return { path: `/arguments${place}`, message };
}

function pointer(name: string): string {
  return `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function isSame(one: unknown, other: unknown): boolean {
  if (one === undefined || other === undefined) return one === other;
  return canonicalJson(one) === canonicalJson(other);
}
