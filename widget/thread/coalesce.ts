import type { ThreadFrame } from "./thread-frame.ts";

/**
 * Adds a frame to those that wait to be reduced, in order; text that continues the last frame's text becomes one with
 * it.
 */
export function coalesce(frame: ThreadFrame, waiting: ThreadFrame[]): void {
  const last = waiting.at(-1);
  if (frame.type !== "text" || last?.type !== "text") {
    waiting.push(frame);
    return;
  }
  const [before, now] = [last.frame, frame.frame];
  const continues =
    before.conversationId === now.conversationId &&
    before.turnId === now.turnId &&
    before.step === now.step &&
    before.offset + before.text.length === now.offset;
  if (continues) waiting[waiting.length - 1] = { type: "text", frame: { ...before, text: before.text + now.text } };
  else waiting.push(frame);
}
