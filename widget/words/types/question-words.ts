import type { DecidedWords } from "./decided-words.ts";

/**
 * What is said about the questions of servers: forms, and pages to visit. A conversation without them does not need it.
 */
export interface QuestionWords {
  readonly asks: (server: string) => string;
  readonly optional: string;
  readonly chooseOne: string;
  readonly noAnswer: string;
  readonly submit: string;
  readonly decline: string;
  readonly cancel: string;
  readonly sendingAnswer: string;
  readonly timeToAnswer: (duration: string) => string;
  readonly answerOver: string;
  readonly atLeast: (least: string) => string;
  readonly atMost: (most: string) => string;
  readonly between: (least: string, most: string) => string;
  readonly faults: {
    readonly needed: string;
    readonly number: string;
    readonly whole: string;
    readonly least: (least: string) => string;
    readonly most: (most: string) => string;
    readonly short: (least: number) => string;
    readonly long: (most: number) => string;
    readonly email: string;
    readonly address: string;
    readonly date: string;
    readonly few: (least: number) => string;
    readonly many: (most: number) => string;
  };

  readonly pageTitle: (server: string) => string;
  readonly pageWhy: string;
  readonly openPage: string;
  readonly badPage: string;

  /** What a card was, put before how it was decided. */
  readonly form: (server: string) => string;
  readonly page: (server: string) => string;
  readonly answered: DecidedWords;
  readonly opened: DecidedWords;
  readonly declined: DecidedWords;
  readonly cancelled: DecidedWords;
  readonly expired: string;
  readonly withdrawn: string;

  /** By the codes of `ERRORS` that only questions meet; one that is missing is said in the server's own words. */
  readonly errors: { readonly [code: string]: string };
}
