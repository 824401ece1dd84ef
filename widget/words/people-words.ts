import { englishPeople } from "./english/people.ts";
import { LateWords } from "./late-words.ts";
import type { PeopleWords } from "./types/people-words.ts";

export const peopleWords = new LateWords<PeopleWords>(englishPeople, (late) => late.people());
