import type { Actor, EventOf, JournalEvent, VisibleEvent } from "../../protocol/events.ts";

/**
 * An event as its customer may see it: the same number and type, without what is the staff's (causes, models, costs,
 * hashes, raw arguments and results). The raw call is asked for with `call-read`, where the assistant's `trace` is
 * looked at. An approval always shows its arguments: nobody approves what they cannot see. What a customer wrote into a
 * form belongs to the server that asked; tabs see only that it was answered.
 */
export function customerView(event: JournalEvent): VisibleEvent {
  const { seq, at } = event;
  switch (event.type) {
    case "turn-started":
    case "turn-ended":
      return turnMoved(event);
    case "retry-requested":
    // Who listens as the one before leaves by it (`server/live/line/customer-listener.ts`).
    case "customer-identified":
    case "tool-call-started":
    case "connection-requested":
    case "input-requested":
      return event;
    case "message-received":
      return messageReceived(event);
    case "stop-requested":
    case "reply-sent":
    case "person-joined":
    case "conversation-closed":
    case "conversation-reopened":
    case "feedback-given":
    case "contact-left":
    case "connection-decided":
      return { ...event, by: shownActor(event.by) };
    case "person-asked":
    case "handed-back":
      return personMoved(event);
    case "step-ended":
      return stepEnded(event);
    case "voice-call-started":
    case "voice-call-ended":
    case "speech-heard":
    case "speech-cut":
      return voiceView(event);
    case "tool-call-proposed":
      return callProposed(event);
    case "tool-call-settled":
      return callSettled(event);
    case "approval-given":
    case "approval-decided":
    case "approval-requested":
      return approvalMoved(event);
    case "input-decided":
      return inputDecided(event);
    case "tool-call-ended":
      return callEnded(event);
    // A paused call is shown by what it asks; to its customer it is running until it ends.
    case "tool-call-paused":
    case "tool-call-resumed":
    case "tool-call-task":
    case "sampling-ended":
    case "tools-unavailable":
    case "summary-written":
    case "note-written":
    case "call-cancel-requested":
    case "view-context":
    case "view-noted":
      return { seq, at, type: "hidden" };
  }
}

function personMoved({ seq, at, by, ...event }: EventOf<"person-asked" | "handed-back">): VisibleEvent {
  const shown = { seq, at, by: shownActor(by) };
  return event.type === "person-asked" ? { ...shown, type: event.type, open: event.open } : { ...shown, type: event.type };
}

/** That it was spoken is the customer's; how it was measured is the staff's. */
function messageReceived({ seq, at, type, messageId, text, by, spoken, via, view }: EventOf<"message-received">): VisibleEvent {
  const aloud = spoken === undefined ? {} : { spoken: { voiceCallId: spoken.voiceCallId } };
  const from = { ...(via === undefined ? {} : { via }), ...(view === undefined ? {} : { view }) };
  return { seq, at, type, messageId, text, by: shownActor(by), ...aloud, ...from };
}

function voiceView(event: EventOf<"voice-call-started" | "voice-call-ended" | "speech-heard" | "speech-cut">): VisibleEvent {
  switch (event.type) {
    case "voice-call-started":
      return { ...event, by: shownActor(event.by) };
    case "voice-call-ended": {
      const { cause: _cause, ...visible } = event;
      return visible;
    }
    case "speech-heard":
    case "speech-cut": {
      const { firstAudioMs: _firstAudio, firstHeardMs: _firstHeard, underruns: _underruns, underrunMs: _underrun, ...visible } = event;
      return visible;
    }
  }
}

function turnMoved(event: EventOf<"turn-started" | "turn-ended">): VisibleEvent {
  const { seq, at, turnId } = event;
  if (event.type === "turn-started") return { seq, at, type: event.type, turnId, messageId: event.messageId };
  const { type, outcome, error } = event;
  return { seq, at, type, turnId, outcome, ...(error === undefined ? {} : { error }) };
}

/** That it has a view, and not where: the address is between its server and us. */
function callProposed({ seq, at, type, turnId, step, callId, tool, view, byView }: EventOf<"tool-call-proposed">): VisibleEvent {
  const shown = view === undefined ? {} : { view: {} };
  return { seq, at, type, turnId, step, callId, tool, ...shown, ...(byView === undefined ? {} : { byView }) };
}

function stepEnded({ seq, at, type, turnId, step, text, cut }: EventOf<"step-ended">): VisibleEvent {
  return { seq, at, type, turnId, step, text, ...(cut === undefined ? {} : { cut }) };
}

function approvalRequested(event: EventOf<"approval-requested">): VisibleEvent {
  const { definitionHash: _definitionHash, groups: _groups, because: _because, escalated: _escalated, ...visible } = event;
  return visible;
}

function inputDecided({ content: _content, ...visible }: EventOf<"input-decided">): VisibleEvent {
  return { ...visible, by: shownActor(visible.by) };
}

/** What one of several made of the arguments is not decided yet; what was understood of what was said is the staff's. */
function approvalMoved(event: EventOf<"approval-given" | "approval-decided" | "approval-requested">): VisibleEvent {
  if (event.type === "approval-requested") return approvalRequested(event);
  const by = shownActor(event.by);
  if (event.type === "approval-decided") {
    const { spoken: _spoken, ...visible } = event;
    return { ...visible, by };
  }
  const { arguments: _arguments, fields: _fields, ...visible } = event;
  return { ...visible, by };
}

/** One that was left as it was is the staff's: so is its note. */
function callSettled({ title: _title, mayRetry: _mayRetry, ...visible }: EventOf<"tool-call-settled">): VisibleEvent {
  const { seq, at, outcome, by } = visible;
  return outcome === "unknown" ? { seq, at, type: "hidden" } : { ...visible, by: shownActor(by) };
}

function callEnded({ seq, at, type, turnId, callId, outcome, refusal, media, durationMs }: EventOf<"tool-call-ended">): VisibleEvent {
  return {
    seq,
    at,
    type,
    turnId,
    callId,
    outcome,
    ...(refusal === undefined ? {} : { refusal }),
    ...(media === undefined ? {} : { media }),
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}

/**
 * Customers know staff by name only, and whoever has no name is the team: the name of a key was not written for
 * customers.
 */
export function shownActor({ kind, id, name, program }: Actor): Actor {
  const named = name === undefined || program === true ? {} : { name };
  return { kind, id: kind === "staff" ? "staff" : id, ...named };
}
