import { words } from "../../foundation/words.ts";

export const programsWords = words(
  {
    title: "Signed-in programs",
    lead: "They use the tools of a published server as you, until you sign them out.",
    none: "You have not signed in any program to a published server.",
    at: (program: string, server: string) => `${program} at ${server}`,
    verified: (host: string) => `${host} stands for it`,
    unverified: "nobody stands for it",
    seen: "last seen",
    never: "never seen",
    signOut: "Sign out",
    signedOut: (program: string) => `${program} is signed out.`,
  },
  {
    title: "Angemeldete Programme",
    lead: "Sie nutzen die Werkzeuge eines veröffentlichten Servers in Ihrem Namen, bis Sie sie abmelden.",
    none: "Sie haben kein Programm an einem veröffentlichten Server angemeldet.",
    at: (program: string, server: string) => `${program} an ${server}`,
    verified: (host: string) => `bestätigt von ${host}`,
    unverified: "von niemandem bestätigt",
    seen: "zuletzt gesehen",
    never: "nie gesehen",
    signOut: "Abmelden",
    signedOut: (program: string) => `${program} ist abgemeldet.`,
  },
);
