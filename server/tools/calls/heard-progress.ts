import type { CallScope } from "./call-scope.ts";
import { plainLine } from "../definitions/plain-text.ts";

const PROGRESS_CHARACTERS = 300;

/** Progress moves the call's time limit, and is told to whoever watches it. */
export function heardOf(
  { progress, total, message }: { progress: number; total?: number | undefined; message?: string | undefined },
  scope: CallScope,
): void {
  scope.heard();
  scope.context.onProgress({
    progress,
    ...(total === undefined ? {} : { total }),
    ...(message === undefined ? {} : { message: plainLine(message, PROGRESS_CHARACTERS) }),
  });
}
