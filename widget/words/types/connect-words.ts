import type { DecidedWords } from "./decided-words.ts";

/** What is said about sign-ins and connections. A conversation without them does not need it. */
export interface ConnectWords {
  readonly connectTitle: (server: string) => string;
  /** Without a tool: what was asked for as a whole. */
  readonly connectWhat: (tool: string | undefined) => string;
  readonly connectWhy: {
    readonly first: (server: string, what: string) => string;
    readonly expired: (server: string, what: string) => string;
    readonly scope: (server: string, what: string) => string;
  };
  readonly connectHow: (server: string) => string;
  readonly asksFor: string;
  readonly exactScopes: string;
  /** By the scopes that mean the same everywhere. */
  readonly scopes: { readonly [scope: string]: string };
  /** By the verbs in scopes, "Read orders". */
  readonly scopeVerbs: { readonly [verb: string]: (what: string) => string };
  readonly connect: string;
  readonly skip: string;
  readonly opening: string;
  readonly elsewhere: (server: string) => string;
  readonly showWindow: string;
  readonly blocked: string;
  readonly openSignIn: string;
  /** The window was closed too early, or after the customer had declined there. */
  readonly windowEnd: { readonly left: string; readonly declined: string };
  readonly noLine: string;
  readonly timeToConnect: (duration: string) => string;
  readonly connectOver: string;
  readonly signInNeeded: (title: string) => string;
  readonly connected: DecidedWords;
  readonly skipped: DecidedWords;
  readonly expired: string;
  readonly withdrawn: string;

  readonly connections: string;
  readonly connectionsWhat: string;
  readonly noConnections: string;
  readonly connectedSince: (day: string) => string;
  readonly signInExpired: string;
  readonly disconnect: string;
  readonly disconnectAsk: (server: string) => string;
  readonly keep: string;
  readonly disconnecting: string;
  readonly disconnected: (server: string) => string;
  readonly connectionsFailed: string;
  readonly back: string;

  /** By the codes of `ERRORS` that only sign-ins meet; one that is missing is said in the server's own words. */
  readonly errors: { readonly [code: string]: string };
}
