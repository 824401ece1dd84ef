import { formatNumber } from "../../foundation/format.ts";
import { words } from "../../foundation/words.ts";

export const homeWords = words(
  {
    title: "Home",
    hello: (name: string) => `Hello ${name}.`,
    empty: "Your front desk is empty",
    emptyText: "Five short steps lead to an assistant that answers on your own page. It takes about five minutes.",
    begin: "Begin",
    firstSteps: "First steps",
    goOn: (step: string) => `Next: ${step}`,
    doneOf: (done: string, all: string) => `${done} of ${all} done`,
    done: "done",
    open: "to do",
    care: "Needs care",
    noCare: "Nothing needs care now.",
    noCareText: "Assistants answer, and their servers are there, as far as is known at this moment.",
    careOfFirst: (count: string) => `Of the first ${count} assistants and servers. The lists of each have all.`,
    look: "Open",
    lookAt: (name: string) => `Open: ${name}`,
    more: (count: string) => `and ${count} more with it`,
    moreCare: (count: string) => `Show ${count} more`,
    assistants: "Assistants",
    allAssistants: "All assistants",
    broken: "Broken",
    risky: "Risky",
    fine: "Works",
    unseen: "Looked after by somebody else",
    draft: "draft waits",
    inFile: "in the configuration file",
    disconnected: (name: string) => `${name} cannot be used`,
    needsSignIn: (name: string) => `${name} needs a sign-in`,
    changed: (name: string) => `Tools of ${name} have changed`,
    changedText: (count: number) =>
      count === 1
        ? "The model does not see 1 tool until somebody accepts the difference."
        : `The model does not see ${formatNumber(count)} tools until somebody accepts the difference.`,
    fresh: (name: string) => `${name} has new tools`,
    freshText: (count: number) =>
      count === 1
        ? "1 tool asks before each call until somebody has looked at it."
        : `${formatNumber(count)} tools ask before each call until somebody has looked at them.`,
    supportNothing: "Nothing waits for you",
    supportNothingText: "When an assistant needs a decision from your team, or a customer asks for a person, it appears here by itself.",
    supportNow: "What you can do now",
    supportAccount: "Change your password, and see where you are signed in",
    supportKeys: "Press ? to see the keys that work everywhere",
    supportAssistant: (name: string) => `See how ${name} is set up`,
  },
  {
    title: "Start",
    hello: (name: string) => `Hallo ${name}.`,
    empty: "Ihr Empfang ist noch leer",
    emptyText: "Fünf kurze Schritte führen zu einem Assistenten, der auf Ihrer eigenen Seite antwortet. Das dauert etwa fünf Minuten.",
    begin: "Beginnen",
    firstSteps: "Erste Schritte",
    goOn: (step: string) => `Weiter: ${step}`,
    doneOf: (done: string, all: string) => `${done} von ${all} erledigt`,
    done: "erledigt",
    open: "offen",
    care: "Braucht Aufmerksamkeit",
    noCare: "Gerade braucht nichts Aufmerksamkeit.",
    noCareText: "Die Assistenten antworten, und ihre Server sind da, soweit es in diesem Augenblick bekannt ist.",
    careOfFirst: (count: string) => `Aus den ersten ${count} Assistenten und Servern. Ihre Listen haben alle.`,
    look: "Öffnen",
    lookAt: (name: string) => `Öffnen: ${name}`,
    more: (count: string) => `und ${count} weitere dabei`,
    moreCare: (count: string) => `${count} weitere zeigen`,
    assistants: "Assistenten",
    allAssistants: "Alle Assistenten",
    broken: "Kaputt",
    risky: "Riskant",
    fine: "Funktioniert",
    unseen: "Jemand anders kümmert sich",
    draft: "Entwurf wartet",
    inFile: "in der Konfigurationsdatei",
    disconnected: (name: string) => `${name} ist nicht zu benutzen`,
    needsSignIn: (name: string) => `${name} braucht eine Anmeldung`,
    changed: (name: string) => `Werkzeuge von ${name} haben sich geändert`,
    changedText: (count: number) =>
      count === 1
        ? "1 Werkzeug bleibt dem Modell verborgen, bis jemand die Änderung annimmt."
        : `${formatNumber(count)} Werkzeuge bleiben dem Modell verborgen, bis jemand die Änderung annimmt.`,
    fresh: (name: string) => `${name} hat neue Werkzeuge`,
    freshText: (count: number) =>
      count === 1
        ? "1 Werkzeug fragt vor jedem Aufruf, bis jemand es angesehen hat."
        : `${formatNumber(count)} Werkzeuge fragen vor jedem Aufruf, bis jemand sie angesehen hat.`,
    supportNothing: "Nichts wartet auf Sie",
    supportNothingText:
      "Braucht ein Assistent eine Entscheidung Ihres Teams, oder möchte jemand mit einer Person sprechen, erscheint es hier von selbst.",
    supportNow: "Was Sie jetzt tun können",
    supportAccount: "Ihr Passwort ändern und sehen, wo Sie angemeldet sind",
    supportKeys: "Mit ? sehen Sie die Tasten, die überall gelten",
    supportAssistant: (name: string) => `Ansehen, wie ${name} eingerichtet ist`,
  },
);
