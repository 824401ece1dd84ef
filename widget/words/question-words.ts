import { englishQuestions } from "./english/questions.ts";
import { LateWords } from "./late-words.ts";
import type { QuestionWords } from "./types/question-words.ts";

export const questionWords = new LateWords<QuestionWords>(englishQuestions, (late) => late.questions());
