import type { Replies, RequestName, Trace } from "../../../protocol/frames.ts";
import type { Within } from "../../controllers/card-decision.ts";
import type { PeopleInfo } from "../../thread/state.ts";
import type { Formats } from "../../words/formats.ts";
import type { Words } from "../../words/types/words.ts";

/** What it takes to say something in the customer's language. */
export type Speaking = Pick<ThreadContext, "words" | "formats">;

/**
 * What every part of a thread needs besides its own state. A new object means that all of it is drawn anew, so keep it
 * while nothing changed.
 */
export interface ThreadContext {
  readonly words: Words;
  readonly formats: Formats;
  readonly assistantName: string;
  readonly trace: Trace;
  readonly people: PeopleInfo | undefined;
  /** Where the server is, as the page says. */
  readonly server: string;
  /** Whether answers may be rated. */
  readonly feedback?: boolean | undefined;
  /** The server's clock, milliseconds since 1970. */
  readonly now: () => number;
  /** Asks the server; rejects with an error whose message is for the customer. */
  readonly request: <N extends RequestName>(name: N, frame: Within<N>) => Promise<Replies[N]>;
  readonly loadOlder: () => Promise<void>;
}
