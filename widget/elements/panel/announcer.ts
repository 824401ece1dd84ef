import type { ThreadNews } from "../../controllers/thread-news.ts";
import type { ThreadState } from "../../thread/state.ts";
import { turnErrorText } from "../foundation/error-text.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";
import { spokenAnswer } from "../thread/answer.ts";

/**
 * What a screen reader hears, at most: that somebody replies, the finished answer, a card and its end. Never a token.
 * One polite live region holds the last of them; the log itself is silent.
 */
export class Announcer {
  /** What the live region says. */
  text = "";
  #replyingTurnId: string | undefined;
  #warning = "";
  #queue: Promise<unknown> = Promise.resolve();

  /** Takes in what happened live; calls `changed` when there is something new to say. */
  hear(news: ThreadNews, context: ThreadContext, changed: () => void): void {
    // One after the other: if a card's words have to be loaded, an answer that came after it is still said after it.
    this.#queue = this.#queue
      .then(() => sentence(news, context))
      .then(
        (text) => this.#say(text) && changed(),
        () => {},
      );
  }

  /** Says once per turn that an answer is on its way. */
  watch(state: ThreadState, context: ThreadContext): boolean {
    const turn = state.turns.findLast(({ status }) => status === "running");
    if (turn === undefined || turn.turnId === this.#replyingTurnId) return false;
    this.#replyingTurnId = turn.turnId;
    return this.#say(context.words.replying(context.assistantName));
  }

  /** Says what is wrong with the connection, once; nothing while `warning` is empty. Whether it was said now. */
  warn(warning: string): boolean {
    const isNew = warning !== "" && warning !== this.#warning;
    this.#warning = warning;
    if (isNew) this.text = warning;
    return isNew;
  }

  #say(text: string): boolean {
    if (text === "") return false;
    // The same sentence twice would not be a change, and so not be heard.
    this.text = text === this.text ? `${text}\u00a0` : text;
    return true;
  }
}

function sentence(news: ThreadNews, context: ThreadContext): string | Promise<string> {
  switch (news.kind) {
    case "answer": {
      const { words } = context;
      const end =
        news.turn.status === "failed" ? turnErrorText(news.turn.error, words) : news.turn.status === "stopped" ? words.stopped : "";
      return spokenAnswer(news.turn, end, context);
    }
    case "card":
      // The card is drawn by the same module, so it is here or on its way.
      return import("../calls/call-parts.ts").then(({ announcementText }) => announcementText(news.call, news.card, context));
    case "person":
      return import("../people/people-parts.ts").then(({ spokenPerson }) => spokenPerson(news.event, context));
    case "message":
    case "error":
      return "";
  }
}
