import type { FeedbackWords } from "../types/feedback-words.ts";

export const englishFeedback: FeedbackWords = {
  rate: "Rate this answer",
  up: "Good answer",
  down: "Bad answer",
  why: { up: "What was good? (optional)", down: "What was wrong? (optional)" },
  sendComment: "Send",
  noComment: "Close",
  thanks: "Thank you for your comment.",
  notKept: "This could not be sent. Try again.",
};
