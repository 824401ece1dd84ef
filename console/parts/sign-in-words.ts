import { words } from "../foundation/words.ts";

/** What a server lacks that wants somebody to sign in: the same words wherever it is told. */
export const signInWords = words(
  {
    needed: "Sign-in needed",
    first: "It wants a sign-in with OAuth 2.0. Connect a shared account, or let each customer sign in.",
    chooseOauth: "It wants a sign-in with OAuth 2.0. Choose “OAuth 2.0” as its authentication.",
    ended: "The sign-in of its shared account has ended. Until somebody signs in again, its tools cannot be called.",
    refused: "It lists its tools to anybody, and refused a call without a sign-in. Choose its authentication in its settings.",
  },
  {
    needed: "Anmeldung nötig",
    first: "Er verlangt eine Anmeldung mit OAuth 2.0. Verbinden Sie ein gemeinsames Konto, oder lassen Sie jeden Kunden sich anmelden.",
    chooseOauth: "Er verlangt eine Anmeldung mit OAuth 2.0. Wählen Sie „OAuth 2.0“ als Authentifizierung.",
    ended:
      "Die Anmeldung seines gemeinsamen Kontos ist abgelaufen. Bis sich jemand neu anmeldet, lassen sich seine Werkzeuge nicht aufrufen.",
    refused:
      "Er zeigt seine Werkzeuge jedem und hat einen Aufruf ohne Anmeldung abgelehnt. Wählen Sie in den Einstellungen seine Authentifizierung.",
  },
);
