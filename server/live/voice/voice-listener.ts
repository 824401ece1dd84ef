import type { JournalEvent } from "../../../protocol/events.ts";
import type { VoiceCalls } from "../../voice/voice-calls.ts";
import type { Listener } from "../room.ts";

/** The calls of this server, as those who listen to conversations. They see everything: what is said is their choice. */
export class VoiceListener implements Listener<JournalEvent> {
  readonly name = "voice calls";
  #calls: Pick<VoiceCalls, "hears" | "events" | "text" | "progress"> | undefined;

  /** The room is there before any call can be. */
  follow(calls: Pick<VoiceCalls, "hears" | "events" | "text" | "progress">): void {
    this.#calls = calls;
  }

  hears(conversationId: string): boolean {
    return this.#calls?.hears(conversationId) === true;
  }

  view(event: JournalEvent): JournalEvent {
    return event;
  }

  events(conversationId: string, events: readonly JournalEvent[]): void {
    this.#calls?.events(conversationId, events);
  }

  text(frame: Parameters<VoiceCalls["text"]>[0]): void {
    this.#calls?.text(frame);
  }

  progress(frame: Parameters<VoiceCalls["progress"]>[0]): void {
    this.#calls?.progress(frame);
  }

  typing(): void {
    // Nobody hears somebody write.
  }
}
