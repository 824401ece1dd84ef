/** What is said about the rating of answers. A page whose owner switched it off does not need it. */
export interface FeedbackWords {
  readonly rate: string;
  readonly up: string;
  readonly down: string;
  /** Asked after a rating. */
  readonly why: { readonly up: string; readonly down: string };
  readonly sendComment: string;
  readonly noComment: string;
  readonly thanks: string;
  readonly notKept: string;
}
