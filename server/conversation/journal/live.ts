import type { JournalEvent } from "../../../protocol/events.ts";
import type { ProgressFrame, RunningText, TextFrame } from "../../../protocol/frames.ts";
import type { Room, Typing } from "../ports/room.ts";

interface LiveConversation {
  running: { -readonly [Key in keyof RunningText]-?: RunningText[Key] } | undefined;
  readonly progress: Map<string, ProgressFrame>;
  /** A person has joined: what the model says until it has stopped reaches nobody. */
  silent: boolean;
}

/**
 * What is passing in the conversations that run here: the text so far and how far calls are. Whoever joins late gets it
 * from here; it is gone when the run rests. Everything for the room goes through it, so that a late joiner's copy and
 * the frames that follow fit together.
 */
export class Live {
  readonly #room: Room;
  readonly #conversations = new Map<string, LiveConversation>();
  #streams = 0;

  constructor(room: Room) {
    this.#room = room;
  }

  events(conversationId: string, events: readonly JournalEvent[]): void {
    if (events.some((event) => event.type === "person-joined")) this.#of(conversationId).silent = true;
    const live = this.#conversations.get(conversationId);
    if (live !== undefined) {
      for (const event of events) {
        if (event.type === "handed-back") live.silent = false;
        if (event.type === "step-ended" || event.type === "turn-ended") live.running = undefined;
        if (event.type === "tool-call-ended") live.progress.delete(event.callId);
      }
    }
    this.#room.events(conversationId, events);
  }

  text(frame: TextFrame): void {
    const live = this.#of(frame.conversationId);
    if (live.silent) return;
    const { turnId, step, offset, text } = frame;
    if (offset > 0 && live.running?.turnId === turnId && live.running.step === step) live.running.text += text;
    else live.running = { turnId, step, text, stream: (this.#streams += 1) };
    this.#room.text({ ...frame, stream: live.running.stream });
  }

  progress(frame: ProgressFrame): void {
    this.#of(frame.conversationId).progress.set(frame.callId, frame);
    this.#room.progress(frame);
  }

  typing(typing: Typing): void {
    this.#room.typing(typing);
  }

  rest(conversationId: string): void {
    this.#conversations.delete(conversationId);
  }

  snapshot(conversationId: string): { running?: RunningText; progress: readonly ProgressFrame[] } {
    const live = this.#conversations.get(conversationId);
    if (live === undefined) return { progress: [] };
    return {
      ...(live.running === undefined ? {} : { running: { ...live.running } }),
      progress: [...live.progress.values()],
    };
  }

  #of(conversationId: string): LiveConversation {
    let live = this.#conversations.get(conversationId);
    if (live === undefined) {
      live = { running: undefined, progress: new Map(), silent: false };
      this.#conversations.set(conversationId, live);
    }
    return live;
  }
}
