import type { IndexedText, SearchAnswer, SearchQuestion } from "./search-index.ts";

/** What the thread of the search is asked. Each has one answer, in any order. */
export type SearchOrder =
  | { readonly do: "search"; readonly question: SearchQuestion }
  | { readonly do: "add"; readonly texts: readonly IndexedText[]; readonly filled?: string | null }
  | { readonly do: "filled" }
  | { readonly do: "remove"; readonly conversationIds: readonly string[] }
  | { readonly do: "close" };

export interface SearchAnswers {
  readonly search: SearchAnswer;
  readonly add: undefined;
  /** Undefined: all was read. */
  readonly filled: string | undefined;
  readonly remove: undefined;
  readonly close: undefined;
}

export interface OrderFrame {
  readonly id: number;
  readonly order: SearchOrder;
}

export type AnswerFrame =
  | { readonly id: number; readonly answer: SearchAnswers[keyof SearchAnswers] }
  | { readonly id: number; readonly fault: string };
