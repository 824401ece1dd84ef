import type { FeedbackWords } from "../types/feedback-words.ts";

export const germanFeedback: FeedbackWords = {
  rate: "Diese Antwort bewerten",
  up: "Gute Antwort",
  down: "Schlechte Antwort",
  why: { up: "Was war gut? (freiwillig)", down: "Was stimmte nicht? (freiwillig)" },
  sendComment: "Senden",
  noComment: "Schließen",
  thanks: "Danke für Ihre Anmerkung.",
  notKept: "Das konnte nicht gesendet werden. Versuchen Sie es noch einmal.",
};
