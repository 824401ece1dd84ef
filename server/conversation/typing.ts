import type { Clock } from "../foundation/clock.ts";
import type { Live } from "./journal/live.ts";
import type { Typing } from "./ports/room.ts";

/** Within this time, the same person's typing is news once. Clients say it every 3 s. */
const NEWS_MS = 1_000;
/** Whoever types in ever new conversations must not fill the memory. */
const MOST_REMEMBERED = 10_000;

/** Tells the room who is writing, no oftener than anybody has to know. Nothing of it is kept. */
export class TypingNews {
  readonly #live: Pick<Live, "typing">;
  readonly #clock: Pick<Clock, "now">;
  readonly #toldAt = new Map<string, number>();

  constructor({ live, clock }: { readonly live: Pick<Live, "typing">; readonly clock: Pick<Clock, "now"> }) {
    this.#live = live;
    this.#clock = clock;
  }

  tell(typing: Typing): void {
    const { conversationId, by, what } = typing;
    const news = `${conversationId} ${by.kind} ${by.id} ${what}`;
    const now = this.#clock.now();
    const before = this.#toldAt.get(news);
    if (before !== undefined && now - before < NEWS_MS) return;
    if (this.#toldAt.size >= MOST_REMEMBERED) this.#toldAt.clear();
    this.#toldAt.set(news, now);
    this.#live.typing(typing);
  }
}
