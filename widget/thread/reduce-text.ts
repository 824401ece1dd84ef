import type { ProgressFrame, RunningText, TextFrame } from "../../protocol/frames.ts";
import { defined } from "./defined.ts";
import { same } from "./same.ts";
import type { CallPart, Turn } from "./state.ts";
import { changeCall, changeTurn, isOver, textOf, withText } from "./turns.ts";

/** Turns with the new text, or `missed` if something is missing between what is known and this piece. */
export type Texted = { readonly turns: readonly Turn[] } | { readonly missed: true };

/** Adds a piece of running text. What is known already is cut off; what belongs to a step that is over is dropped. */
export function addText(frame: TextFrame, turns: readonly Turn[]): Texted {
  const turn = turns.findLast((other) => other.turnId === frame.turnId);
  if (turn === undefined) return { missed: true };
  if (isOver(turn) || turn.parts.some((part) => part.step > frame.step)) return { turns };
  const part = textOf(turn, frame.step);
  if (part !== undefined && !part.open) return { turns };
  const text = part?.text ?? "";
  if (frame.offset > text.length) return { missed: true };
  if (frame.offset === text.length) return { turns: grow(turns, frame, text + frame.text) };
  const known = text.slice(frame.offset, frame.offset + frame.text.length);
  // Another attempt at the same step says something else: only the server knows which one counts.
  if (!frame.text.startsWith(known)) return { missed: true };
  return { turns: known.length === frame.text.length ? turns : grow(turns, frame, text + frame.text.slice(known.length)) };
}

/**
 * What runs according to the server: replaces every open text, so that the remains of an attempt that died disappear.
 */
export function setRunning(running: RunningText | undefined, turns: readonly Turn[]): readonly Turn[] {
  let changed = turns;
  for (const turn of turns) {
    if (isOver(turn)) continue;
    for (const part of turn.parts) {
      if (part.kind !== "text" || !part.open || (running?.turnId === turn.turnId && running.step === part.step)) continue;
      changed = changeTurn(changed, turn.turnId, (current) => withText(current, { ...part, text: "" }));
    }
  }
  if (running === undefined || running.text === "") return changed;
  // All of the turn's events may lie before the page that was read.
  if (!changed.some((turn) => turn.turnId === running.turnId)) {
    changed = [...changed, { turnId: running.turnId, parts: [], status: "running", stopping: false, partial: true }];
  }
  return changeTurn(changed, running.turnId, (turn) => {
    if (isOver(turn) || textOf(turn, running.step)?.open === false || turn.parts.some((part) => part.step > running.step)) return turn;
    return withText(turn, { kind: "text", step: running.step, text: running.text, open: true });
  });
}

/** Progress only grows; what comes late or for a call that is over says nothing. */
export function addProgress(frame: ProgressFrame, turns: readonly Turn[]): readonly Turn[] {
  return changeCall(turns, frame.callId, (call) => {
    const old = call.progress;
    if (call.status === "ended" || (old !== undefined && (old.progress > frame.progress || same(old, frame)))) return call;
    return { ...call, progress: frame };
  });
}

/** How far each call is according to the server: replaces all that is known, a repeated call begins anew. */
export function setProgress(frames: readonly ProgressFrame[], turns: readonly Turn[]): readonly Turn[] {
  return turns.reduce((changed, turn) => {
    if (isOver(turn)) return changed;
    return changeTurn(changed, turn.turnId, () => {
      const parts = turn.parts.map((part) => (part.kind === "call" && part.status !== "ended" ? withProgress(part, frames) : part));
      return parts.every((part, index) => part === turn.parts[index]) ? turn : { ...turn, parts };
    });
  }, turns);
}

function withProgress(call: CallPart, frames: readonly ProgressFrame[]): CallPart {
  const progress = frames.find((frame) => frame.callId === call.callId);
  return same(progress, call.progress) ? call : defined({ ...call, progress });
}

function grow(turns: readonly Turn[], frame: TextFrame, text: string): readonly Turn[] {
  return changeTurn(turns, frame.turnId, (turn) => withText(turn, { kind: "text", step: frame.step, text, open: true }));
}
