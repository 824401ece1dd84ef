import type { JournalEvent } from "../../protocol/events.ts";
import type { ProgressFrame, TextFrame } from "../../protocol/frames.ts";
import type { Room, Typing } from "../../server/conversation/ports/room.ts";

/** A room that keeps whatever it hears. */
export class RecordingRoom implements Room {
  readonly journal: JournalEvent[] = [];
  readonly texts: TextFrame[] = [];
  readonly progresses: ProgressFrame[] = [];
  readonly typings: Typing[] = [];
  readonly #watchers = new Set<() => void>();

  events(_conversationId: string, events: readonly JournalEvent[]): void {
    this.journal.push(...events);
    this.#changed();
  }
  text(frame: TextFrame): void {
    this.texts.push(frame);
    this.#changed();
  }
  progress(frame: ProgressFrame): void {
    this.progresses.push(frame);
    this.#changed();
  }
  typing(typing: Typing): void {
    this.typings.push(typing);
    this.#changed();
  }

  /** Resolves when the predicate holds over what the room has heard. */
  async until(predicate: (room: RecordingRoom) => boolean): Promise<void> {
    if (predicate(this)) return;
    await new Promise<void>((resolve) => {
      const watcher = () => {
        if (!predicate(this)) return;
        this.#watchers.delete(watcher);
        resolve();
      };
      this.#watchers.add(watcher);
    });
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
