/** What a call says by itself. The owner's own fillers come before these. */
export interface CallWords {
  /** While a tool runs, one after the other. */
  readonly fillers: readonly string[];
  /** While it still runs, one after the other. */
  readonly stillWorking: readonly string[];
  /** How much of it is done, where that is known. */
  readonly percentDone: (percent: number) => string;
  /** A sign-in, or a form. */
  readonly lookAtChat: string;
  /** To a message that waits until somebody has decided. */
  readonly afterDecision: string;
  /** An answer has ended in which nothing was said. */
  readonly nothingSaid: string;
  readonly answerFailed: string;
  readonly notSent: string;
  readonly notHeard: string;
}

const ENGLISH: CallWords = {
  fillers: ["One moment, please.", "Let me look that up.", "Just a second."],
  stillWorking: ["I am still working on it.", "It takes a little longer.", "Thank you for waiting. I am still at it."],
  percentDone: (percent) => `About ${percent} percent is done.`,
  lookAtChat: "I need something from you for this. Please look at the chat.",
  afterDecision: "I will answer that after the decision.",
  nothingSaid: "That is all I have. Can I help you with anything else?",
  answerFailed: "Sorry, something went wrong. Please try again.",
  notSent: "Sorry, I cannot answer right now. Please try again in a moment.",
  notHeard: "Sorry, I could not hear that. Could you say it again?",
};

const GERMAN: CallWords = {
  fillers: ["Einen Moment, bitte.", "Ich sehe kurz nach.", "Einen Augenblick."],
  stillWorking: ["Ich bin noch dabei.", "Es dauert noch ein wenig.", "Danke für Ihre Geduld. Ich bin noch daran."],
  percentDone: (percent) => `Etwa ${percent} Prozent sind erledigt.`,
  lookAtChat: "Dafür brauche ich etwas von Ihnen. Bitte sehen Sie in den Chat.",
  afterDecision: "Das beantworte ich nach der Entscheidung.",
  nothingSaid: "Mehr habe ich nicht. Kann ich sonst noch etwas für Sie tun?",
  answerFailed: "Entschuldigung, da ist etwas schiefgegangen. Bitte versuchen Sie es noch einmal.",
  notSent: "Entschuldigung, ich kann gerade nicht antworten. Bitte versuchen Sie es gleich noch einmal.",
  notHeard: "Entschuldigung, das habe ich nicht gehört. Können Sie es noch einmal sagen?",
};

const WORDS: Readonly<Record<string, CallWords>> = { en: ENGLISH, de: GERMAN };

/** English for all languages that have no words here. */
export function callWords(language: string | undefined): CallWords {
  return WORDS[language?.split("-")[0]?.toLowerCase() ?? "en"] ?? ENGLISH;
}
