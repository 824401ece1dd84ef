/** What is said of an approval, and the phrase that gives it. In English and German; every other language gets English. */
export interface ApprovalWords {
  /** As `Intl` knows it. */
  readonly language: string;
  /** Nobody says it by accident, and no button is named so. */
  readonly phrase: string;
  readonly asks: (action: string) => string;
  readonly field: (title: string, value: string) => string;
  readonly more: string;
  /**
   * Ends with a word that is neither the phrase nor a refusal: the last thing that a microphone can hear of it means
   * nothing.
   */
  readonly question: string;
  readonly again: (action: string) => string;
  readonly button: string;
  readonly instead: string;
  readonly staff: string;
  readonly yes: string;
  readonly no: string;
  readonly nothing: string;
  readonly and: (list: string, more: number) => string;
  readonly endsIn: (characters: string) => string;
  readonly linkTo: (host: string) => string;
}

const ENGLISH: ApprovalWords = {
  language: "en",
  phrase: "yes, approve it",
  asks: (action) => `This needs your approval: ${action}.`,
  field: (title, value) => `${title}: ${value}.`,
  more: "And more on the screen.",
  question: "Say “yes, approve it” or “no”, please.",
  again: (action) => `Once more, about ${action}.`,
  button: "Approve or reject it on the screen, please.",
  instead: "Then approve or reject it on the screen, please.",
  staff: "A team member is checking this.",
  yes: "yes",
  no: "no",
  nothing: "empty",
  and: (list, more) => `${list} and ${more} more`,
  endsIn: (characters) => `it ends in ${characters}`,
  linkTo: (host) => `a link to ${host}`,
};

const GERMAN: ApprovalWords = {
  language: "de",
  phrase: "ja, freigeben",
  asks: (action) => `Das braucht Ihre Freigabe: ${action}.`,
  field: (title, value) => `${title}: ${value}.`,
  more: "Und mehr auf dem Bildschirm.",
  question: "Sagen Sie „ja, freigeben“ oder „nein“, bitte.",
  again: (action) => `Noch einmal, es geht um ${action}.`,
  button: "Bitte auf dem Bildschirm freigeben oder ablehnen, danke.",
  instead: "Dann bitte auf dem Bildschirm freigeben oder ablehnen, danke.",
  staff: "Jemand aus dem Team prüft das gerade.",
  yes: "ja",
  no: "nein",
  nothing: "leer",
  and: (list, more) => `${list} und ${more} weitere`,
  endsIn: (characters) => `endet auf ${characters}`,
  linkTo: (host) => `ein Link zu ${host}`,
};

/** @param language such as `de-AT`. Absent: English. */
export function approvalWords(language: string | undefined): ApprovalWords {
  return /^de\b/i.test(language ?? "") ? GERMAN : ENGLISH;
}
