import type { JournalEvent } from "../../protocol/events.ts";
import type { Store } from "../conversation/ports/store.ts";

/** One thing that was said, as the customer read it. */
export interface TranscriptMessage {
  readonly at: string;
  readonly from: "customer" | "assistant" | "person";
  readonly name?: string;
  readonly text: string;
}

/** What was said in a conversation, without notes, tool calls and results. `cut`: only its end. */
export interface Transcript {
  readonly contact?: string;
  readonly messages: readonly TranscriptMessage[];
  readonly cut: boolean;
}

type Reads = Pick<Store, "readFrom">;

const PAGE_EVENTS = 200;
const PAGE_BYTES = 1024 * 1024;
/** A receiver reads it in one piece, and so does a mail program. */
const MOST_BYTES = 256 * 1024;

/** Reads the whole journal, page by page, and keeps its end. */
export async function transcriptOf(store: Reads, conversationId: string): Promise<Transcript> {
  let contact: string | undefined;
  let bytes = 0;
  let cut = false;
  let messages: TranscriptMessage[] = [];
  for await (const event of eventsOf(store, conversationId)) {
    if (event.type === "contact-left") contact = event.email;
    const message = messageOf(event);
    if (message === undefined) continue;
    messages.push(message);
    bytes += Buffer.byteLength(message.text);
    while (bytes > MOST_BYTES && messages.length > 1) {
      bytes -= Buffer.byteLength(messages[0]!.text);
      messages = messages.slice(1);
      cut = true;
    }
  }
  return { ...(contact === undefined ? {} : { contact }), messages, cut };
}

/** The last address that the customer left before the event `seq`. */
export async function contactIn(store: Reads, conversationId: string, seq: number): Promise<string | undefined> {
  let contact: string | undefined;
  for await (const event of eventsOf(store, conversationId)) {
    if (event.seq >= seq) break;
    if (event.type === "contact-left") contact = event.email;
  }
  return contact;
}

async function* eventsOf(store: Reads, conversationId: string): AsyncGenerator<JournalEvent> {
  for (let from = 1; ;) {
    const page = await store.readFrom(conversationId, from, PAGE_EVENTS, PAGE_BYTES);
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    from = last.seq + 1;
  }
}

function messageOf(event: JournalEvent): TranscriptMessage | undefined {
  const at = new Date(event.at).toISOString();
  switch (event.type) {
    case "message-received":
      return { at, from: "customer", text: event.text };
    case "step-ended":
      return event.text.trim() === "" ? undefined : { at, from: "assistant", text: event.text };
    case "reply-sent":
      return { at, from: "person", ...(event.by.name === undefined ? {} : { name: event.by.name }), text: event.text };
    default:
      return undefined;
  }
}
