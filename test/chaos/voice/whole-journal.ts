import { expect } from "vitest";
import type { EventOf, EventType, JournalEvent } from "../../../protocol/events.ts";

/** Whether every call and every turn has ended. */
export function isAtRest(events: readonly JournalEvent[]): boolean {
  const count = (type: EventType): number => events.filter((event) => event.type === type).length;
  return count("voice-call-started") === count("voice-call-ended") && count("turn-started") === count("turn-ended");
}

/** What must hold of a conversation with calls, whatever was killed in it. */
export function checkJournal(events: readonly JournalEvent[]): void {
  const of = <T extends EventType>(type: T): EventOf<T>[] => events.filter((event): event is EventOf<T> => event.type === type);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
  checkCalls(of("voice-call-started"), of("voice-call-ended"), [...of("speech-heard"), ...of("speech-cut")]);
  for (const { turnId } of of("turn-started"))
    expect([turnId, of("turn-ended").filter((event) => event.turnId === turnId).length]).toEqual([turnId, 1]);
  for (const { callId } of of("tool-call-proposed")) {
    expect([callId, of("tool-call-ended").filter((event) => event.callId === callId).length]).toEqual([callId, 1]);
    expect(of("tool-call-started").filter((event) => event.callId === callId).length).toBeLessThanOrEqual(1);
  }
  for (const { approvalId } of of("approval-requested"))
    expect([approvalId, of("approval-decided").filter((event) => event.approvalId === approvalId).length]).toEqual([approvalId, 1]);
  checkHeard(of("step-ended"), [...of("speech-heard"), ...of("speech-cut")]);
}

type Speech = EventOf<"speech-heard"> | EventOf<"speech-cut">;

function checkCalls(started: readonly EventOf<"voice-call-started">[], ended: readonly EventOf<"voice-call-ended">[], speeches: Speech[]) {
  expect(new Set(started.map(({ voiceCallId }) => voiceCallId)).size).toBe(started.length);
  expect(ended.map(({ voiceCallId }) => voiceCallId).toSorted()).toEqual(started.map(({ voiceCallId }) => voiceCallId).toSorted());
  for (const { voiceCallId, seq } of [...ended, ...speeches]) {
    const begin = started.find((one) => one.voiceCallId === voiceCallId);
    expect(begin?.seq).toBeLessThan(seq);
  }
  for (const { voiceCallId, seq } of speeches) expect(ended.find((one) => one.voiceCallId === voiceCallId)?.seq).toBeGreaterThan(seq);
}

/** What was heard of an answer is how it begins, and with what was not heard it is no more than was said. */
function checkHeard(steps: readonly EventOf<"step-ended">[], speeches: readonly Speech[]): void {
  for (const speech of speeches) {
    if (speech.kind !== "answer") continue;
    const step = steps.find(({ turnId, step: number }) => turnId === speech.turnId && number === speech.step);
    // A step of which the server died has no text.
    if (step === undefined) continue;
    const said = speech.text + (speech.type === "speech-cut" ? speech.unheard : "");
    expect([speech.text, step.text.startsWith(speech.text.trimEnd())]).toEqual([speech.text, true]);
    expect([said, step.text.startsWith(said.trimEnd())]).toEqual([said, true]);
  }
}
