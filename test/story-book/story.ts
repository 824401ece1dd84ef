import type { WireError } from "../../protocol/errors.ts";
import type { CallDetails, Replies } from "../../protocol/frames.ts";
import type { CallState } from "../../widget/call/call-state.ts";
import type { ThreadState } from "../../widget/thread/state.ts";

/** One state that people may see, with what is pressed to get there. */
export interface Story {
  readonly state: ThreadState;
  /** Most stories play in the open panel; this one in a closed one. */
  readonly closed?: boolean;
  readonly unread?: number;
  /** Accessible names of buttons to press, in order. */
  readonly press?: readonly string[];
  readonly draft?: string;
  /** The call that "Start call" begins. */
  readonly call?: Partial<CallState>;
  readonly details?: CallDetails;
  /** Answers the list of connections. */
  readonly connections?: Replies["connections-list"]["connections"];
  /** Why no sign-in can begin, and what becomes of a window that the story opens. */
  readonly signIn?: WireError;
  readonly opens?: "window" | "nothing" | "closed";
  /** The customer declined in that window. */
  readonly declined?: boolean;
  /** What is typed into the fields of a form, by their names. */
  readonly typed?: { readonly [label: string]: string };
}
