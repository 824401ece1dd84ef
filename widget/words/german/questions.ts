import type { QuestionWords } from "../types/question-words.ts";

const who = (name: string | undefined): string => name ?? "Ihnen";

export const germanQuestions: QuestionWords = {
  asks: (server) => `${server} fragt`,
  optional: "optional",
  chooseOne: "Bitte wählen",
  noAnswer: "Keine Angabe",
  submit: "Absenden",
  decline: "Ablehnen",
  cancel: "Abbrechen",
  sendingAnswer: "Wird gesendet …",
  timeToAnswer: (duration) => `Noch ${duration} zum Antworten`,
  answerOver: "Die Zeit zum Antworten ist vorbei.",
  atLeast: (least) => `Mindestens ${least}`,
  atMost: (most) => `Höchstens ${most}`,
  between: (least, most) => `Von ${least} bis ${most}`,
  faults: {
    needed: "Bitte ausfüllen.",
    number: "Bitte eine Zahl eingeben.",
    whole: "Bitte eine ganze Zahl eingeben.",
    least: (least) => `Bitte ${least} oder mehr eingeben.`,
    most: (most) => `Bitte ${most} oder weniger eingeben.`,
    short: (least) => `Bitte mindestens ${least} Zeichen eingeben.`,
    long: (most) => `Bitte höchstens ${most} Zeichen eingeben.`,
    email: "Bitte eine E-Mail-Adresse eingeben, zum Beispiel name@example.com.",
    address: "Bitte eine ganze Adresse eingeben, zum Beispiel https://example.com.",
    date: "Bitte ein Datum eingeben.",
    few: (least) => `Bitte mindestens ${least} auswählen.`,
    many: (most) => `Bitte höchstens ${most} auswählen.`,
  },

  pageTitle: (server) => `${server} bittet Sie auf eine Seite`,
  pageWhy: "Prüfen Sie die Adresse. Sie öffnet sich in einem neuen Fenster.",
  openPage: "Seite öffnen",
  badPage: "Diese Adresse kann von hier aus nicht geöffnet werden.",

  form: (server) => `Formular von ${server}`,
  page: (server) => `Seite von ${server}`,
  answered: (name, time) => `Um ${time} von ${who(name)} beantwortet`,
  opened: (name, time) => `Um ${time} von ${who(name)} geöffnet`,
  declined: (name, time) => `Um ${time} von ${who(name)} abgelehnt`,
  cancelled: (name, time) => `Um ${time} von ${who(name)} abgebrochen`,
  expired: "Niemand hat rechtzeitig geantwortet.",
  withdrawn: "Nicht mehr nötig.",

  errors: {
    "unknown-request": "Diese Anfrage gibt es in dieser Unterhaltung nicht.",
    "request-over": "Hier wird keine Antwort mehr erwartet.",
    "unfit-answer": "Etwas im Formular passt nicht.",
  },
};
