import type { VisibleEvent } from "../../protocol/events.ts";
import { eventTurn } from "./person.ts";
import type { Folded, SpeechCut, VoiceCallEvent } from "./state.ts";
import { changeTurn } from "./turns.ts";

type VoiceEvent = VoiceCallEvent | SpeechCut;

export function isVoiceEvent(event: VisibleEvent): event is VoiceEvent {
  return event.type.startsWith("voice-call-") || event.type === "speech-cut";
}

/** A call that begins or ends is drawn in its place among the turns; that an answer was cut, in its turn. */
export function withVoice(event: VoiceEvent, folded: Folded): Folded {
  const { turns } = folded;
  if (event.type !== "speech-cut") return { ...folded, turns: [...turns, eventTurn(event, { voiceCall: event })] };
  // Of a filler, or a question that is read aloud, the thread shows nothing.
  if (event.kind !== "answer" || event.turnId === undefined) return folded;
  const changed = changeTurn(turns, event.turnId, (turn) => ({ ...turn, cuts: [...(turn.cuts ?? []), event] }));
  return changed === turns ? folded : { ...folded, turns: changed };
}
