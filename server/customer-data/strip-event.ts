import type { JournalEvent } from "../../protocol/events.ts";
import type { Part } from "./ports.ts";

const GONE = "[The result is not kept any longer.]";

/**
 * An event without what its retention has ended, the same object where nothing of it goes. `results`: what tools gave
 * back. `traces`: what they were asked for, what was thought, and the causes for staff, besides.
 */
export function stripEvent(event: JournalEvent, part: Part): JournalEvent {
  if (event.type === "tool-call-ended") return withoutResult(event, part);
  return part === "results" ? event : withoutTrace(event);
}

function withoutResult(event: Extract<JournalEvent, { type: "tool-call-ended" }>, part: Part): JournalEvent {
  const { text: _text, bytes: _bytes, shortened: _shortened, media: _media, cause, ...rest } = event;
  // What a refused call says is our own text.
  const text = event.outcome === "refused" ? event.text : GONE;
  const keepsCause = part === "results" && cause !== undefined && event.outcome === "refused";
  return { ...rest, ...(text === undefined ? {} : { text }), keep: "none", ...(keepsCause ? { cause } : {}) };
}

function withoutTrace(event: JournalEvent): JournalEvent {
  switch (event.type) {
    case "step-ended": {
      if (event.thoughts === undefined) return event;
      const { thoughts: _thoughts, ...rest } = event;
      return rest;
    }
    case "tool-call-proposed": {
      const { arguments: _arguments, argumentsText: _text, ...rest } = event;
      return rest;
    }
    case "approval-requested":
      return { ...event, arguments: {}, fields: [] };
    case "approval-given": {
      const { arguments: _arguments, fields: _fields, ...rest } = event;
      return rest;
    }
    case "approval-decided": {
      const { arguments: _arguments, fields: _fields, spoken: _spoken, ...rest } = event;
      return rest;
    }
    case "input-decided": {
      const { content: _content, ...rest } = event;
      return rest;
    }
    case "tool-call-paused": {
      const { requestState: _state, ...rest } = event;
      return rest;
    }
    case "sampling-ended": {
      const { text: _text, cause: _cause, ...rest } = event;
      return { ...rest, prompt: "" };
    }
    case "view-context":
      return { ...event, text: "" };
    case "view-noted": {
      const { detail: _detail, ...rest } = event;
      return rest;
    }
    case "voice-call-ended": {
      const { cause: _cause, ...rest } = event;
      return rest;
    }
    default:
      return event;
  }
}
