import { englishFeedback } from "./english/feedback.ts";
import { LateWords } from "./late-words.ts";
import type { FeedbackWords } from "./types/feedback-words.ts";

export const feedbackWords = new LateWords<FeedbackWords>(englishFeedback, (late) => late.feedback());
