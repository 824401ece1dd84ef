import { words } from "../foundation/words.ts";

export const settleWords = words(
  {
    settle: (tool: string) => `How did ${tool} end?`,
    happened: "It happened",
    happenedHint: "The customer is told that it went through.",
    failed: "It did not happen",
    failedHint: "The customer is told that it did not go through.",
    mayRetry: "The assistant may try again",
    leave: "Leave it unknown",
    leaveHint: "Only your team reads the note. The call stays among the unknown outcomes.",
    note: "Note",
    noteHint: "The customer and the assistant read it.",
    save: "Save",
    settledAs: {
      ok: (tool: string) => `Settled: ${tool} happened`,
      failed: (tool: string) => `Settled: ${tool} did not happen`,
      unknown: (tool: string) => `Noted: ${tool}`,
    },
    chooseOne: "Choose how it ended.",
  },
  {
    settle: (tool: string) => `Wie endete ${tool}?`,
    happened: "Es ist geschehen",
    happenedHint: "Die Kundin oder der Kunde erfährt, dass es geklappt hat.",
    failed: "Es ist nicht geschehen",
    failedHint: "Die Kundin oder der Kunde erfährt, dass es nicht geklappt hat.",
    mayRetry: "Der Assistent darf es noch einmal versuchen",
    leave: "Unbekannt lassen",
    leaveHint: "Nur Ihr Team liest die Notiz. Der Aufruf bleibt unter den unbekannten Ergebnissen.",
    note: "Notiz",
    noteHint: "Die Kundin oder der Kunde und der Assistent lesen sie.",
    save: "Speichern",
    settledAs: {
      ok: (tool: string) => `Geklärt: ${tool} ist geschehen`,
      failed: (tool: string) => `Geklärt: ${tool} ist nicht geschehen`,
      unknown: (tool: string) => `Notiert: ${tool}`,
    },
    chooseOne: "Wählen Sie, wie es endete.",
  },
);
