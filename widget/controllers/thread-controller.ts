import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { CallDetails } from "../../protocol/frames.ts";
import type { ThreadState } from "../thread/state.ts";
import type { ThreadNews } from "./thread-news.ts";

/** Which thread: read at `start` and whenever the host is put (back) into a page. */
export interface ThreadPlace {
  /** Origin of the server, such as `https://desk.example.com`. */
  readonly server: string;
  readonly assistant: string;
  /** Keeps several elements for the same assistant on one page apart. Empty for the only one. */
  readonly name?: string;
}

export interface ThreadOptions {
  readonly place: () => ThreadPlace;
  /** Called for what just happened, after `state` has it. */
  readonly news?: (news: ThreadNews) => void;
}

/** The only bridge between elements and the conversation. Every change asks the host for an update, at most one per animation frame. */
export class ThreadController implements ReactiveController {
  constructor(host: ReactiveControllerHost, options: ThreadOptions) {
    host.addController(this);
    void options;
  }

  /** What to draw; a new object whenever something changed, unchanged turns and parts keep their identity. */
  get state(): ThreadState {
    throw new Error("not built yet");
  }

  /** Answers and cards that came while nobody was reading. */
  get unread(): number {
    return 0;
  }

  /** Loads the line and connects; harmless when repeated. Nothing is loaded before. Call it when the panel is opened for the first time. */
  start(): void {}

  /** Whether the thread is on screen: while it is, everything counts as read. */
  set reading(reading: boolean) {
    void reading;
  }
  get reading(): boolean {
    return false;
  }

  /** Sends a message, starting if needed; drawn at once as `sending`. Returns its id. Only white space: sends nothing, returns undefined. */
  send(text: string): string | undefined {
    return text;
  }

  /** Stops the running turn; harmless when there is none. */
  stop(): void {}

  /** Asks for another try of a failed turn. */
  retry(turnId: string): void {
    void turnId;
  }

  /** Sends a `failed` message again. */
  retryMessage(messageId: string): void {
    void messageId;
  }

  /** Takes a `failed` message away, unsent. */
  removeMessage(messageId: string): void {
    void messageId;
  }

  /** Decides on a card that is shown. How it went comes through `state`: `deciding`, then `status` or `error`. */
  decide(approvalId: string, decision: "approved" | "rejected", more: { scope?: "once" | "conversation"; reason?: string } = {}): void {
    void [approvalId, decision, more];
  }

  /** Leaves the conversation and begins an empty one, in this tab only. What was not sent yet is still sent to the old one. */
  newConversation(): void {}

  /** Reads the page before the oldest event. Resolves when it is in `state`; at once when there is none or one is being read. */
  loadOlder(): Promise<void> {
    return Promise.resolve();
  }

  /** The raw call behind a row of Sources. Rejects with `RequestRefusedError` or `LineLostError`; their messages are for the customer. */
  readCall(callId: string): Promise<CallDetails> {
    return Promise.reject(new Error(callId));
  }

  hostConnected(): void {}
  hostDisconnected(): void {}
}
