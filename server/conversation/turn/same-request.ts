import { canonicalJson } from "../../foundation/canonical-json.ts";
import type { ModelRequest } from "../ports/model.ts";

/** Whether a model would be asked the same, to the letter. What both have in common is not looked at. */
export function isSameRequest(left: ModelRequest, right: ModelRequest): boolean {
  return (
    left.toolChoice === right.toolChoice &&
    left.maxOutputTokens === right.maxOutputTokens &&
    areSame(left.messages, right.messages) &&
    areSame(left.tools, right.tools)
  );
}

export function isSame(left: unknown, right: unknown): boolean {
  return left === right || canonicalJson(left) === canonicalJson(right);
}

function areSame(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((one, index) => isSame(one, right[index]));
}
