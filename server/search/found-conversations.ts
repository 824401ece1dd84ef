import type { JournalEvent } from "../../protocol/events.ts";
import type { Store } from "../conversation/ports/store.ts";
import type { Inbox, InboxEntry, InboxFilter, InboxMember, InboxView } from "../inbox/inbox.ts";
import type { SearchedKind, SearchHit, TextSearch } from "../inbox/search.ts";
import { readSearchedText } from "./searched-text.ts";
import { type Piece, snippet } from "./snippet.ts";

/** Where a conversation has the words. */
export interface FoundText {
  readonly seq: number;
  readonly at: number;
  readonly kind: SearchedKind;
  readonly callId?: string;
  /** The text around the first place, in pieces, of which those with `hit` are what was searched for. */
  readonly pieces: readonly Piece[];
}

export interface FoundConversation extends InboxEntry {
  readonly found: FoundText;
}

export interface FoundPage {
  readonly items: readonly FoundConversation[];
  /** Where to go on. */
  readonly next?: number;
}

export interface FoundConversationsPorts {
  readonly search: Pick<TextSearch, "search">;
  readonly inbox: Pick<Inbox, "findInInbox" | "fewConversations">;
  readonly journal: Pick<Store, "readFrom" | "readResult">;
}

/** A filter that leaves so few is given to the search, which then looks at nothing else. */
const FEW = 200;
/** How often one page may ask the search for more where a filter left too little. */
const ROUNDS = 5;

/** Conversations with a text that has all words, as far as they are in the view and meet the filter. */
export class FoundConversations {
  readonly #ports: FoundConversationsPorts;

  constructor(ports: FoundConversationsPorts) {
    this.#ports = ports;
  }

  async find({
    words,
    before,
    limit,
    ...among
  }: {
    readonly words: string;
    readonly before?: number;
    readonly limit: number;
    readonly view: InboxView;
    readonly filter: InboxFilter;
    readonly member: InboxMember;
    readonly now: number;
  }): Promise<FoundPage> {
    const { search, inbox } = this.#ports;
    const { assistant, from, to, ...rest } = among.filter;
    const few = await inbox.fewConversations(rest, FEW);
    const filter = {
      ...(assistant === undefined ? {} : { assistant }),
      ...(few === undefined ? {} : { conversations: few }),
    };
    // The time is that of the text: what was said in March is found in March, however long its conversation went on.
    const times = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    const items: FoundConversation[] = [];
    let next = before;
    for (let round = 0; round < ROUNDS && items.length < limit; round += 1) {
      const found = await search.search({
        words,
        limit: limit - items.length,
        filter: { ...filter, ...times },
        ...(next === undefined ? {} : { before: next }),
      });
      items.push(
        ...(await this.#shown(words, found.hits, { ...among, filter: { ...rest, ...(assistant === undefined ? {} : { assistant }) } })),
      );
      next = found.next;
      if (next === undefined) return { items };
    }
    return { items, ...(next === undefined ? {} : { next }) };
  }

  async #shown(words: string, hits: readonly SearchHit[], among: Parameters<Inbox["findInInbox"]>[1]): Promise<FoundConversation[]> {
    const { inbox, journal } = this.#ports;
    const ids = hits.map(({ conversationId }) => conversationId);
    const entries = new Map((await inbox.findInInbox(ids, among)).map((entry) => [entry.id, entry]));
    const shown: FoundConversation[] = [];
    for (const { conversationId, seq } of hits) {
      const entry = entries.get(conversationId);
      const [event] = entry === undefined ? [] : await journal.readFrom(conversationId, seq, 1);
      const text = event?.seq === seq ? await readSearchedText(journal, conversationId, event) : undefined;
      if (entry === undefined || event === undefined || text === undefined) continue;
      const pieces = snippet(text.text, words);
      shown.push({ ...entry, found: { seq, at: event.at, kind: text.kind, ...callOf(event), pieces } });
    }
    return shown;
  }
}

function callOf(event: JournalEvent): { callId?: string } {
  return event.type === "tool-call-ended" ? { callId: event.callId } : {};
}
