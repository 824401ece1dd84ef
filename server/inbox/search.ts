/** What a searched text is: a customer's message, the assistant's answer, a reply or note of the staff, a tool's result. */
export const SEARCHED_KINDS = ["message", "answer", "reply", "note", "result"] as const;
export type SearchedKind = (typeof SEARCHED_KINDS)[number];

/** Where a text is, for whoever reads it in its journal. */
export interface SearchHit {
  readonly conversationId: string;
  readonly seq: number;
  readonly at: number;
  /** Newer texts have higher places: where a search goes on. */
  readonly place: number;
}

/** `from <= at < to`. */
export interface SearchFilter {
  readonly assistant?: string;
  readonly kind?: SearchedKind;
  readonly from?: number;
  readonly to?: number;
  /** Only these. */
  readonly conversations?: readonly string[];
}

export interface SearchStanding {
  /** Texts that are written and not read yet. */
  readonly waiting: number;
  /** Conversations of before the search was there that it has yet to read; undefined: none. */
  readonly conversationsLeft?: number;
}

/**
 * Full text search over the texts of all journals, notes of the staff included: whoever asks must be staff who may read
 * conversations. It follows the journals by itself, a moment later. Letters are found in capitals or small, with accents
 * or without; a part of a word of three characters or more, the beginning of a shorter one; Chinese, Japanese and
 * Korean from one character on. Nothing in the words is a command. The law is in `test/contract/search.ts`.
 */
export interface TextSearch {
  /**
   * The newest text of each conversation that has all words, newest first, with lower places than `before`. `next` is
   * there when there may be more, also where this page has none: a search looks at so many texts at once and no more.
   */
  search(options: {
    words: string;
    before?: number;
    limit: number;
    filter: SearchFilter;
  }): Promise<{ readonly hits: readonly SearchHit[]; readonly next?: number }>;
  standing(): Promise<SearchStanding>;
  /** Nothing of them is found from now on, and when the promise is kept, no byte of them is left in the search's files. */
  removeFromSearch(conversationIds: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
