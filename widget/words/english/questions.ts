import type { QuestionWords } from "../types/question-words.ts";

const who = (name: string | undefined): string => name ?? "you";

export const englishQuestions: QuestionWords = {
  asks: (server) => `${server} asks`,
  optional: "optional",
  chooseOne: "Choose one",
  noAnswer: "No answer",
  submit: "Submit",
  decline: "Decline",
  cancel: "Cancel",
  sendingAnswer: "Sending …",
  timeToAnswer: (duration) => `${duration} left to answer`,
  answerOver: "The time to answer is over.",
  atLeast: (least) => `At least ${least}`,
  atMost: (most) => `At most ${most}`,
  between: (least, most) => `From ${least} to ${most}`,
  faults: {
    needed: "Fill this in.",
    number: "Enter a number.",
    whole: "Enter a whole number.",
    least: (least) => `Enter ${least} or more.`,
    most: (most) => `Enter ${most} or less.`,
    short: (least) => `Enter at least ${least} characters.`,
    long: (most) => `Enter at most ${most} characters.`,
    email: "Enter an email address, such as name@example.com.",
    address: "Enter a whole address, such as https://example.com.",
    date: "Enter a date.",
    few: (least) => `Choose at least ${least}.`,
    many: (most) => `Choose at most ${most}.`,
  },

  pageTitle: (server) => `${server} wants you to visit a page`,
  pageWhy: "Check the address. It opens in a new window.",
  openPage: "Open page",
  badPage: "This address cannot be opened from here.",

  form: (server) => `Form from ${server}`,
  page: (server) => `Page from ${server}`,
  answered: (name, time) => `Answered by ${who(name)} at ${time}`,
  opened: (name, time) => `Opened by ${who(name)} at ${time}`,
  declined: (name, time) => `Declined by ${who(name)} at ${time}`,
  cancelled: (name, time) => `Cancelled by ${who(name)} at ${time}`,
  expired: "Nobody answered in time.",
  withdrawn: "No longer needed.",

  errors: {},
};
