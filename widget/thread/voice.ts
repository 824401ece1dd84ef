import type { EventOf, VisibleEvent } from "../../protocol/events.ts";
import { eventTurn } from "./person.ts";
import type { Folded, SpeechCut, VoiceCallEvent } from "./state.ts";
import { changeTurn } from "./turns.ts";

type VoiceEvent = VoiceCallEvent | SpeechCut | EventOf<"speech-heard">;

export function isVoiceEvent(event: VisibleEvent): event is VoiceEvent {
  return event.type.startsWith("voice-call-") || event.type.startsWith("speech-");
}

/** A call that begins or ends is drawn in its place among the turns; that an answer was cut, in its turn. */
export function withVoice(event: VoiceEvent, folded: Folded): Folded {
  const { turns } = folded;
  if ("by" in event || "reason" in event) return { ...folded, turns: [...turns, eventTurn(event, { voiceCall: event })] };
  const { type, kind, turnId, step } = event;
  // Of a filler, or a question that is read aloud, the thread shows nothing.
  if (kind !== "answer" || turnId === undefined) return folded;
  const changed = changeTurn(turns, turnId, (turn) => {
    // What was cut may be heard after all, or be cut again further on.
    const others = turn.cuts?.filter((cut) => cut.step !== step) ?? [];
    if (type === "speech-cut") return { ...turn, cuts: [...others, event] };
    return others.length === (turn.cuts?.length ?? 0) ? turn : { ...turn, cuts: others };
  });
  return changed === turns ? folded : { ...folded, turns: changed };
}
