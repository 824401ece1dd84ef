/** What a thread needs once a person is in it: comes with the first of them. */
import type { PersonEvent } from "../../thread/state.ts";
import { peopleWords } from "../../words/people-words.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";
import { peopleStyles } from "./people.styles.ts";
import { personText } from "./person-text.ts";
import "./person.ts";

export const styles = [peopleStyles];

/** What a screen reader hears of it. */
export async function spokenPerson(event: PersonEvent, context: ThreadContext): Promise<string> {
  await peopleWords.load(context.words);
  return personText(event, context, peopleWords.in(context.words));
}
