import type { EventOf } from "../../../protocol/events.ts";
import type { Learnt } from "./history-summary.ts";

/** Where a step was cut while it was said aloud. */
export interface CutSpeech {
  /** Of the event. */
  readonly seq: number;
  /** What was heard of it. */
  readonly heard: string;
  /** Whether something of it was written and not heard, as far as was known then. */
  readonly hasRest: boolean;
  readonly by: EventOf<"speech-cut">["cutBy"];
}

export function cutSpeech({ seq, text, unheard, cutBy }: EventOf<"speech-cut">): CutSpeech {
  return { seq, heard: text, hasRest: unheard.trim() !== "", by: cutBy };
}

const CUT = {
  speech: "(The customer interrupted you here and did not hear the rest.)",
  button: "(The customer stopped you here and did not hear the rest.)",
  lost: "(The line was lost or your voice failed here, so the customer did not hear the rest.)",
} as const;

const UNHEARD = {
  speech: "(The customer interrupted you before they heard anything of your answer.)",
  button: "(The customer stopped you before they heard anything of your answer.)",
  lost: "(The line was lost or your voice failed before the customer heard anything of your answer.)",
} as const;

/** What was heard of a step's `text`. Where listening began in the middle, what came before was read. */
export function heardOf(text: string, { heard }: CutSpeech): string {
  const at = text.indexOf(heard);
  return at <= 0 ? heard : text.slice(0, at + heard.length);
}

/** Undefined: all of the step's `text` was heard, though it was cut then. */
export function cutOf(text: string, cut: CutSpeech | undefined): CutSpeech | undefined {
  return cut === undefined || heardOf(text, cut).trim() === text.trim() ? undefined : cut;
}

/** What the model reads after the step; `beforeTools`: after the results of the calls that it made in it. */
export function cutNote({ heard, by }: CutSpeech, beforeTools: boolean): string {
  const isHeard = heard.trim() !== "";
  if (!beforeTools) return isHeard ? CUT[by] : UNHEARD[by];
  return isHeard
    ? "(What you said before using these tools was cut short: the customer heard no more of it than is written there.)"
    : "(The customer heard nothing of what you said before using these tools.)";
}

/** The same for a summary that stands for the step. */
export function cutAside({ seq, heard, hasRest }: CutSpeech): Learnt[] {
  if (!hasRest) return [];
  const text =
    heard.trim() === ""
      ? "(The customer heard nothing of one of your answers above.)"
      : `(Of one of your answers above, the customer heard only this: ${JSON.stringify(heard.trim())})`;
  return [{ seq, text }];
}
