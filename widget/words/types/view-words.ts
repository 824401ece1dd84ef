/**
 * Why a view is not shown. `asked`: it wanted to be closed. `storm`: it would not be quiet, or took what was not its.
 * `refused`: the server does not open it.
 */
export type ViewFailure = "blocked" | "not-started" | "left" | "asked" | "storm" | "refused";

/** What is said about the views of tools. A conversation without them does not need it. */
export interface ViewWords {
  /** Names the frame for people who cannot see it. */
  readonly title: (tool: string, server: string) => string;
  /** Under the frame: whose it is. */
  readonly by: (server: string) => string;
  readonly loading: string;
  readonly fullScreen: string;
  readonly leaveFullScreen: string;
  readonly failures: { readonly [why in ViewFailure]: string };
  /** Before the result as text, where there is one. */
  readonly instead: string;
  /** In the place of a view that rests. */
  readonly show: string;

  readonly askLink: string;
  readonly wantsLink: (server: string) => string;
  readonly open: string;
  readonly askMessage: string;
  readonly wantsMessage: (server: string) => string;
  readonly send: string;
  readonly no: string;

  /** By the codes of `ERRORS` that only views meet; one that is missing is said in the server's own words. */
  readonly errors: { readonly [code: string]: string };
}
