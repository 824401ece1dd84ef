import { words } from "../../foundation/words.ts";

export const noticesWords = words(
  {
    title: "Notifications in this browser",
    lead: "When a call waits for the team, or a customer asks for a person.",
    notices: "Notify me in this browser",
    noticesHint: "While you look elsewhere, and after you have closed the console. It names no customer.",
    missing: "This browser has no notifications here. They need https.",
    refused: "This browser does not allow notifications. Change that in its settings for this site.",
    onlyOpen: "This browser notifies you only while the console is open: its push service cannot be reached.",
    sound: "Play a sound",
    soundHint: "While the console is open.",
    hear: "Hear it",
    blocked: "The browser blocks the sound. Allow it in the settings for this site, then press “Hear it”.",
  },
  {
    title: "Benachrichtigungen in diesem Browser",
    lead: "Wenn ein Aufruf auf das Team wartet oder jemand mit einer Person sprechen möchte.",
    notices: "In diesem Browser benachrichtigen",
    noticesHint: "Während Sie woanders hinsehen, und wenn Sie die Konsole geschlossen haben. Kein Kunde wird dabei genannt.",
    missing: "Dieser Browser hat hier keine Benachrichtigungen. Sie brauchen https.",
    refused: "Dieser Browser erlaubt keine Benachrichtigungen. Ändern Sie das in seinen Einstellungen für diese Seite.",
    onlyOpen: "Dieser Browser benachrichtigt Sie nur, solange die Konsole offen ist: Sein Push-Dienst ist nicht erreichbar.",
    sound: "Einen Ton abspielen",
    soundHint: "Solange die Konsole offen ist.",
    hear: "Anhören",
    blocked: "Der Browser blockiert den Ton. Erlauben Sie ihn in den Einstellungen für diese Seite und drücken Sie dann „Anhören“.",
  },
);
