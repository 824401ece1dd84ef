import type { PersonEvent } from "../../thread/state.ts";
import type { PeopleWords } from "../../words/types/people-words.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";

/** What is said of it; a reply says itself. */
export function personText(event: PersonEvent, { people }: ThreadContext, words: PeopleWords): string {
  switch (event.type) {
    case "reply-sent":
      return event.text;
    case "person-joined":
      return words.joined(isolated(event.by.name));
    case "handed-back":
      return words.left(isolated(event.by.name));
    case "conversation-closed":
      return words.closed;
    case "person-asked":
      return event.open ? words.asked : (people?.outside ?? words.nobodyThere);
    case "contact-left":
      return words.willWrite(event.email);
  }
}

/** A name keeps its own direction and leaves that of the sentence alone. */
export function isolated(name: string | undefined): string | undefined {
  return name === undefined ? undefined : `\u2068${name}\u2069`;
}
