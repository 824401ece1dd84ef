import type { EventOf } from "../../../../../protocol/events.ts";
import { plainText } from "../../../../foundation/plain-text.ts";
import { type Draft, draft } from "./call-steps.ts";
import type { Mark, Span } from "./step.ts";

export type Spoken = EventOf<"message-received"> & { readonly spoken: NonNullable<EventOf<"message-received">["spoken"]> };
type Speech = EventOf<"speech-heard" | "speech-cut">;

/** The rows of voice calls, and the times that the events of a call are counted from. */
export class VoiceSteps {
  readonly #calls = new Map<string, Draft>();
  /** Where the customer's last speech of a call ended. */
  readonly #spokeUntil = new Map<string, number>();

  started(event: EventOf<"voice-call-started">): Draft {
    const step = draft(event, "voice-call");
    step.spans.push({ from: event.at, tone: "call" });
    this.#calls.set(event.voiceCallId, step);
    return step;
  }

  /** The call's end, behind the call itself where its beginning is not loaded. */
  ended(event: EventOf<"voice-call-ended">): readonly Draft[] {
    const found = this.#calls.get(event.voiceCallId);
    const step = found ?? draft(event, "voice-call");
    const from = found?.from ?? event.at - event.durationMs;
    step.from = from;
    step.to = event.at;
    step.outcome = event.reason;
    step.isFailed = event.reason === "engine";
    step.spans = [{ from, to: event.at, tone: step.isFailed ? "failed" : "call" }];
    if (found !== undefined) step.events.push(event);
    const end = draft(event, "voice-end");
    // Two rows of one event: an address that names it leads to the end.
    if (found === undefined) step.id = `${step.id}-call`;
    end.to = event.at;
    end.outcome = event.reason;
    end.isFailed = step.isFailed;
    return found === undefined ? [step, end] : [end];
  }

  /** What the customer said: how long they spoke, and how long it took until it was understood. */
  message(event: Spoken): Draft {
    const { voiceCallId, transcriptMs = 0, partialMs, speechMs = 0 } = event.spoken;
    const step = draft(event, "message");
    const until = event.at - transcriptMs;
    this.#spokeUntil.set(voiceCallId, until);
    step.name = event.text;
    step.from = until - speechMs;
    step.to = event.at;
    step.spans = [...spanOf("speech", step.from, until), ...spanOf("hearing", until, event.at)];
    if (partialMs !== undefined) step.marks = [{ at: until + partialMs, what: "partial" }];
    return step;
  }

  /** What the assistant said aloud: from when to when it was heard. */
  speech(event: Speech): Draft {
    const { voiceCallId, text, heardMs, firstAudioMs, firstHeardMs, underruns = 0 } = event;
    const spokeUntil = this.#spokeUntil.get(voiceCallId);
    const after = (ms: number | undefined) => (spokeUntil === undefined || ms === undefined ? undefined : spokeUntil + ms);
    const step = draft(event, "speech");
    const isCut = event.type === "speech-cut";
    step.name = asHeard(event, text === "" && isCut ? event.unheard : text);
    step.from = Math.min(event.at, after(firstHeardMs) ?? event.at - (heardMs ?? 0));
    step.to = event.at;
    step.isFailed = isCut && event.cutBy === "lost";
    if (isCut) step.outcome = `cut-${event.cutBy}`;
    else if (underruns > 0) step.outcome = "gaps";
    step.spans = [...spanOf(step.isFailed ? "failed" : "speech", step.from, event.at)];
    const sentAt = after(firstAudioMs);
    const marks: readonly Mark[] = [
      ...(sentAt === undefined ? [] : [{ at: sentAt, what: "first-audio" } as const]),
      ...(isCut ? [{ at: event.at, what: "cut" } as const] : []),
    ];
    if (marks.length > 0) step.marks = marks;
    return step;
  }
}

/** Part of what was said: of an answer, which is written in Markdown, without its marks, as nobody hears them. */
export function asHeard({ kind }: Pick<Speech, "kind">, text: string): string {
  return kind === "answer" ? plainText(text) : text;
}

/** None where nothing lasted. */
function spanOf(tone: Span["tone"], from: number, to: number): readonly Span[] {
  return to > from ? [{ from, to, tone }] : [];
}

/** Whether a message was spoken. */
export function isSpoken(event: EventOf<"message-received">): event is Spoken {
  return event.spoken !== undefined;
}
