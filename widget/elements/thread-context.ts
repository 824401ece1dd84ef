import type { CallDetails, Trace } from "../../protocol/frames.ts";
import type { Formats } from "../words/formats.ts";
import type { Words } from "../words/words.ts";

/** What every part of a thread needs besides its own state. A new object means that all of it is drawn anew, so keep it while nothing changed. */
export interface ThreadContext {
  readonly words: Words;
  readonly formats: Formats;
  readonly assistantName: string;
  readonly trace: Trace;
  /** The server's clock, milliseconds since 1970. */
  readonly now: () => number;
  readonly readCall: (callId: string) => Promise<CallDetails>;
  readonly loadOlder: () => Promise<void>;
}
