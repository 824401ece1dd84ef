import type { JournalEvent } from "../../protocol/events.ts";
import type { Store } from "../conversation/ports/store.ts";
import type { SearchedKind } from "../inbox/search.ts";

export interface SearchedText {
  readonly kind: SearchedKind;
  readonly text: string;
}

/** So much of one text is searched: a result may have megabytes, and its beginning says what it is. */
export const SEARCHED_CHARACTERS = 50_000;

/**
 * What of an event is searched; undefined: nothing. A result that was shortened for the model is read whole, as far as
 * it is kept: of one that is not kept, or only its shape, there is no more than the journal has.
 */
export async function readSearchedText(
  journal: Pick<Store, "readResult">,
  conversationId: string,
  event: JournalEvent,
): Promise<SearchedText | undefined> {
  const found = ownText(event);
  if (found === undefined) return undefined;
  const whole =
    event.type === "tool-call-ended" && event.shortened === true ? await resultText(journal, conversationId, event.callId) : undefined;
  const text = (whole ?? found.text).slice(0, SEARCHED_CHARACTERS).toWellFormed();
  return text.trim() === "" ? undefined : { kind: found.kind, text };
}

function ownText(event: JournalEvent): SearchedText | undefined {
  switch (event.type) {
    case "message-received":
      return { kind: "message", text: event.text };
    case "step-ended":
      return { kind: "answer", text: event.text };
    case "reply-sent":
      return { kind: "reply", text: event.text };
    case "note-written":
      return { kind: "note", text: event.text };
    case "tool-call-ended":
      // What is not kept is told by a sentence of ours, which nobody looks for.
      return event.text === undefined || event.keep !== undefined ? undefined : { kind: "result", text: event.text };
    default:
      return undefined;
  }
}

async function resultText(journal: Pick<Store, "readResult">, conversationId: string, callId: string): Promise<string | undefined> {
  const result = await journal.readResult(conversationId, callId);
  const texts = result?.content.flatMap((part) => (part.kind === "text" ? [part.text] : [])) ?? [];
  return texts.length === 0 ? undefined : texts.join("\n");
}
