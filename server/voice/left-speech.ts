import type { EventOf, JournalEvent } from "../../protocol/events.ts";
import { SentenceCutter } from "../speech/text/sentences.ts";

type Step = Pick<EventOf<"step-ended">, "turnId" | "step" | "text">;

/**
 * What a call that its server left had still to say, or was saying: steps behind the last of which the journal knows what
 * was heard. `events`: the newest of its conversation, in their order.
 */
export function leftSpeech(voiceCallId: string, events: readonly JournalEvent[]): readonly Step[] {
  const begun = events.findLastIndex((event) => event.type === "voice-call-started" && event.voiceCallId === voiceCallId);
  const left: Step[] = [];
  for (const event of events.slice(begun + 1)) {
    if (event.type === "step-ended") left.push(event);
    else if (event.type === "voice-call-ended" && event.voiceCallId === voiceCallId) return [];
  }
  // What is said is told in its order.
  const told = left.findLastIndex(({ turnId, step }) =>
    events.some(
      (event) =>
        (event.type === "speech-heard" || event.type === "speech-cut") &&
        event.voiceCallId === voiceCallId &&
        event.turnId === turnId &&
        event.step === step,
    ),
  );
  return left.slice(told + 1).filter(({ text }) => isSpoken(text));
}

function isSpoken(text: string): boolean {
  const cutter = new SentenceCutter();
  return [...cutter.push(text), ...cutter.flush()].some(({ spoken }) => spoken !== "");
}
