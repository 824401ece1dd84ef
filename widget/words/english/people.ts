import type { PeopleWords } from "../types/people-words.ts";

const who = (name: string | undefined): string => name ?? "A member of the team";

export const englishPeople: PeopleWords = {
  joined: (name) => `${who(name)} has joined. You are talking with a person now.`,
  left: (name) => `${who(name)} has left. The assistant answers again.`,
  typing: (name) => `${who(name)} is writing …`,
  closed: "The team has closed this conversation. Write again whenever you like.",
  asked: "The team knows that you want a person. Somebody will join you here.",
  nobodyThere: "Nobody of the team is there at the moment.",
  email: "Your email address",
  leaveEmail: "Leave address",
  badEmail: "That is not an email address.",
  sending: "Sending …",
  failed: "That could not be sent. Try again.",
  willWrite: (email) => `The team will write to ${email}.`,
};
