import type { PromptHistory } from "../prompt/prompt-history.ts";

interface Recent {
  readonly history: PromptHistory;
  readonly throughSeq: number;
  readonly characters: number;
}

const MOST_CONVERSATIONS = 1_000;
const MOST_CHARACTERS = 8 * 1024 * 1024;

/**
 * What conversations that have just rested had read of their journals, so that the next message costs no reading of all
 * that was said before. Only a copy: whoever finds nothing here reads the journal. The longest unused goes first.
 */
export class RecentHistories {
  readonly #recent = new Map<string, Recent>();
  #characters = 0;

  /** Takes out what was read exactly up to `throughSeq`; anything else is out of date and dropped. */
  take(conversationId: string, throughSeq: number): PromptHistory | undefined {
    const found = this.#recent.get(conversationId);
    this.forget(conversationId);
    return found?.throughSeq === throughSeq ? found.history : undefined;
  }

  /** Looks at it: whoever does changes nothing of it, and it stays. */
  peek(conversationId: string, throughSeq: number): Pick<PromptHistory, "copy"> | undefined {
    const found = this.#recent.get(conversationId);
    return found?.throughSeq === throughSeq ? found.history : undefined;
  }

  put(conversationId: string, history: PromptHistory, throughSeq: number): void {
    this.forget(conversationId);
    const { characters } = history;
    this.#recent.set(conversationId, { history, throughSeq, characters });
    this.#characters += characters;
    for (const oldest of this.#recent.keys()) {
      if (this.#recent.size <= MOST_CONVERSATIONS && this.#characters <= MOST_CHARACTERS) return;
      this.forget(oldest);
    }
  }

  forget(conversationId: string): void {
    this.#characters -= this.#recent.get(conversationId)?.characters ?? 0;
    this.#recent.delete(conversationId);
  }
}
