import type { PeopleWords } from "../types/people-words.ts";

const who = (name: string | undefined): string => name ?? "Jemand aus dem Team";

export const germanPeople: PeopleWords = {
  joined: (name) => `${who(name)} ist jetzt da. Sie sprechen mit einem Menschen.`,
  left: (name) => `${who(name)} ist gegangen. Der Assistent antwortet wieder.`,
  typing: (name) => `${who(name)} schreibt …`,
  closed: "Das Team hat diese Unterhaltung beendet. Schreiben Sie jederzeit wieder.",
  asked: "Das Team weiß, dass Sie mit einem Menschen sprechen möchten. Gleich kommt jemand dazu.",
  nobodyThere: "Gerade ist niemand aus dem Team da.",
  email: "Ihre E-Mail-Adresse",
  leaveEmail: "Adresse hinterlassen",
  badEmail: "Das ist keine E-Mail-Adresse.",
  sending: "Wird gesendet …",
  failed: "Das ließ sich nicht senden. Versuchen Sie es noch einmal.",
  willWrite: (email) => `Das Team schreibt an ${email}.`,
};
